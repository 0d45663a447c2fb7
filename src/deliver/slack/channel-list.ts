import type { WebClient } from "@slack/web-api";
import type { Clock } from "../../core/ports/clock.ts";
import { abortable } from "../../core/rules/abortable.ts";
import { flag, foreign, list, optional, shape, text } from "./answer.ts";
import { call } from "./client.ts";
import { failureOf, slackErrorCode } from "./outcome.ts";

/** A channel as Slack listed it. */
export interface Listed {
  readonly id: string;
  /** When, in milliseconds. */
  readonly at: number;
}

/** What the whole list says of a name. `isCut`: there was more of it than lookpost reads. */
export type Search =
  | ({ readonly kind: "listed" } & Listed)
  | { readonly kind: "absent"; readonly names: readonly string[]; readonly isCut: boolean };

/**
 * The workspace's channels by name, read page by page by the deliveries that look for one. All deliveries read the same list: what one of them
 * has read the others need not, and one that is stopped leaves the place where the next goes on. A workspace of 27,000 channels has up
 * to 270 pages, and Slack allows 20 calls a minute.
 */
export interface ChannelList {
  /** What is already read, without a call. */
  peek(name: string): Listed | null;
  /** Reads on until the name is found. Rejects with the client's errors, and with the signal's reason. */
  search(name: string, signal: AbortSignal): Promise<Search>;
  /** The name has another channel by now: the list is read again from its beginning. */
  distrust(name: string, id: string): void;
}

export interface ChannelListDeps {
  readonly clock: Clock;
  readonly clientFor: (signal: AbortSignal) => WebClient;
}

/** Slack advises at most 200, and takes fewer than 1,000; a large page spares calls. It may be given fewer all the same. */
const PAGE_ROWS = 999;
/** 25 minutes of them, at Slack's 20 a minute. */
const PAGES_MAX = 500;
/** A list that was read to its end is used for so long: channels come, go and change their names. */
const WHOLE_MS = 5 * 60_000;
/** Whether a name is missing is not known for as long: a person who reads that it is may be making the channel. */
const ABSENT_MS = 60_000;
/** One that was left in the middle is read on for so long after its last page: the waits between tries are of this size. */
const OPEN_MS = 30 * 60_000;
/** What Slack asks to wait between two pages is waited out; a longer one ends the attempt, which a later one takes up. */
const PAUSE_MS_MAX = 90_000;
const PAUSE_MS_MIN = 1_000;
/** All pauses of one search. */
const PATIENCE_MS = 30 * 60_000;

interface Reading {
  /** Private channels are left out for a token that may not see them: it is right to have where no report goes to one. */
  types: string;
  cursor: string | undefined;
  pages: number;
  readonly listed: Map<string, Listed>;
  end: "open" | "whole" | "cut";
  /** When its latest page came. */
  at: number;
  /** The page that is being read, for all who wait for it. */
  page: SharedCall | null;
}

