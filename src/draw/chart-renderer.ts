import { ReportError } from "../core/error.ts";
import type { ChartOrder, ChartRenderer, Drawing, DrawnChart } from "../core/model/picture.ts";
import { count } from "../core/rules/quantity.ts";
import { altOf, chartSeries } from "./chart/alt.ts";
import { type ChartData, chartData, type FieldsPlan } from "./chart/data.ts";
import { firstBars } from "./chart/many-bars.ts";
import { oneEach } from "./chart/one-each.ts";
import { SLICES_MAX, withoutSlivers } from "./chart/pie-parts.ts";
import { type ChartProcess, chartProcess, type StartChartProcess } from "./process/process.ts";
import { SPARKLINE, sparklineSvg } from "./sparkline.ts";
import { specChart } from "./spec-chart.ts";
import { specRefusal } from "./spec-rules.ts";

export interface ChartRendererOptions {
  readonly start: StartChartProcess;
  /**
   * Absolute paths of TrueType or OpenType fonts, for letters that Inter does not have, and for specs that name them. Read at each
   * drawing, since they may change.
   */
  readonly fonts: readonly string[];
}

/** Loads nothing before something is drawn, and then in a separate process. */
export function openChartRenderer(options: ChartRendererOptions): ChartRenderer {
  let current: { readonly fonts: string; readonly process: ChartProcess } | null = null;
  /** A process with earlier fonts ends by itself. */
  const processNow = (): ChartProcess => {
    const fonts = JSON.stringify(options.fonts);
    if (current?.fonts !== fonts) current = { fonts, process: chartProcess(options.start, options.fonts) };
    return current.process;
  };
  return {
    chart: async (order) =>
      order.plan.kind === "fields"
        ? fieldsChart(order, order.plan, processNow())
        : specChart(order, order.plan.spec, processNow()),
    async sparkline(order, signal): Promise<Drawing | null> {
      const known = order.values.filter(Number.isFinite);
      if (known.length < 2) return null;
      const { density } = SPARKLINE;
      const svg = sparklineSvg({ ...order, values: known });
      const drawn = await processNow().ask({ kind: "svg", svg, density }, signal);
      return drawn === null ? null : { png: drawn.png, width: drawn.width, height: drawn.height };
    },
  };
}

async function fieldsChart(
  { table, title, clock, accent, locale, signal }: ChartOrder,
  plan: FieldsPlan,
  process: ChartProcess,
): Promise<DrawnChart | null> {
  const data = withoutSlivers(oneEach(chartData(table, plan, clock, locale)));
  // Nothing has a value.
  if (data.series.length === 0) return null;
  const shown = firstBars(data);
  const coloured = accent === undefined ? shown : { ...shown, accent };
  const drawn = await process.ask({ kind: "fields", data: coloured, title }, signal);
  if (drawn === null) return null;
  const { png, width, height, missing } = drawn;
  return {
    png,
    width,
    height,
    alt: altOf({ ...data, notes: shown.notes }),
    series: chartSeries(data),
    missing,
    ...(plan.mark === "arc" && data.mark === "bar" && { otherwise: asBars(data) }),
  };
}

function asBars({ axis }: ChartData): NonNullable<DrawnChart["otherwise"]> {
  return {
    message: `The pie would have ${count(axis.places.length)} parts, and is drawn as bars.`,
    advice: `Let its query bring at most ${SLICES_MAX} rows, or draw it with mark: bar.`,
  };
}

/** One process for all specs that are checked. */
let checker: ChartProcess | null = null;

/**
 * What is wrong with a whole spec for any rows, in a sentence; null if nothing is. It is compiled in a separate
 * process.
 */
export async function specProblem(
  spec: Readonly<Record<string, unknown>>,
  start: StartChartProcess,
): Promise<string | null> {
  const refusal = specRefusal(spec);
  if (refusal !== null) return refusal;
  try {
    checker ??= chartProcess(start, []);
    await checker.ask({ kind: "check", spec: { ...spec, data: { values: [] } } });
    return null;
  } catch (thrown) {
    if (thrown instanceof ReportError && thrown.code === "config") return thrown.message;
    throw thrown;
  }
}
