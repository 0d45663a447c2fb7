/** A report's `retry:`. */
export interface RetryPolicy {
  /** The first attempt included; 1: never again. */
  readonly triesMax: number;
  /** From the first try to the last, in milliseconds. */
  readonly overMs: number;
}

/** Until when an attempt may still be made, and why: see `notAfterLastChance`. */
export interface Budget {
  readonly policy: RetryPolicy;
  /** When the first try began. */
  readonly since: Date;
  /** The report's next tick: what is not delivered by then is overtaken by it. Null: none. */
  readonly nextTick: Date | null;
  /** When the report's `timeout:` is over, where that counts waits; null or absent: never. */
  readonly deadline?: Date | null;
}

export interface Tried {
  /** How many attempts have failed, the present one included. */
  readonly tries: number;
  readonly now: Date;
  /** How long the other side asked us to wait (Retry-After), in milliseconds. */
  readonly afterMs: number | null;
}

export type RetryDecision =
  | { readonly kind: "again"; readonly at: Date }
  /** `why` ends the sentence "It was given up, since …". */
  | { readonly kind: "give_up"; readonly why: string };

/** Each wait is three times the one before: soon after a hiccup, far apart in an outage. */
const GROWTH = 3;
/** Where many tries make the first waits shorter than this, the waits grow more slowly instead. */
const FIRST_WAIT_MS = 30_000;
const GROWTH_STEP = 0.9;
const JITTER = 0.1;
/** No server is believed that asks for more: it meant something else, and a retry that far off helps no one. */
export const RETRY_AFTER_MS_MAX = 24 * 3_600_000;
/** The attempts themselves take time too: a last try that comes a little after the policy's time is still made. */
const OVERTIME_MS = 5 * 60_000;

/**
 * When to try again. The waits grow by a factor of three and fill the policy's time: 6 tries over 2 h come after about 1,
 * 3, 9, 27 and 80 min. `random` gives 0 to 1: each wait is shortened by up to a tenth, so that reports that failed together do
 * not come back together.
 */
export function nextTry(budget: Budget, { tries, now, afterMs }: Tried, random: () => number): RetryDecision {
  const { policy } = budget;
  if (tries >= policy.triesMax) return { kind: "give_up", why: `it was tried ${times(tries)}` };
  const waitMs = waitAfter(policy, tries) * (1 - JITTER * random());
  const askedMs = Math.min(Number.isNaN(afterMs) ? 0 : (afterMs ?? 0), RETRY_AFTER_MS_MAX);
  return notAfterLastChance(budget, new Date(now.getTime() + Math.max(waitMs, askedMs)));
}

/** The same for what was not tried at all, since the other side is known to be out until `at`. */
export function holdUntil(budget: Budget, at: Date): RetryDecision {
  return notAfterLastChance(budget, at);
}

function notAfterLastChance({ policy, since, nextTick, deadline }: Budget, at: Date): RetryDecision {
  // It compares with nothing: what waits for it waits for ever.
  if (Number.isNaN(at.getTime())) return { kind: "give_up", why: "the time of the next try is not a date" };
  if (at.getTime() > since.getTime() + policy.overMs + OVERTIME_MS)
    return { kind: "give_up", why: "the time for trying again is used up" };
  if (nextTick !== null && at >= nextTick)
    return { kind: "give_up", why: "the report is due again before the next try" };
  if (deadline !== undefined && deadline !== null && at >= deadline)
    return { kind: "give_up", why: "the report's timeout is over before the next try" };
  return { kind: "again", at };
}

/** The wait after the `tries`-th failure, in milliseconds, such that all waits together are the policy's time. */
function waitAfter({ triesMax, overMs }: RetryPolicy, tries: number): number {
  const waits = triesMax - 1;
  // One try has no wait; a message that was lost on its way may still be sent for the first time.
  if (waits < 1) return 0;
  const evenMs = overMs / waits;
  const firstMs = (growth: number) => (overMs * (growth - 1)) / (growth ** waits - 1);
  let growth = GROWTH;
  while (growth > 1.01 && firstMs(growth) < Math.min(FIRST_WAIT_MS, evenMs))
    growth = 1 + (growth - 1) * GROWTH_STEP;
  return growth > 1.01 ? firstMs(growth) * growth ** (tries - 1) : evenMs;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