export function channelList({ clock, clientFor }: ChannelListDeps): ChannelList {
  let current: Reading | null = null;
  const now = () => clock.now().getTime();

  /** The one to read on in. `since`: an end that was reached before says nothing of what is missing. */
  function reading(since: number): Reading {
    const kept = current;
    if (kept !== null && kept.end === "open" && now() - kept.at <= OPEN_MS) return kept;
    if (kept !== null && kept.end !== "open" && kept.at >= since - ABSENT_MS) return kept;
    current = beginning(now());
    return current;
  }

  /** Reads one page; a cursor that Slack no longer knows, or a scope that is missing, sets the reading back to its beginning. */
  async function readPage(list: Reading, signal: AbortSignal): Promise<void> {
    const { types, cursor } = list;
    try {
      const args = { types, exclude_archived: true, limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) };
      const answer = await call(clientFor(signal), "conversations.list", args, channelPage);
      take(list, answer, now());
    } catch (thrown) {
      const code = slackErrorCode(thrown);
      if (code === "missing_scope" && types === ALL) list.types = PUBLIC;
      else {
        if (code === "invalid_cursor" && current === list) current = null;
        throw thrown;
      }
    }
  }

  function nextPage(list: Reading, signal: AbortSignal): Promise<void> {
    list.page ??= sharedCall(
      (stop) => readPage(list, stop),
      (ended) => {
        if (list.page === ended) list.page = null;
      },
    );
    return list.page.join(signal);
  }

  return {
    peek(name) {
      if (current !== null && now() - current.at > (current.end === "open" ? OPEN_MS : WHOLE_MS))
        current = null;
      return current?.listed.get(name) ?? null;
    },
    async search(name, signal) {
      const since = now();
      const patience = patient(clock);
      for (;;) {
        signal.throwIfAborted();
        const list = reading(since);
        const found = list.listed.get(name);
        if (found !== undefined) return { kind: "listed", ...found };
        if (list.end !== "open")
          return { kind: "absent", names: [...list.listed.keys()], isCut: list.end === "cut" };
        await nextPage(list, signal).catch((thrown: unknown) => patience(thrown, signal));
      }
    },
    distrust(name, id) {
      if (current?.listed.get(name)?.id === id) current = null;
    },
  };
}

const PUBLIC = "public_channel";
const ALL = "public_channel,private_channel";

function beginning(at: number): Reading {
  return { types: ALL, cursor: undefined, pages: 0, listed: new Map(), end: "open", at, page: null };
}

const channelPage = shape({
  // One that is not as documented is no reason to find none of the others.
  channels: list(foreign(shape({ id: text, name: text, is_archived: optional(foreign(flag)) }))),
  response_metadata: foreign(shape({ next_cursor: foreign(text) })),
});

function take(list: Reading, answer: ReturnType<typeof channelPage>, at: number): void {
  for (const channel of answer.channels) {
    if (channel === undefined || channel.is_archived === true) continue;
    list.listed.set(channel.name.normalize(), { id: channel.id, at });
  }
  const next = answer.response_metadata?.next_cursor;
  list.pages += 1;
  list.at = at;
  if (!next) list.end = "whole";
  else if (next === list.cursor || list.pages >= PAGES_MAX) list.end = "cut";
  list.cursor = next;
}

/** What a search does about a page that did not come: it waits, where that helps, and rejects with the same where not. */
function patient(clock: Clock): (thrown: unknown, signal: AbortSignal) => Promise<void> {
  let leftMs = PATIENCE_MS;
  let beginnings = 0;
  return async (thrown, signal) => {
    if (slackErrorCode(thrown) === "invalid_cursor" && beginnings === 0) {
      beginnings += 1;
      return;
    }
    const pauseMs = pauseOf(thrown);
    if (signal.aborted || pauseMs === null || pauseMs > Math.min(PAUSE_MS_MAX, leftMs)) throw thrown;
    leftMs -= pauseMs;
    await clock.sleep(pauseMs, signal);
  };
}

/** How long Slack asks to wait, in milliseconds; null where it is something else that went wrong. */
function pauseOf(thrown: unknown): number | null {
  const failure = failureOf(thrown, false, "");
  if (failure.kind !== "again" || failure.isServerOut || failure.afterMs === undefined) return null;
  return Math.max(PAUSE_MS_MIN, failure.afterMs);
}

interface SharedCall {
  join(signal: AbortSignal): Promise<void>;
}

/** One call for all who wait for it: it is given up once none of them does. */
function sharedCall(
  work: (stop: AbortSignal) => Promise<void>,
  ended: (call: SharedCall) => void,
): SharedCall {
  const stop = new AbortController();
  const done = work(stop.signal).finally(() => ended(shared));
  done.catch(() => undefined);
  let waiting = 0;
  const shared: SharedCall = {
    async join(signal) {
      waiting += 1;
      try {
        await abortable(done, signal);
      } finally {
        waiting -= 1;
        if (waiting === 0 && signal.aborted) {
          ended(shared);
          stop.abort(signal.reason);
        }
      }
    },
  };
  return shared;
}
