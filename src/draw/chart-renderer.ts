import { ReportError } from "../core/error.ts";
import type { ChartOrder, Draftsman, Drawing, DrawnChart } from "../core/model/picture.ts";
import { altOf, chartSeries } from "./chart/alt.ts";
import { chartData, type FieldsPlan } from "./chart/data.ts";
import { letterNotices } from "./chart/notices.ts";
import { chartSpec } from "./chart/spec.ts";
import { type EaselProcess, easelProcess } from "./process/process.ts";
import { SPARKLINE, sparklineSvg } from "./sparkline.ts";
import { specChart } from "./spec-chart.ts";
import { specRefusal } from "./spec-rules.ts";

export interface DraftsmanOptions {
  /**
   * Absolute paths of TrueType or OpenType fonts, for letters that Inter does not have, and for specs that name them. Asked with each
   * drawing: they may change.
   */
  readonly fonts: readonly string[];
}

/** Loads nothing before something is drawn, and then in a process of its own. */
export function openDraftsman(options: DraftsmanOptions): Draftsman {
  let standing: { readonly fonts: string; readonly easel: EaselProcess } | null = null;
  /** The process of other fonts ends by itself. */
  const easelNow = (): EaselProcess => {
    const fonts = JSON.stringify(options.fonts);
    if (standing?.fonts !== fonts) standing = { fonts, easel: easelProcess(options.fonts) };
    return standing.easel;
  };
  return {
    chart: async (order) =>
      order.plan.kind === "fields"
        ? fieldsChart(order, order.plan, easelNow())
        : specChart(order, order.plan.spec, easelNow()),
    async sparkline(values, signal): Promise<Drawing | null> {
      const known = values.filter(Number.isFinite);
      if (known.length < 2) return null;
      const { density } = SPARKLINE;
      const drawn = await easelNow().ask({ kind: "svg", svg: sparklineSvg(known), density }, signal);
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
  { table, signal }: ChartOrder,
  plan: FieldsPlan,
  easel: EaselProcess,
): Promise<DrawnChart | null> {
  const data = chartData(table, plan);
  const made = chartSpec(data);
  if (made === null) return null;
  const drawn = await easel.ask({ kind: "vega_lite", spec: made.spec, labels: {} }, signal);
  if (drawn === null) return null;
  const { png, width, height, missing } = drawn;
  const alt = altOf({ ...data, notes: made.notes });
  return { png, width, height, alt, series: chartSeries(data), notices: letterNotices(missing) };
}
