/** Loaded into the worker ahead of everything else (`node --import`): its clock is ahead by `LOOKPOST_SKEW_MS`, or behind. */
const skewMs = Number(process.env.LOOKPOST_SKEW_MS ?? 0);

if (skewMs !== 0) {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given: readonly unknown[]) {
      if (given.length === 0) super(Real.now() + skewMs);
      else super(...(given as [number]));
    }

    static override now(): number {
      return Real.now() + skewMs;
    }
  } as DateConstructor;
}
