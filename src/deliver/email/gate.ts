import type { Clock } from "../../core/ports/clock.ts";
import type { SmtpOutcome } from "./outcome.ts";

/** Lets as many conversations with the server go on at once as it takes, which is found out by its answers. */
export interface Gate {
  /** `talk` says how far it got. Waiting ends with the signal. */
  through(signal: AbortSignal, talk: (reached: Reached) => Promise<SmtpOutcome>): Promise<SmtpOutcome>;
  /** Whether a conversation that comes to its end may leave its connection open next to `idle` others that are. */
  hasRoom(idle: number): boolean;
}

type Reached = (stage: "envelope" | "body") => void;

export interface GateLimits {
  readonly connectionsMax: number;
  /** Messages in any minute; null: as many as it takes. */
  readonly perMinute: number | null;
}

const MINUTE_MS = 60_000;
/** One more connection is tried after this long without a busy answer. */
const WIDEN_AFTER_MS = 30_000;
/** A success this long ago still says that others get through; without any, open sessions say so as long. */
const COUNTS_MS = 2 * MINUTE_MS;
const BUSY_AFTER_MS = 2_000;

export function openGate({ connectionsMax, perMinute }: GateLimits, clock: Clock): Gate {
  const now = () => clock.now().getTime();
  const seats = createSeats(connectionsMax, now);
  const pace = createPace(perMinute, clock);
  const talks = new Map<symbol, "envelope" | "body">();
  let lastSent = Number.NEGATIVE_INFINITY;
  let busySince: number | null = null;
  /** None of this process's connections was taken, which says nothing of how many will be. */
  let isShut = false;

  function getThrough(): boolean {
    if ([...talks.values()].includes("body") || now() - lastSent <= COUNTS_MS) return true;
    busySince ??= now();
    return talks.size > 0 && now() - busySince <= COUNTS_MS;
  }

  function told(outcome: SmtpOutcome): SmtpOutcome {
    if (outcome.kind === "sent") {
      lastSent = now();
      busySince = null;
      if (isShut) seats.widen();
      isShut = false;
    }
    const failure = "failure" in outcome ? outcome.failure : outcome;
    if (failure.kind !== "again" || failure.busy === undefined) return outcome;
    seats.narrow(talks.size);
    if (talks.size === 0) isShut = true;
    if (!getThrough()) return { ...failure, afterMs: BUSY_AFTER_MS };
    const { isServerOut: _, ...plain } = failure;
    return { ...plain, busy: "others_get_through", afterMs: BUSY_AFTER_MS };
  }

  return {
    hasRoom: (idle) => seats.taken + idle <= seats.width,
    async through(signal, talk) {
      const isKeptOut = await seats.take(signal).catch(stopped);
      if (isKeptOut !== undefined) return isKeptOut;
      const self = Symbol("conversation");
      try {
        const isLate = await pace(signal).catch(stopped);
        if (isLate !== undefined) return isLate;
        const outcome = await talk((stage) => void talks.set(self, stage));
        talks.delete(self);
        return told(outcome);
      } finally {
        talks.delete(self);
        seats.giveBack();
      }
    },
  };
}

/** As many as the server takes at once: narrowed by its busy answers, and widened again with time. */
function createSeats(most: number, now: () => number) {
  const queue: (() => void)[] = [];
  let width = most;
  let widthSince = 0;
  let taken = 0;

  function admit(): void {
    if (width < most && now() - widthSince >= WIDEN_AFTER_MS) {
      width += 1;
      widthSince = now();
    }
    while (taken < width && queue.length > 0) {
      taken += 1;
      queue.shift()?.();
    }
  }

  return {
    get taken() {
      return taken;
    },
    get width() {
      return width;
    },
    async take(signal: AbortSignal): Promise<void> {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const leave = () => {
        const at = queue.indexOf(resolve);
        if (at >= 0) queue.splice(at, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      queue.push(resolve);
      admit();
      await promise.finally(() => signal.removeEventListener("abort", leave));
    },
    giveBack(): void {
      taken -= 1;
      admit();
    },
    widen(): void {
      width = most;
      admit();
    },
    narrow(to: number): void {
      width = Math.max(1, Math.min(width, to));
      widthSince = now();
    },
  };
}

/** Waits for each message's turn. Turns are reserved in order, so that two that wait do not start at the same moment. */
function createPace(perMinute: number | null, clock: Clock): (signal: AbortSignal) => Promise<void> {
  const starts: number[] = [];
  return async (signal) => {
    if (perMinute === null) return;
    const now = clock.now().getTime();
    const before = starts.length < perMinute ? undefined : starts.shift();
    const at = Math.max(now, (before ?? Number.NEGATIVE_INFINITY) + MINUTE_MS);
    starts.push(at);
    if (at > now) await clock.sleep(at - now, signal);
  };
}

function stopped(thrown: unknown): SmtpOutcome {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: "again", reason: `Sending was stopped before it began: ${why}` };
}
