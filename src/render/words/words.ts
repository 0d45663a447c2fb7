import type { Download, Message, MessageSection, RunLabel, SectionData } from "../../core/model/message.ts";
import { bytes, count, rows } from "../../core/rules/quantity.ts";
import { isolatedLine, lineText } from "./cell-text.ts";
import { changesTally, kpiBrief } from "./show-words.ts";
import { type DataSection, hasData, rowsPhrase } from "./shown.ts";

/** The tick in the report's own time: "Monday 16 November 2026, 08:00 EST". */
export function dueDate(run: RunLabel): string {
  const at = new Date(run.dueAt);
  const day = part(at, run.timezone, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return `${day}, ${timeOfDay(at, run.timezone)}`;
}

/** When what a notice tells of was due, or was noticed. */
export function noticeDate({ purpose, run }: Message): string {
  return `${purpose === "service" ? "Noticed" : "Due"} ${dueDate(run)}`;
}

/** "GMT", "EST": at the tick. */
export function timeZoneName(run: RunLabel): string {
  return zoneName(new Date(run.dueAt), run.timezone);
}

/** The last line of a message, in parts: which run it was. */
export function origin({ purpose, run }: Message): readonly string[] {
  if (purpose === "service") return ["Sent by lookpost itself"];
  return [`Report ${lineText(run.report, 150)}`, `run ${lineText(run.id, 80)}`, "sent by lookpost"];
}

/** When Looker ran a section and whether its cache answered, without the day if that is the due day. */
export function freshness(data: SectionData, run: RunLabel): string {
  const when = momentOf(data, run);
  return data.fromCache === true ? `From Looker’s cache, run ${when}` : `Run by Looker ${when}`;
}

function momentOf({ ranAt }: SectionData, run: RunLabel): string {
  const at = new Date(ranAt);
  const day = (date: Date) =>
    part(date, run.timezone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const time = timeOfDay(at, run.timezone);
  return day(at) === day(new Date(run.dueAt)) ? `at ${time}` : `on ${day(at)} at ${time}`;
}

/** The freshness that all sections share; null if they differ. */
export function sharedFreshness(message: Message): string | null {
  const each = message.sections.flatMap(({ data }) => (data === null ? [] : [freshness(data, message.run)]));
  const [first] = each;
  return first !== undefined && each.every((words) => words === first) ? first : null;
}

const FILTERS_MAX = 10;
const FILTER_CHARS_MAX = 200;

/** "Created Date is in the last 12 weeks; Status is complete"; "" where that is not to be said. */
function filterLine({ filters = [] }: SectionData): string {
  const shown = filters.slice(0, FILTERS_MAX).map((sentence) => lineText(sentence, FILTER_CHARS_MAX));
  const more = filters.length - shown.length;
  return [...shown, ...(more > 0 ? [`${howManyMore(more, "filter")}`] : [])].join("; ");
}

/** Data this much older than the report was due are not what readers expect. */
const STALE_MS = 6 * 3_600_000;

function isStale({ ranAt }: SectionData, { dueAt }: RunLabel): boolean {
  return Date.parse(dueAt) - Date.parse(ranAt) > STALE_MS;
}

/** When the data are from, if all of them are old alike, which is said ahead of them; null if they are not. */
export function staleWords(message: Message): string | null {
  const old = message.sections.flatMap(({ data }) => data ?? []).every((data) => isStale(data, message.run));
  const shared = sharedFreshness(message);
  return old && shared !== null ? `${shared}: nothing newer was to be had.` : null;
}

/**
 * What time a section covers where that is not said for all, what it was filtered by, and how old it is where it is old; "" if there is
 * nothing to add.
 */
export function ownTime(data: SectionData, message: Message): string {
  const isOld = isStale(data, message.run) && staleWords(message) === null;
  const period = data.period === undefined ? "" : lineText(data.period, 200);
  const age = isOld ? freshness(data, message.run) : "";
  return [period, filterLine(data), age].filter((words) => words !== "").join(" · ");
}

/** What is so said of several sections alike, once for all of them; null where they differ. */
export function sharedTime(sections: readonly DataSection[], message: Message): string | null {
  const [first, ...others] = sections.map(({ data }) => ownTime(data, message));
  return first !== undefined && others.every((words) => words === first) ? first : null;
}

const CACHED_NAMED_MAX = 4;

/** For the foot: when Looker ran what the message shows, and which of it is out of its cache. */
export function readWords(message: Message): readonly string[] {
  const shared = sharedFreshness(message);
  if (shared !== null) return [shared];
  const all = message.sections.filter(hasData);
  const cached = all.filter(({ data }) => data.fromCache === true);
  const fresh = all.filter(({ data }) => data.fromCache !== true).map(({ data }) => data);
  const more = cached.length - CACHED_NAMED_MAX;
  return [
    ...(fresh.length === 0 ? [] : [ranFromTo(fresh, message.run)]),
    ...cached
      .slice(0, CACHED_NAMED_MAX)
      .map(({ title, data }) => `${lineText(title, 80)}: ${uncapitalised(freshness(data, message.run))}`),
    ...(more > 0 ? [`${count(more)} more from Looker’s cache`] : []),
  ];
}

/** "Run by Looker between 08:00 EST and 08:02 EST" */
function ranFromTo(all: readonly SectionData[], run: RunLabel): string {
  const [first, ...others] = [...all].sort((a, b) => (a.ranAt < b.ranAt ? -1 : 1));
  const last = others.at(-1) ?? first;
  if (first === undefined || last === undefined) return "";
  const [from, to] = [momentOf(first, run), momentOf(last, run)];
  return from === to ? freshness(first, run) : `Run by Looker between ${bare(from)} and ${bare(to)}`;
}

function bare(moment: string): string {
  return moment.replace(/^(at|on) /, "");
}

function uncapitalised(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** The tick, and how fresh the data is, for the foot: "Due Monday 16 November 2026, 08:00 EST", "Run by Looker at 08:00 EST". */
export function dueAndRead(message: Message): readonly string[] {
  return [`Due ${dueDate(message.run)}`, ...readWords(message)];
}

/** A section's title on one line; null if it would only repeat the message's title. */
export function heading(section: MessageSection, message: Message): string | null {
  const repeats = message.sections.length === 1 && section.title === message.run.title;
  return repeats ? null : lineText(section.title, 200) || "Untitled";
}

/** "delays.csv (12,431 rows, 1.1 MB)" */
export function fileDetails(artifact: Message["artifacts"][number]): string {
  const size = bytes(artifact.file.bytes);
  return artifact.rows === null ? size : `${rows(artifact.rows)}, ${size}`;
}

/** "Delay by carrier: 12,431 rows", for a line that sums up the message. */
export function summary(section: MessageSection): string {
  const title = isolatedLine(lineText(section.title, 120));
  if (section.data === null) return title;
  const { table, show, noun } = section.data;
  if (show.kind === "kpi") return `${title}: ${kpiBrief(show.kpi)}`;
  if (show.kind === "changes") return `${title}: ${changesTally(show.changes)}`;
  return `${title}: ${table.rowCount === 0 ? "no rows" : rowsPhrase(table.rowCount, table, noun)}`;
}

/** "16 Nov 2026, 08:00 EST", in the report's own time. */
export function timeOn(at: Date, run: RunLabel): string {
  return `${shortDate(at.toISOString(), run)}, ${timeOfDay(at, run.timezone)}`;
}

/** "9 Nov 2026" in the report's own time. */
function shortDate(at: string, run: RunLabel): string {
  return part(new Date(at), run.timezone, { day: "numeric", month: "short", year: "numeric" });
}

/** When an earlier report was due: the day, with the time if this one is due on the same day. */
export function sinceWords(at: string, run: RunLabel): string {
  const day = shortDate(at, run);
  return day === shortDate(run.dueAt, run) ? `${day}, ${timeOfDay(new Date(at), run.timezone)}` : day;
}

/** "12,431 rows, 21 MB, until 23 Nov 2026, 08:00 EST": of a file to download. */
export function downloadDetails({ rows: held, bytes: size, expiresAt }: Download, run: RunLabel): string {
  const until = `until ${shortDate(expiresAt, run)}, ${timeOfDay(new Date(expiresAt), run.timezone)}`;
  return [...(held === null ? [] : [rows(held)]), bytes(size), until].join(", ");
}

/** At most `max` sentences of at most `charsMax` characters, each on one line; the others are only counted. */
export function notices(sentences: readonly string[], max: number, charsMax: number): string[] {
  const lines = sentences.slice(0, max).map((sentence) => lineText(sentence, charsMax));
  const more = sentences.length - lines.length;
  if (more > 0) lines.push(`And ${howManyMore(more, "notice")}.`);
  return lines;
}

/** "1 more file", "12 more files": what a shortened list leaves out. */
export function howManyMore(number: number, thing: string): string {
  return `${count(number)} more ${thing}${number === 1 ? "" : "s"}`;
}

/** "2 of 31 shown": for a shortened list. */
export function shownOf(shown: number, all: number): string {
  return `${count(shown)} of ${count(all)} shown`;
}

/** "1 more section does not fit into this message." */
export function noRoomFor(sections: number): string {
  return `${howManyMore(sections, "section")} ${sections === 1 ? "does" : "do"} not fit into this message.`;
}

export function isAddress(owner: string): boolean {
  return /^[^\s@<>"']+@[^\s@<>"'.]+(?:\.[^\s@<>"'.]+)+$/.test(owner);
}

// Each locale knows the short names of its own zones (EST, CET, AEDT) and calls the others "GMT+1".
const ZONE_LOCALES = ["en-US", "en-GB", "en-AU", "en-NZ", "en-IN", "en-ZA", "en-CA"];

function timeOfDay(at: Date, timezone: string): string {
  const clock = part(at, timezone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return `${clock} ${zoneName(at, timezone)}`;
}

function zoneName(at: Date, timezone: string): string {
  const names = ZONE_LOCALES.map((locale) => {
    const parts = formatter(locale, { timeZone: timezone, timeZoneName: "short" }).formatToParts(at);
    return parts.find((piece) => piece.type === "timeZoneName")?.value ?? timezone;
  });
  return names.find((name) => !/^(GMT|UTC)[+-]/.test(name)) ?? names[0] ?? timezone;
}

function part(at: Date, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  return formatter("en-GB", { ...options, timeZone })
    .format(at)
    .replace(/^(\w+), /, "$1 ");
}

// Making one takes a hundred times as long as using it; there are as many as there are time zones in use.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(key, known);
  return known;
}
