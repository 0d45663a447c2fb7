import { destinationOrNull } from "../../app/destinations.ts";
import type { AttemptEnd, Delivery, Run } from "../../core/model/run.ts";
import { count } from "../../core/rules/quantity.ts";

/** What words about the ledger depend on apart from the ledger. */
export interface Scene {
  readonly now: Date;
  /** IANA name of the zone that times are shown in; undefined: this machine's. */
  readonly zone: string | undefined;
  /** How many tries the report's `retry:` allows; null where that is not known (any more). */
  readonly triesMax: number | null;
}

const RUN_WORDS: Readonly<Record<Run["state"], string>> = {
  planned: "planned",
  running: "running",
  waiting: "waiting",
  delivering: "delivering",
  delivered: "delivered",
  skipped: "skipped",
  missed: "missed",
  partly_failed: "partly failed",
  failed: "failed",
  cancelled: "cancelled",
  interrupted: "interrupted",
};

const END_WORDS: Readonly<Record<AttemptEnd, string>> = {
  done: "done",
  sent: "sent",
  refused: "refused",
  again: "failed for now",
  unknown: "may have been delivered",
  held: "held back, not tried",
  handed_back: "handed back: the worker was shut down",
  lost: "lost: the worker died, or was suspended for too long",
  unsubscribed: "not sent: its recipients have unsubscribed",
  cancelled: "cancelled",
};

/** A run's state in a word or two. */
export function runWord(run: Pick<Run, "state" | "endedAt" | "cancelAskedAt" | "kind">): string {
  if (run.kind === "file") return run.state === "failed" ? "broken" : "whole again";
  const isBeingCancelled = run.cancelAskedAt !== null && run.endedAt === null;
  return isBeingCancelled ? "being cancelled" : RUN_WORDS[run.state];
}

/** A delivery's state in words a person can act on; for one that waits, with the reason and the next try. */
export function deliveryWord(delivery: Delivery, scene: Scene): string {
  switch (delivery.state) {
    case "pending":
      return delivery.attempts === 0 ? "not yet tried" : "to be sent again";
    case "sending":
      return delivery.isUncertain && destinationOrNull(delivery.kind)?.words.looksUp !== false
        ? "being looked up: it may have been delivered"
        : "being sent";
    case "waiting":
      return waitingWords(delivery, scene);
    case "sent":
      return delivery.refused.length === 0 ? "sent" : `sent, but ${refusedFor(delivery)}`;
    case "refused":
      return "refused";
    case "gave_up":
      return "given up";
    case "unknown":
      return "unknown: it may have been delivered";
    case "unsubscribed":
      return "not sent: all of its recipients have unsubscribed";
    case "cancelled":
      return "cancelled before it was sent";
  }
}

function waitingWords(delivery: Delivery, scene: Scene): string {
  if (delivery.isUncertain) {
    const isLookedUp = destinationOrNull(delivery.kind)?.words.looksUp !== false;
    const next = isLookedUp ? "lookpost looks it up" : "it cannot be looked up, and is sent again";
    return `may have been delivered: ${next} ${atTime(delivery.nextAt, scene)}`;
  }
  const some =
    delivery.remaining === null ? "" : `, for ${count(delivery.remaining.length)} of its recipients`;
  return `waiting${some}: ${[...clauses(delivery.reason), nextTry(delivery, scene)].join("; ")}`;
}

/** "next try Mon 08:05 (try 2 of 6)". */
export function nextTry({ nextAt, tries }: Pick<Run, "nextAt" | "tries">, scene: Scene): string {
  const of = scene.triesMax === null ? "" : ` of ${scene.triesMax}`;
  return `next try ${atTime(nextAt, scene, "")} (try ${tries + 1}${of})`;
}

/** "at 08:05", or "now" for what is due already. */
function atTime(date: Date | null, { now, zone }: Scene, at = "at "): string {
  return date === null || date <= now ? "now" : `${at}${shortTime(date, now, zone)}`;
}

/** How an attempt ended, or that it has not. */
export function endWord(end: AttemptEnd | null): string {
  return end === null ? "under way" : END_WORDS[end];
}

/** "host:123:start" as a person says it. */
export function ownerWords(owner: string): string {
  const [, host, pid] = /^(.+):(\d+):[^:]+$/.exec(owner) ?? [];
  return host === undefined ? owner : `process ${pid} on ${host}`;
}

/** A sentence made a part of another one; none for null. */
export function clauses(sentence: string | null): readonly string[] {
  return sentence === null || sentence === "" ? [] : [sentence.replace(/\.$/, "")];
}

/** Delivered, or rightly not sent. A run that has not ended has not ended well. */
export function endedWell(run: Run): boolean {
  return run.state === "delivered" || run.state === "skipped";
}

function refusedFor({ kind, refused }: Pick<Delivery, "kind" | "refused">): string {
  const many = count(refused.length);
  const isOfFiles = destinationOrNull(kind)?.words.refusals === "files";
  return isOfFiles ? `without ${many} of its files` : `refused for ${many} of its recipients`;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Within so many days a weekday's name is not ambiguous. */
const WEEKDAY_DAYS_MAX = 6;

/** A moment as a person says it, in a zone (undefined: this machine's): "08:05" today, "Mon 08:05" in the days around, else "2026-11-30 08:05". */
export function shortTime(date: Date, now: Date, zone: string | undefined): string {
  const [day, time] = exactTime(date, zone).slice(0, "2026-11-16 08:00".length).split(" ");
  if (exactTime(now, zone).startsWith(`${day} `)) return `${time}`;
  if (Math.abs(date.getTime() - now.getTime()) > WEEKDAY_DAYS_MAX * DAY_MS) return `${day} ${time}`;
  return `${new Intl.DateTimeFormat("en-US", { timeZone: zone, weekday: "short" }).format(date)} ${time}`;
}

/** "2026-11-16 08:00:03". */
export function exactTime(date: Date, zone: string | undefined): string {
  // Sweden writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  return format.format(date);
}
