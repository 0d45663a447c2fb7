import { Temporal } from "temporal-polyfill";
import type { Report } from "../../core/model/report.ts";
import { showLocal } from "../../core/rules/due.ts";
import { count } from "../../core/rules/quantity.ts";

const NAMED_MAX = 5;

/** What is no mistake, and may not be what was meant: how `check` reads schedules that people read in two ways. */
export function scheduleNotes(
  reports: readonly Pick<Report, "name" | "schedule">[],
  texts: readonly { readonly file: string; readonly text: string }[],
): string[] {
  const both = reports.filter(({ schedule }) => namesBothDays(schedule.cron));
  return [...bothDaysNote(both), ...texts.flatMap(({ file, text }) => hiddenWeeks(file, text))];
}

function bothDaysNote(both: readonly Pick<Report, "name" | "schedule">[]): string[] {
  const [first] = both;
  if (first === undefined) return [];
  const names = both.slice(0, NAMED_MAX).map(({ name, schedule }) => `${name} (${schedule.cron})`);
  const more = both.length > NAMED_MAX ? ` and ${count(both.length - NAMED_MAX)} more` : "";
  return [
    `Note: day of the month and day of the week are both given, and either is enough, as in cron: ${names.join(", ")}${more}. For the first Monday of a month write mon#1 as the day of the week; \`lookpost next\` lists the ticks.`,
  ];
}

/** A field that begins with * does not name days of its own. */
function namesBothDays(cron: string): boolean {
  const [, , day = "*", , weekday = "*"] = cron.split(" ");
  return [day, weekday].every((field) => !field.startsWith("*") && field !== "?");
}

/** `schedule: 0 8 * * mon #1`: to YAML the # begins a comment, and the report comes every Monday. */
function hiddenWeeks(file: string, text: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const hash = line.search(/\s#\s?[1-5]\s*$/);
    if (hash < 0) return [];
    const written = /^\s*(?:-\s+)?(?:schedule|cron):\s(.*)$/.exec(line.slice(0, hash))?.[1];
    const crontab = written?.trim().replace(/^["']|["']$/g, "");
    if (crontab === undefined || !/^(?:\S+\s+){4}[a-z0-7]+$/i.test(crontab)) return [];
    const week = line.trimEnd().at(-1);
    return [
      `${file}:${index + 1}: note: the # begins a comment, so the schedule is "${crontab}", every week. If you mean the ${ordinal(week)} of a month, write "${crontab}#${week}", without the blank and in quotes.`,
    ];
  });
}

function ordinal(week: string | undefined): string {
  return ["first", "second", "third", "fourth", "fifth"][Number(week) - 1] ?? "";
}

/** The changes of the clock between two moments, in the zones of the reports, and what they do to ticks. */
export function clockChanges(
  reports: readonly Pick<Report, "schedule">[],
  from: Date,
  until: Date,
): string[] {
  const zones = [...new Set(reports.map(({ schedule }) => schedule.timezone))];
  return zones.flatMap((zone) => changesIn(zone, from, until).map((at) => changeWords(zone, at)));
}

function changesIn(zone: string, from: Date, until: Date): Date[] {
  const changes: Date[] = [];
  let moment: Temporal.ZonedDateTime | null = at(zone, from);
  for (;;) {
    moment = moment.getTimeZoneTransition("next");
    if (moment === null || moment.epochMilliseconds > until.getTime()) return changes;
    changes.push(new Date(moment.epochMilliseconds));
  }
}

function at(zone: string, date: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(zone);
}

function changeWords(zone: string, change: Date): string {
  const last = showLocal(new Date(change.getTime() - 60_000), zone);
  const first = showLocal(change, zone);
  const isSkip =
    at(zone, change).offsetNanoseconds > at(zone, new Date(change.getTime() - 1)).offsetNanoseconds;
  const rule = isSkip
    ? `ticks at the times skipped come at ${first.slice(15, 20)}, once`
    : "ticks in the hours repeated come once, the first time; where the hours follow * or a step, each time";
  return `The clocks of ${zone} change: ${last} is followed by ${first}; ${rule}.`;
}
