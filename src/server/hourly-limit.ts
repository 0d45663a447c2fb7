const HOUR_MS = 3_600_000;

/** "taken": once more. Else how long until it may be tried again, in milliseconds. */
export type Taking = "taken" | { readonly waitMs: number };

/** So many of something within any hour, for each key by itself. Kept in this process alone. */
export interface HourlyLimit {
  take(key: string, now: Date): Taking;
  /** What was taken last came to nothing, and does not count. */
  giveBack(key: string): void;
}

export function hourlyLimit(max: number): HourlyLimit {
  const taken = new Map<string, readonly number[]>();
  const recent = (times: readonly number[], now: number) =>
    // A clock that was set back would keep those that are still to come for longer than an hour.
    times.filter((time) => time > now - HOUR_MS && time <= now);
  return {
    take(key, at) {
      const now = at.getTime();
      for (const [other, times] of taken) if (recent(times, now).length === 0) taken.delete(other);
      const own = recent(taken.get(key) ?? [], now);
      const [oldest = now] = own;
      if (own.length >= max) return { waitMs: oldest + HOUR_MS - now };
      taken.set(key, [...own, now]);
      return "taken";
    },
    giveBack(key) {
      taken.set(key, (taken.get(key) ?? []).slice(0, -1));
    },
  };
}
