const FIRST_MS_MIN = 300;
/** A query that was slow last time may come from the cache today. */
const FIRST_MS_MAX = 30_000;
const STEP_MS_MIN = 500;
const STEP_MS_MAX = 15_000;
const GROWTH = 1.5;

/**
 * How long to wait before each poll, in milliseconds: first about as long as the query took last time, then at growing
 * intervals. Each is spread by a tenth, so that the reports of one tick do not poll in step.
 */
export function pollWaits(expectedMs: number | null, random: () => number): () => number {
  let next = clamp((expectedMs ?? 0) * 0.9, FIRST_MS_MIN, FIRST_MS_MAX);
  let step = clamp((expectedMs ?? 0) * 0.1, STEP_MS_MIN, STEP_MS_MAX);
  return () => {
    const wait = next * (0.95 + random() / 10);
    next = step;
    step = Math.min(step * GROWTH, STEP_MS_MAX);
    return wait;
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
