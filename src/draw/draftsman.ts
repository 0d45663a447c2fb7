import { ReportError } from "../core/error.ts";
import type { ChartOrder, Draftsman, Drawing, DrawnChart } from "../core/picture.ts";
import { altOf, chartSeries } from "./chart-alt.ts";
import { chartData, type FieldsPlan } from "./chart-data.ts";
import { chartSpec } from "./chart-spec.ts";
import { type EaselProcess, easelProcess } from "./easel-process.ts";
import { SPARKLINE, sparklineSvg } from "./sparkline.ts";
import { specChart } from "./spec-chart.ts";
import { specRefusal } from "./spec-rules.ts";

export interface DraftsmanOptions {
  /** Absolute paths of TrueType or OpenType fonts, for letters that Inter does not have, and for specs that name them. */
  readonly fonts: readonly string[];
}

/** Loads nothing before something is drawn, and then in a process of its own. */
export function openDraftsman({ fonts }: DraftsmanOptions): Draftsman {
  const easel = easelProcess(fonts);
  return {
    chart: (order) =>
      order.plan.kind === "fields"
        ? fieldsChart(order, order.plan, easel)
        : specChart(order, order.plan.spec, easel),
    async sparkline(values): Promise<Drawing | null> {
      const known = values.filter(Number.isFinite);
      if (known.length < 2) return null;
      const drawn = await easel.ask({ kind: "svg", svg: sparklineSvg(known), density: SPARKLINE.density });
      return drawn === null ? null : { png: drawn.png, width: drawn.width, height: drawn.height };
    },
  };
}

/** One process for all that is checked in a row. */
let checker: EaselProcess | null = null;

/**
 * What is wrong with a whole spec, by itself and whatever the rows are, in a sentence; null: nothing. It is compiled in a process of
 * its own.
 */
export async function specProblem(spec: Readonly<Record<string, unknown>>): Promise<string | null> {
  const refusal = specRefusal(spec);
  if (refusal !== null) return refusal;
  try {
    checker ??= easelProcess([]);
    await checker.ask({ kind: "check", spec: { ...spec, data: { values: [] } } });
    return null;
  } catch (thrown) {
    if (thrown instanceof ReportError && thrown.code === "config") return thrown.message;
    throw thrown;
  }
}

async function fieldsChart(
  { table }: ChartOrder,
  plan: FieldsPlan,
  easel: EaselProcess,
): Promise<DrawnChart | null> {
  const data = chartData(table, plan);
  const made = chartSpec(data);
  if (made === null) return null;
  const drawn = await easel.ask({ kind: "vega_lite", spec: made.spec, labels: {} });
  if (drawn === null) return null;
  const { png, width, height } = drawn;
  return { png, width, height, alt: altOf({ ...data, notes: made.notes }), series: chartSeries(data) };
}
