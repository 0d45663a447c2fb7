import { ReportError } from "../../core/error.ts";
import { write } from "../../core/rules/numbers/number-style.ts";
import { styleOf } from "../../core/rules/numbers/value-format.ts";
import { oneLine } from "./axis.ts";
import type { ChartData } from "./data.ts";
import { framed, lookup, type MadeSpec } from "./parts.ts";
import { PALETTE } from "./style.ts";

const SLICES_MAX = 8;

/** Throws ReportError `invalid_query` for values that are not parts of a whole. */
export function slices(data: ChartData): MadeSpec {
  if (data.series.some(({ points }) => points.some(({ value }) => value !== null && value < 0))) {
    throw new ReportError("A pie cannot show negative values.", {
      code: "invalid_query",
      advice: "Draw it with mark: bar.",
    });
  }
  const parts = partsOf(data);
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  const largest = [...parts].sort((a, b) => b.value - a.value);
  const kept = largest.length > SLICES_MAX ? largest.slice(0, SLICES_MAX - 1) : largest;
  const others = largest.slice(kept.length);
  const rest = others.reduce((sum, { value }) => sum + value, 0);
  const written = alike(data);
  const percent = percents([...kept.map(({ value }) => value), rest].map((value) => value / whole));
  const named = [
    ...kept.map(({ label, value, rendered }) => ({
      value,
      words: `${oneLine(label, 30)} · ${written?.(value) ?? rendered} · ${percent(value / whole)}`,
    })),
    ...(others.length > 0
      ? [{ value: rest, words: `${others.length} others · ${percent(rest / whole)}` }]
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

interface Part {
  readonly value: number;
  readonly rendered: string;
  readonly label: string;
}

function partsOf({ series, axis }: ChartData): Part[] {
  return series.flatMap(({ points, name }) =>
    points.flatMap(({ place, value, rendered }): Part[] => {
      if (value === null || value <= 0) return [];
      return [{ value, rendered, label: series.length > 1 ? name : (axis.places[place]?.label ?? "") }];
    }),
  );
}

const DECIMALS_MAX = 2;

/** Writes all values with the same number of decimals; null to leave them as rendered, since their column has a format. */
function alike({ series }: ChartData): ((value: number) => string) | null {
  const [only] = series;
  if (series.length !== 1 || only === undefined || only.column.valueFormat !== null) return null;
  const style = styleOf(only.column, only.points);
  if (style === null) return null;
  const decimals = Math.min(style.decimalsMax, DECIMALS_MAX);
  return (value) => write(value, { ...style, decimalsMin: decimals, decimalsMax: decimals });
}

/** "50.0%" next to "33.3%"; without decimals if no share needs them. */
function percents(shares: readonly number[]): (share: number) => string {
  const isWhole = shares.every((share) => Math.abs(share * 100 - Math.round(share * 100)) < 1e-9);
  const decimals = isWhole ? 0 : 1;
  const least = 0.5 * 10 ** -decimals;
  return (share) =>
    share > 0 && share * 100 < least
      ? `<${(2 * least).toFixed(decimals)}%`
      : `${(share * 100).toFixed(decimals)}%`;
}
