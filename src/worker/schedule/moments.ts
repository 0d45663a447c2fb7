import { type Crontab, fallsOn, goesByElapsedTime } from "./crontab.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** No local day begins or ends further than this from the same day in UTC: zones lie between -12 and +14 h. */
const ZONE_SPAN_MS = 15 * HOUR_MS;

/** The moments at which a crontab is due on one local day, in milliseconds since 1970. */
export interface DayMoments {
  /** Ascending. */
  readonly at: readonly number[];
  /** No later local day has one before this, and no earlier local day has one at or after `earlierEnd`. */
  readonly laterBegin: number;
  readonly earlierEnd: number;
}

/**
 * Around a change of the zone's offset:
 * - A repeated local time is due the first time; where its hour follows `*` or a step, each time.
 * - What was due at skipped local times is due right after the gap, once. Hours that follow `*` or a step need that only where
 *   nothing is due anyway within as much time as was skipped.
 */
export function momentsOn(crontab: Crontab, zone: Intl.DateTimeFormat, day: number): DayMoments {
  const midnight = day * DAY_MS;
  const change = changeWithin(zone, midnight - ZONE_SPAN_MS, midnight + DAY_MS + ZONE_SPAN_MS);
  const { at, skipped } = onTheClock(crontab, change, day);
  if (skipped === "named" || (skipped === "open" && !isMadeUpFor(crontab, change, day))) {
    if (!at.includes(change.at)) at.push(change.at);
  }
  return {
    at: at.sort((a, b) => a - b),
    laterBegin: midnight + DAY_MS - Math.max(change.offsetBeforeMs, change.offsetAfterMs),
    earlierEnd: midnight - Math.min(change.offsetBeforeMs, change.offsetAfterMs),
  };
}

interface OnTheClock {
  readonly at: number[];
  /** Whether local times of hours that are named, or only of others, were skipped. */
  readonly skipped: "named" | "open" | null;
}

function onTheClock(crontab: Crontab, change: Change, day: number): OnTheClock {
  const at: number[] = [];
  let skipped: OnTheClock["skipped"] = null;
  for (const minute of crontab.minutes) {
    const local = day * DAY_MS + minute * MINUTE_MS;
    const before = local - change.offsetBeforeMs;
    const after = local - change.offsetAfterMs;
    const isOpen = goesByElapsedTime(crontab, minute);
    if (before < change.at) at.push(before);
    if (after >= change.at && (before >= change.at || isOpen)) at.push(after);
    if (before >= change.at && after < change.at && skipped !== "named") skipped = isOpen ? "open" : "named";
  }
  return { at, skipped };
}

/** Whether something is due within as much time after the gap as it skipped; the gap may end on the next local day. */
function isMadeUpFor(crontab: Crontab, change: Change, day: number): boolean {
  const end = change.at + change.offsetAfterMs - change.offsetBeforeMs;
  return [day, day + 1]
    .filter((one) => fallsOn(crontab, one))
    .some((one) => onTheClock(crontab, change, one).at.some((at) => at >= change.at && at < end));
}

interface Change {
  /** The first moment of the new offset. */
  readonly at: number;
  readonly offsetBeforeMs: number;
  readonly offsetAfterMs: number;
}

/** The change of the zone's offset between two moments; no zone has had two in so short a time since there are whole-minute offsets. */
function changeWithin(zone: Intl.DateTimeFormat, from: number, to: number): Change {
  const offsetBeforeMs = offsetMs(zone, from);
  const offsetAfterMs = offsetMs(zone, to);
  if (offsetBeforeMs === offsetAfterMs) return { at: to, offsetBeforeMs, offsetAfterMs };
  let before = from / MINUTE_MS;
  let after = to / MINUTE_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMs(zone, middle * MINUTE_MS) === offsetBeforeMs) before = middle;
    else after = middle;
  }
  return { at: after * MINUTE_MS, offsetBeforeMs, offsetAfterMs };
}

/** The local day of a moment, counted from 1970-01-01. */
export function localDay(zone: Intl.DateTimeFormat, at: number): number {
  return Math.floor((at + offsetMs(zone, at)) / DAY_MS);
}

/** Reads "11/21/2026, GMT-05:00"; "GMT" alone is none. */
function offsetMs(zone: Intl.DateTimeFormat, at: number): number {
  const match = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(zone.format(at));
  if (!match) return 0;
  const [, sign, hours, minutes, seconds] = match;
  const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds ?? 0) * 1000;
  return sign === "-" ? -size : size;
}
