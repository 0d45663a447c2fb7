import { randomUUID } from "node:crypto";
import type { WebClient } from "@slack/web-api";
import { ReportError } from "../../../core/error.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import { failureOf, slackErrorCode } from "../outcome.ts";
import type { Kept, KeptList, Reading } from "./kept-list.ts";
import { ALL, type ListPage, listPage, PUBLIC } from "./list-page.ts";

/** 25 minutes of them, at Slack's 20 a minute. */
const PAGES_MAX = 500;
const CHANNELS_MAX = 200_000;
/** One that goes on for longer is cut: it began with what was so when it began. */
const READING_MS_MAX = 45 * 60_000;
/** One that was left in the middle is read on for so long after its last page. */
const OPEN_MS = 30 * 60_000;
/** Whether a name is missing is known for so long: a person who reads that it is may be making the channel. */
const ABSENT_MS = 60_000;
/** Of a list that took minutes to read, for longer. */
const LONG_PAGES = 20;
const LONG_ABSENT_MS = 5 * 60_000;
/** A reader that says nothing for so long is gone: longer than a call of Slack's Web API may take. */
const TURN_MS = 40_000;
/** How often the progress of another worker's reading is looked at. */
const WATCH_MS = 2_000;
/** What Slack asks to wait between two pages is waited out; a longer one ends the attempt, which a later one takes up. */
const PAUSE_MS_MAX = 90_000;
const PAUSE_MS_MIN = 1_000;
const QUIET_MS_MAX = 3_600_000;
/** A cursor that Slack does not know any more sets the reading back to its beginning so often. */
const BEGINNINGS_MAX = 3;

/** How long ago the reading's last page came. */
export function lastPageMs({ reading, ageMs }: Kept): number {
  return reading.sincePageMs + ageMs;
}

/** Whether it says all there is to say: it has ended, and lately. */
export function isRecent(kept: Kept): boolean {
  const { end, pages } = kept.reading;
  return end !== "open" && lastPageMs(kept) <= (pages > LONG_PAGES ? LONG_ABSENT_MS : ABSENT_MS);
}

/** Whether a channel in it may be used: what it read minutes ago in the same go counts. */
export function isUsable(kept: Kept): boolean {
  return isRecent(kept) || (kept.reading.end === "open" && lastPageMs(kept) <= OPEN_MS);
}

/** Whether it was begun because this channel was not what the one before had said: then what it says now is so. */
export function isReread(kept: Kept, id: string): boolean {
  return isRecent(kept) && kept.reading.distrusted.includes(id);
}

const DISTRUSTED_MAX = 20;

export function beginning(before: Kept | null, distrusted: string | null): Reading {
  const open = before?.reading.end === "open" ? before.reading.distrusted : [];
  return {
    id: randomUUID(),
    shelf: before?.reading.shelf === 0 ? 1 : 0,
    types: ALL,
    cursor: "",
    pages: 0,
    parts: 0,
    channels: 0,
    end: "open",
    beginnings: 0,
    distrusted: distrusted === null ? [] : [...open, distrusted].slice(-DISTRUSTED_MAX),
    reader: "",
    quietMs: 0,
    tookMs: 0,
    sincePageMs: 0,
  };
}

export interface ReaderDeps {
  readonly list: KeptList;
  readonly client: () => WebClient;
  readonly clock: Clock;
  /** Of this process. */
  readonly reader: string;
  /** The destination is closed. */
  readonly stop: AbortSignal;
  /** Slack wants a pause, which is waited out. */
  readonly pausing: () => void;
}

/** What a step was: one of ours, or another worker is at it and was watched for a moment. */
export type Step = "ours" | "watched";

/** One step towards the end of the list, from where it is. Rejects with the client's errors, and with what Slack asks to wait. */
export async function readOn(deps: ReaderDeps): Promise<Step> {
  const { list, reader, clock, stop } = deps;
  const { kept, version } = await list.refresh();
  const quietMs = kept === null || kept.reading.reader === reader ? 0 : kept.reading.quietMs - kept.ageMs;
  if (kept !== null && quietMs > 0 && isUsable(kept)) {
    if (kept.reading.reader === "" && quietMs > PAUSE_MS_MAX) throw limited(quietMs);
    await clock.sleep(Math.min(WATCH_MS, quietMs), stop);
    return "watched";
  }
  const goesOn = kept !== null && kept.reading.end === "open" && isUsable(kept);
  const reading = aged(goesOn ? kept : { reading: beginning(kept, null), version, ageMs: 0 });
  const isOurs = goesOn && kept.reading.reader === reader && kept.ageMs < TURN_MS / 4;
  const turn = isOurs ? version : await list.write({ ...reading, reader, quietMs: TURN_MS }, version);
  if (turn === null) return "ours";
  return readPage({ reading, version: turn, ageMs: 0 }, deps);
}

