import { bars } from "./chart-bars.ts";
import { curves } from "./chart-curves.ts";
import type { ChartData } from "./chart-data.ts";
import type { MadeSpec } from "./chart-parts.ts";
import { slices } from "./chart-slices.ts";

/** A Vega-Lite spec of good taste. Null where nothing has a value. */
export function chartSpec(data: ChartData): MadeSpec | null {
  if (data.series.length === 0) return null;
  switch (data.mark) {
    case "bar":
      return bars(data);
    case "arc":
      return slices(data);
    default:
      return curves(data);
  }
}
