/** Faults that still stand, in the order in which they were asked for. */
export type StandingFaults<F> = {
  add(fault: F): void;
  clear(): void;
  /** Each with `times` as it is still to strike. */
  list(): readonly F[];
  /** Uses up one strike of every delay, and of the first other fault, that fits. */
  strike(fits: (fault: F) => boolean): { delayMs: number; fault?: F };
};

/** A fault strikes `times` times; without that, always. One with `delayMs` adds to whatever else strikes. */
export function standingFaults<F extends { times?: number }>(initial: readonly F[]): StandingFaults<F> {
  let standing = initial.map(counted);
  return {
    add(fault) {
      standing.push(counted(fault));
    },
    clear() {
      standing = [];
    },
    list: () => standing.map(({ fault, left }) => ({ ...fault, times: left })),
    strike(fits) {
      const struck: { delayMs: number; fault?: F } = { delayMs: 0 };
      for (const entry of standing.filter(({ fault }) => fits(fault))) {
        const delayMs = delayOf(entry.fault);
        if (delayMs !== null) struck.delayMs += delayMs;
        else if (struck.fault !== undefined) continue;
        else struck.fault = entry.fault;
        entry.left -= 1;
      }
      standing = standing.filter(({ left }) => left > 0);
      return struck;
    },
  };
}

function counted<F extends { times?: number }>(fault: F): { fault: F; left: number } {
  return { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
}

function delayOf(fault: object): number | null {
  return "delayMs" in fault && typeof fault.delayMs === "number" ? fault.delayMs : null;
}
