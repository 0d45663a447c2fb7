import { bars } from "./bars.ts";
import { curves } from "./curves.ts";
import type { ChartData } from "./data.ts";
import type { MadeSpec } from "./parts.ts";
import { slices } from "./slices.ts";

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
