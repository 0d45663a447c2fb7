/** How often the same trouble is reported: an outage is one line in the log, not one for each poll. */
const SAME_TEXT_MS = 30_000;
const TEXTS_MAX = 100;

/** Reports what went wrong, the same text at most every 30 s. */
export function throttled(trouble: (thrown: unknown) => void): (thrown: unknown) => void {
  const reportedAt = new Map<string, number>();
  return (thrown) => {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const now = performance.now();
    const before = reportedAt.get(text);
    if (before !== undefined && now - before < SAME_TEXT_MS) return;
    if (reportedAt.size >= TEXTS_MAX) reportedAt.clear();
    reportedAt.set(text, now);
    trouble(thrown);
  };
}
