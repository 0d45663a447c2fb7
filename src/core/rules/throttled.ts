/** How often the same trouble is told: an outage is one line in the log, not one for each poll. */
const SAME_TEXT_MS = 30_000;
const TEXTS_MAX = 100;

/** Tells of what went wrong, but of the same text at most every 30 s. */
export function seldom(trouble: (thrown: unknown) => void): (thrown: unknown) => void {
  const toldAt = new Map<string, number>();
  return (thrown) => {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const now = performance.now();
    const before = toldAt.get(text);
    if (before !== undefined && now - before < SAME_TEXT_MS) return;
    if (toldAt.size >= TEXTS_MAX) toldAt.clear();
    toldAt.set(text, now);
    trouble(thrown);
  };
}
