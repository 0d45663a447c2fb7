import type { ChartSeries } from "../../core/model/show.ts";
import { labelWords, lastYear } from "../../core/rules/dates/date-words.ts";
import { WHOLE } from "../../core/rules/numbers/number-style.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { isolatedLine, lineText } from "../words/cell-text.ts";
import { seriesValue } from "../words/chart-words.ts";
import type { Block } from "./block.ts";
import { SLACK } from "./limits.ts";
import { blockProblems } from "./problems/post.ts";

/**
 * A chart that Slack draws itself (https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block), so that readers can
 * point at it, in light or dark. Null if Slack would show something else than the data says: labels that are too long,
 * missing values, stacked areas, points, or parts of different units.
 */
export function slackChart(title: string, chart: ChartSeries, phrases: Phrases): Block | null {
  const { frame } = phrases;
  const scale = scaleOf(chart);
  if (scale === null || !isNative(chart)) return null;
  // Dates in words, where these are short enough.
  for (const shown of [inWords(chart, phrases), chart]) {
    const block = {
      type: "data_visualization",
      title: lineText(title, SLACK.chartTitleCharsMax) || frame.chart,
      chart: shown.mark === "arc" ? pie(shown, scale) : axes(shown, scale, frame.value),
    };
    if (blockProblems("", block).length === 0) return block;
  }
  return null;
}

function inWords(chart: ChartSeries, { dates }: Phrases): ChartSeries {
  const { grain = null, series } = chart;
  if (grain === null) return chart;
  const year = lastYear(series[0]?.points.map(({ x }) => x) ?? [], grain);
  const worded = series.map((one) => ({
    ...one,
    points: one.points.map(({ x, y }) => ({ x: labelWords(x, grain, year, dates), y })),
  }));
  return { ...chart, series: worded };
}

const WORDS_POINTS_MAX = 12;

/** A chart without a picture, in words: "ATL 40 · JFK 31". */
export function seriesWords(chart: ChartSeries, phrases: Phrases): string {
  const { series } = chart;
  const lines = series.slice(0, SLACK.chartSeriesMax).map(({ name, points }) => {
    const known = points.flatMap(({ x, y }) =>
      y === null ? [] : [`${isolatedLine(lineText(x, 60)) || "–"} ${seriesValue(y, chart, phrases)}`],
    );
    const more = known.length > WORDS_POINTS_MAX ? " …" : "";
    const words = `${known.slice(0, WORDS_POINTS_MAX).join(" · ")}${more}`;
    return series.length === 1 ? words : phrases.frame.titled(isolatedLine(lineText(name, 60)), words);
  });
  return lines.join("\n");
}

function isNative({ mark, series }: ChartSeries): boolean {
  const points = series.flatMap((one) => one.points);
  if (points.length === 0 || points.some(({ y }) => y === null)) return false;
  if (mark === "arc") return series.length === 1;
  if (mark === "area") return series.length === 1;
  return mark === "bar" || (mark === "line" && points.length > series.length);
}

function pie({ series }: ChartSeries, scale: Scale): Block {
  const segments = (series[0]?.points ?? []).map(({ x, y }) => ({ label: label(x), value: scale.value(y) }));
  return { type: "pie", segments };
}

function axes({ mark, xLabel, yLabel, series }: ChartSeries, scale: Scale, noName: string): Block {
  const categories = (series[0]?.points ?? []).map(({ x }) => label(x));
  const xWords = lineText(xLabel, SLACK.chartAxisCharsMax);
  const yWords = lineText(`${yLabel}${scale.unit}`, SLACK.chartAxisCharsMax);
  return {
    type: mark,
    series: series.map(({ name, points }) => ({
      name: lineText(name, 200) || lineText(yLabel, SLACK.chartLabelCharsMax) || noName,
      data: points.map(({ x, y }) => ({ label: label(x), value: scale.value(y) })),
    })),
    axis_config: {
      categories,
      ...(xWords === "" ? {} : { x_label: xWords }),
      ...(yWords === "" ? {} : { y_label: yWords }),
    },
  };
}

// Not cut: a label that is too long for Slack is better shown in the picture.
function label(x: string): string {
  return lineText(x, 200) || "–";
}

interface Scale {
  value(y: number | null): number | null;
  readonly unit: string;
}

const UNIT_CHARS_MAX = 8;

/**
 * Slack does not format numbers: a rate of 0.082 becomes 8.2 with "(%)" on the axis, and a currency is named there. Null if the values
 * have several units, and for shares in a pie, which has no axis to name one.
 */
function scaleOf({ mark, style = WHOLE }: ChartSeries): Scale | null {
  if (style === null) return null;
  const { factor, prefix, suffix } = style;
  if (factor > 1 && mark === "arc") return null;
  // What the column shortens ("12K") is given in full.
  const isWhole = factor < 1;
  const words = lineText(`${prefix}${isWhole ? "" : suffix}`, UNIT_CHARS_MAX + 1);
  const unit = words === "" || words.length > UNIT_CHARS_MAX ? "" : ` (${words})`;
  const times = isWhole ? 1 : factor;
  // Few hundredths are exact as doubles: 0.07 × 100 is 7.000000000000001.
  return { value: (y) => (y === null ? null : Number((y * times).toPrecision(12))), unit };
}