/** With the time that has passed since it was written. */
function aged({ reading, ageMs }: Kept): Reading {
  return { ...reading, tookMs: reading.tookMs + ageMs, sincePageMs: reading.sincePageMs + ageMs };
}

async function readPage(turn: Kept, deps: ReaderDeps): Promise<Step> {
  const { list, client, clock } = deps;
  const { reading, version } = turn;
  const beganMs = clock.now().getTime();
  const passedMs = () => Math.max(0, clock.now().getTime() - beganMs);
  let page: ListPage;
  try {
    page = await listPage(client(), reading);
  } catch (thrown) {
    return afterFailure(thrown, turn, deps);
  }
  const pages = reading.pages + 1;
  const tookMs = reading.tookMs + passedMs();
  const channels = reading.channels + page.channels.length;
  const isCut =
    page.next === reading.cursor || pages >= PAGES_MAX || channels >= CHANNELS_MAX || tookMs > READING_MS_MAX;
  const end = page.next === "" ? "whole" : isCut ? "cut" : "open";
  const next: Reading = {
    ...reading,
    ...{ pages, tookMs, end, cursor: page.next, sincePageMs: 0 },
    // The next page is this reader's too, unless it is not heard of again.
    ...(end === "open" ? { reader: deps.reader, quietMs: TURN_MS } : { reader: "", quietMs: 0 }),
  };
  await list.write(next, version, page.channels);
  return "ours";
}

/** A page that did not come: Slack's pause is waited out, where that helps; what does not help is thrown, and the turn is over. */
async function afterFailure(thrown: unknown, turn: Kept, deps: ReaderDeps): Promise<Step> {
  const { reading, version } = turn;
  const { list, reader, clock, stop, pausing } = deps;
  const code = slackErrorCode(thrown);
  if (code === "missing_scope" && reading.types === ALL) {
    await list.write({ ...reading, types: PUBLIC }, version);
    return "ours";
  }
  if (code === "invalid_cursor") {
    const { distrusted, tookMs, types } = reading;
    const isLast = reading.beginnings >= BEGINNINGS_MAX;
    const beginnings = isLast ? 0 : reading.beginnings + 1;
    await list.write({ ...beginning(turn, null), distrusted, tookMs, types, beginnings }, version);
    if (isLast) throw cursorless(thrown);
    return "ours";
  }
  const pauseMs = pauseOf(thrown);
  if (stop.aborted || pauseMs === null || pauseMs > PAUSE_MS_MAX) {
    const quietMs = Math.min(pauseMs ?? 0, QUIET_MS_MAX);
    await list.write({ ...reading, reader: "", quietMs }, version);
    throw thrown;
  }
  await list.write({ ...reading, reader, quietMs: pauseMs + TURN_MS }, version);
  pausing();
  await clock.sleep(pauseMs, stop);
  return "ours";
}

/** How long Slack asks to wait, in milliseconds; null where it is something else that went wrong. */
function pauseOf(thrown: unknown): number | null {
  const failure = failureOf(thrown, false, "");
  if (failure.kind !== "again" || failure.isServerOut || failure.afterMs === undefined) return null;
  return Math.max(PAUSE_MS_MIN, failure.afterMs);
}

/** What another worker was told, this one need not ask again. */
function limited(quietMs: number): ReportError {
  return new ReportError("Slack asks to slow down (ratelimited).", {
    code: "rate_limited",
    retryable: true,
    retryAfterMs: quietMs,
  });
}

function cursorless(cause: unknown): ReportError {
  return new ReportError("Slack calls the cursors of its own list of channels invalid (invalid_cursor).", {
    code: "protocol",
    retryable: true,
    advice: 'Write the channel\'s id in place of its name ("C0123ABC").',
    cause,
  });
}
