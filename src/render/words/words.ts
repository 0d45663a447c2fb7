import type { Download, Message, MessageSection, RunLabel, SectionData } from "../../core/model/message.ts";
import { dayPart, shortDate, timeOfDay, timeOn, zoneName } from "../../core/words/moments.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import { isolatedLine, lineText } from "./cell-text.ts";
import { changesTally, kpiBrief } from "./show-words.ts";
import { type DataSection, hasData, rowsPhrase } from "./shown.ts";

/** The language of a message. */
export function phrasesOf({ run }: Pick<Message, "run">): Phrases {
  return phrasesIn(run.locale);
}

/** The tick in the report's own time: "Monday 16 November 2026, 08:00 EST". */
export function dueDate(run: RunLabel): string {
  const at = new Date(run.dueAt);
  const day = dayPart(at, run, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return phrasesIn(run.locale).dates.atTime(day, timeOfDay(at, run));
}

/** When what a notice tells of was due, or was noticed. */
export function noticeDate({ purpose, run }: Message): string {
  const { frame } = phrasesIn(run.locale);
  return purpose === "service" ? frame.noticed(dueDate(run)) : frame.due(dueDate(run));
}

/** "GMT", "EST": at the tick. */
export function timeZoneName(run: RunLabel): string {
  return zoneName(new Date(run.dueAt), run);
}

/** The last line of a message, in parts: which run it was. */
export function origin({ purpose, run }: Message): readonly string[] {
  const { frame } = phrasesIn(run.locale);
  if (purpose === "service") return ["Sent by lookpost itself"];
  return [
    frame.reportNamed(lineText(run.report, 150)),
    frame.run(lineText(run.id, 80)),
    frame.sentBy("lookpost"),
  ];
}

/** When Looker ran a section and whether its cache answered, without the day if that is the due day. */
export function freshness(data: SectionData, run: RunLabel): string {
  const { dates, frame } = phrasesIn(run.locale);
  const { day, time } = momentOf(data, run);
  const when = dates.moment(day, time);
  return data.fromCache === true ? frame.ranFromCache(when) : frame.ran(when);
}

function momentOf(
  { ranAt }: SectionData,
  run: RunLabel,
): { readonly day: string | null; readonly time: string } {
  const at = new Date(ranAt);
  const dayOf = (date: Date) =>
    dayPart(date, run, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const day = dayOf(at);
  return { day: day === dayOf(new Date(run.dueAt)) ? null : day, time: timeOfDay(at, run) };
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
function filterLine({ filters = [] }: SectionData, { frame }: Phrases): string {
  const shown = filters.slice(0, FILTERS_MAX).map((sentence) => lineText(sentence, FILTER_CHARS_MAX));
  const more = filters.length - shown.length;
  return [...shown, ...(more > 0 ? [frame.more(more, "filter")] : [])].join("; ");
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
  return old && shared !== null ? phrasesOf(message).frame.nothingNewer(shared) : null;
}

/**
 * What time a section covers where that is not said for all, what it was filtered by, and how old it is where it is old; "" if there is
 * nothing to add.
 */
export function ownTime(data: SectionData, message: Message): string {
  const isOld = isStale(data, message.run) && staleWords(message) === null;
  const period = data.period === undefined ? "" : lineText(data.period, 200);
  const age = isOld ? freshness(data, message.run) : "";
  return [period, filterLine(data, phrasesOf(message)), age].filter((words) => words !== "").join(" · ");
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
  const { frame } = phrasesOf(message);
  const all = message.sections.filter(hasData);
  const cached = all.filter(({ data }) => data.fromCache === true);
  const fresh = all.filter(({ data }) => data.fromCache !== true).map(({ data }) => data);
  const more = cached.length - CACHED_NAMED_MAX;
  return [
    ...(fresh.length === 0 ? [] : [ranFromTo(fresh, message.run)]),
    ...cached
      .slice(0, CACHED_NAMED_MAX)
      .map(({ title, data }) => frame.ofSection(lineText(title, 80), freshness(data, message.run))),
    ...(more > 0 ? [frame.moreFromCache(more)] : []),
  ];
}

/** "Run by Looker between 08:00 EST and 08:02 EST" */
function ranFromTo(all: readonly SectionData[], run: RunLabel): string {
  const { dates, frame } = phrasesIn(run.locale);
  const [first, ...others] = [...all].sort((a, b) => (a.ranAt < b.ranAt ? -1 : 1));
  const last = others.at(-1) ?? first;
  if (first === undefined || last === undefined) return "";
  const [from, to] = [momentOf(first, run), momentOf(last, run)].map(({ day, time }) =>
    day === null ? time : dates.dayTime(day, time),
  );
  return from === to ? freshness(first, run) : frame.ranBetween(from ?? "", to ?? "");
}

/** The tick, and how fresh the data is, for the foot: "Due Monday 16 November 2026, 08:00 EST", "Run by Looker at 08:00 EST". */
export function dueAndRead(message: Message): readonly string[] {
  return [phrasesOf(message).frame.due(dueDate(message.run)), ...readWords(message)];
}

/** A section's title on one line; null if it would only repeat the message's title. */
export function heading(section: MessageSection, message: Message): string | null {
  const repeats = message.sections.length === 1 && section.title === message.run.title;
  return repeats ? null : lineText(section.title, 200) || phrasesOf(message).frame.untitled;
}

/** "12,431 rows, 1.1 MB" */
export function fileDetails(
  { file, rows }: Message["artifacts"][number],
  { files, numbers }: Phrases,
): string {
  return files.details(rows, numbers.bytes(file.bytes));
}

/** "Delay by carrier: 12,431 rows", for a line that sums up the message. */
export function summary(section: MessageSection, phrases: Phrases): string {
  const title = isolatedLine(lineText(section.title, 120));
  if (section.data === null) return title;
  const { table, show, noun } = section.data;
  const said = (words: string) => phrases.frame.titled(title, words);
  if (show.kind === "kpi") return said(kpiBrief(show.kpi, phrases));
  if (show.kind === "changes") return said(changesTally(show.changes, phrases));
  return said(
    table.rowCount === 0 ? phrases.tables.noRows : rowsPhrase(table.rowCount, table, phrases, noun),
  );
}

/** When an earlier report was due: the day, with the time if this one is due on the same day. */
export function sinceWords(at: string, run: RunLabel): string {
  const day = shortDate(new Date(at), run);
  return day === shortDate(new Date(run.dueAt), run) ? timeOn(new Date(at), run) : day;
}

/** "12,431 rows, 21 MB, until 23 Nov 2026, 08:00 EST": of a file to download. */
export function downloadDetails({ rows: held, bytes: size, expiresAt }: Download, run: RunLabel): string {
  const { dates, files, numbers, tables } = phrasesIn(run.locale);
  const until = dates.until(timeOn(new Date(expiresAt), run));
  return files.facts([...(held === null ? [] : [tables.rowCount(held)]), numbers.bytes(size), until]);
}

/** At most `max` sentences of at most `charsMax` characters, each on one line; the others are only counted. */
export function notices(
  sentences: readonly string[],
  max: number,
  charsMax: number,
  { frame }: Phrases,
): string[] {
  const lines = sentences.slice(0, max).map((sentence) => lineText(sentence, charsMax));
  const more = sentences.length - lines.length;
  return more > 0 ? [...lines, frame.moreNotices(more)] : lines;
}

export function isAddress(owner: string): boolean {
  return /^[^\s@<>"']+@[^\s@<>"'.]+(?:\.[^\s@<>"'.]+)+$/.test(owner);
}
