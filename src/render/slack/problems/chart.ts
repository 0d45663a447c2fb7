import { SLACK } from "../limits.ts";
import { type Fields, list, object, type Problems, problem, within, wordsWithin } from "./problem.ts";

/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export function chartProblems(at: string, block: Fields): Problems {
  const chart = object(block.chart);
  const title = wordsWithin(`${at}/title`, block.title, SLACK.chartTitleCharsMax);
  if (chart.type === "pie") return [...title, ...pieProblems(`${at}/chart`, chart)];
  if (!["line", "bar", "area"].includes(String(chart.type)))
    return [...title, ...problem(`${at}/chart/type`, `a chart of type ${String(chart.type)}`)];
  return [...title, ...axisChartProblems(`${at}/chart`, chart)];
}

function pieProblems(at: string, chart: Fields): Problems {
  const segments = list(chart.segments).map(object);
  return [
    ...within(`${at}/segments`, segments.length, 1, SLACK.chartSegmentsMax, "segments"),
    ...segments.flatMap(({ label, value }, index) => [
      ...wordsWithin(`${at}/segments/${index}/label`, label, SLACK.chartLabelCharsMax),
      ...(typeof value === "number" && Number.isFinite(value) && value > 0
        ? []
        : problem(`${at}/segments/${index}/value`, "not a number above 0")),
    ]),
  ];
}

function axisChartProblems(at: string, chart: Fields): Problems {
  const series = list(chart.series).map(object);
  const axis = object(chart.axis_config);
  const categories = list(axis.categories);
  return [
    ...within(`${at}/series`, series.length, 1, SLACK.chartSeriesMax, "series"),
    ...within(`${at}/axis_config/categories`, categories.length, 1, SLACK.chartPointsMax, "categories"),
    ...distinct(`${at}/axis_config/categories`, categories),
    ...distinct(
      `${at}/series`,
      series.map(({ name }) => name),
    ),
    ...categories.flatMap((label, index) =>
      wordsWithin(`${at}/axis_config/categories/${index}`, label, SLACK.chartLabelCharsMax),
    ),
    ...["x_label", "y_label"].flatMap((key) =>
      axis[key] === undefined
        ? []
        : wordsWithin(`${at}/axis_config/${key}`, axis[key], SLACK.chartAxisCharsMax),
    ),
    ...series.flatMap((one, index) => seriesProblems(`${at}/series/${index}`, one, categories)),
  ];
}

function seriesProblems(at: string, { name, data }: Fields, categories: readonly unknown[]): Problems {
  const points = list(data).map(object);
  const labels = new Set(points.map(({ label }) => label));
  const covers = points.length === categories.length && categories.every((category) => labels.has(category));
  return [
    ...wordsWithin(`${at}/name`, name, SLACK.chartLabelCharsMax),
    ...within(`${at}/data`, points.length, 1, SLACK.chartPointsMax, "points"),
    ...(covers ? [] : problem(`${at}/data`, "not one point for each category")),
    ...points.flatMap(({ value }, index) =>
      typeof value === "number" && Number.isFinite(value)
        ? []
        : problem(`${at}/data/${index}/value`, "not a number"),
    ),
  ];
}

function distinct(at: string, words: readonly unknown[]): Problems {
  return new Set(words).size === words.length ? [] : problem(at, "labels that repeat");
}
