import { ReportError } from "../core/error.ts";
import type { ChartData } from "./chart-data.ts";
import { framed, lookup, type MadeSpec } from "./chart-parts.ts";
import { PALETTE } from "./chart-style.ts";
import { oneLine } from "./one-line.ts";

const SLICES_MAX = 8;

/** Throws ReportError `invalid_query` for values that are no parts of a whole. */
export function slices(data: ChartData): MadeSpec {
  if (data.series.some(({ points }) => points.some(({ value }) => value !== null && value < 0))) {
    throw new ReportError("A pie cannot show negative values.", {
      code: "invalid_query",
      advice: "Draw it with mark: bar.",
    });
  }
  const parts = data.series.flatMap(({ points, name }) =>
    points.flatMap(({ place, value, rendered }) =>
      value === null || value <= 0
        ? []
        : [
            {
              value,
              rendered,
              label: data.series.length > 1 ? name : (data.axis.places[place]?.label ?? ""),
            },
          ],
    ),
  );
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  const largest = [...parts].sort((a, b) => b.value - a.value);
  const kept = largest.length > SLICES_MAX ? largest.slice(0, SLICES_MAX - 1) : largest;
  const others = largest.slice(kept.length);
  const rest = others.reduce((sum, { value }) => sum + value, 0);
  const named = [
    ...kept.map(({ label, value, rendered }) => ({
      value,
      words: `${oneLine(label, 30)}  ${rendered}  ${percent(value / whole)}`,
    })),
    ...(others.length > 0
      ? [{ value: rest, words: `${others.length} others  ${percent(rest / whole)}` }]
      : []),
  ];
  const values = named.map(({ value }, index) => ({ y: value, s: index }));
  const encoding = {
    theta: { field: "y", type: "quantitative", stack: true },
    order: { field: "s", type: "quantitative" },
    color: {
      field: "s",
      type: "nominal",
      scale: { domain: named.map((_, index) => index), range: [...PALETTE] },
      legend: {
        title: null,
        orient: "right",
        direction: "vertical",
        labelExpr: lookup(named.map(({ words }) => words)),
        labelLimit: 340,
        rowPadding: 8,
        offset: 30,
      },
    },
  };
  const layer = [{ mark: { type: "arc", innerRadius: 66, outerRadius: 122 } }];
  return { spec: framed(data, values, { encoding, layer }), notes: data.notes };
}

function percent(share: number): string {
  return `${(share * 100).toLocaleString("en-US", { maximumFractionDigits: 1 })}%`;
}
