/** Round values from at most `low` to at least `high`, about so many. */
export function ticks(low: number, high: number, about: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.ceil((low + span) / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** The values of a chart with zero among them, as columns and bars need it. */
export function valueRange(values: readonly number[]): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

export function tickLabel(value: number, isShare: boolean): string {
  if (isShare) return `${Number((value * 100).toFixed(1))}%`;
  const size = Math.abs(value);
  if (size >= 1e9) return `${Number((value / 1e9).toFixed(1))}B`;
  if (size >= 1e6) return `${Number((value / 1e6).toFixed(1))}M`;
  return Number(value.toPrecision(6)).toLocaleString("en-US");
}
