/** Without anything to go by; and sooner it is never asked, since a result from the cache says nothing of the next. */
const FIRST_MS = 300;
const STEP_MS = 500;
/** After the expected end polls come in close order at first, since the slot is held until one sees the end. */
const OVERDUE_STEP_MS_MIN = 100;
const OVERDUE_STEP_MS_MAX = 5_000;
const STEP_MS_MAX = 15_000;
const GROWTH = 1.5;
/** A query that was slow last time may come from the cache today: so long, or for a quarter of the time, it is left alone. */
const EARLY_MS_MIN = 30_000;
const EARLY_MS_MAX = 300_000;
/** What other queries take is a guess: it is not waited for longer. */
const GUESS_MS_MAX = 5_000;

export interface Expectation {
  /** How long the same query took last time, in milliseconds; null if that is not known. */
  readonly lastMs: number | null;
  /** How long other queries took recently; null if none did. */
  readonly othersMs: number | null;
}

/**
 * How long to wait before the next poll, in milliseconds, given how long the query has been under way: until just after it
 * is expected to end, and then at short intervals that grow. Intervals are spread by a tenth, so that the reports of one
 * tick do not poll in step.
 */
export function pollWaits(expected: Expectation, random: () => number): (elapsedMs: number) => number {
  const expectedMs = expected.lastMs ?? guessed(expected.othersMs);
  const isKnown = expectedMs !== null && expectedMs >= FIRST_MS;
  // Just after the expected end, not just before: a poll that comes too early costs a call and a step.
  const dueMs = isKnown ? expectedMs * 1.01 + 20 + random() * Math.min(expectedMs / 50, 250) : FIRST_MS;
  let step = isKnown ? clamp(expectedMs / 25, OVERDUE_STEP_MS_MIN, OVERDUE_STEP_MS_MAX) : STEP_MS;
  return (elapsedMs) => {
    if (elapsedMs < dueMs) return Math.min(dueMs - elapsedMs, clamp(dueMs / 4, EARLY_MS_MIN, EARLY_MS_MAX));
    const wait = step * (0.95 + random() / 10);
    step = Math.min(step * GROWTH, STEP_MS_MAX);
    return wait;
  };
}

function guessed(othersMs: number | null): number | null {
  return othersMs !== null && othersMs <= GUESS_MS_MAX ? othersMs : null;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

const KEPT_MAX = 20;

/** How long the last queries took: the best guess for one that is not known. */
export interface RecentTimes {
  note(tookMs: number): void;
  /** Null before the first. */
  medianMs(): number | null;
}

export function recentTimes(): RecentTimes {
  const times: number[] = [];
  return {
    note(tookMs) {
      times.push(tookMs);
      if (times.length > KEPT_MAX) times.shift();
    },
    medianMs: () => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? null,
  };
}
