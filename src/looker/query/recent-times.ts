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
