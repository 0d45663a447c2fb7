import { type Findings, isObject, type Json, listAt } from "./findings.ts";

const titleCharsMax = 50;
const labelCharsMax = 20;
const axisLabelCharsMax = 50;
const segmentsMax = 6;
const seriesMax = 6;
const pointsMax = 20;

/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export function checkChart(findings: Findings, block: Json, at: string): void {
  findings.text(block.title, `${at}/title`, titleCharsMax);
  const { chart } = block;
  if (!isObject(chart)) {
    findings.add(at, "missing required field: chart");
    return;
  }
  const where = `${at}/chart`;
  if (chart.type === "pie") checkPie(findings, chart, where);
  else if (["bar", "area", "line"].includes(String(chart.type))) checkAxes(findings, chart, where);
  else findings.add(`${where}/type`, `unsupported type: ${chart.type}`);
}

function checkPie(findings: Findings, chart: Json, at: string): void {
  for (const [segment, where] of listAt(findings, chart, at, "segments", segmentsMax)) {
    findings.text(segment.label, `${where}/label`, labelCharsMax);
    if (checkNumber(findings, segment, where) && Number(segment.value) <= 0)
      findings.add(`${where}/value`, "must be greater than 0");
  }
}

function checkAxes(findings: Findings, chart: Json, at: string): void {
  const series = listAt(findings, chart, at, "series", seriesMax);
  const categories = checkCategories(findings, chart, at);
  const names = new Set<unknown>();
  for (const [one, where] of series) {
    findings.text(one.name, `${where}/name`, labelCharsMax);
    if (names.has(one.name)) findings.add(`${where}/name`, "series names must be unique");
    names.add(one.name);
    const points = listAt(findings, one, where, "data", pointsMax);
    for (const [point, place] of points) {
      findings.text(point.label, `${place}/label`, labelCharsMax);
      checkNumber(findings, point, place);
    }
    const labels = points.map(([point]) => point.label);
    if (labels.length !== categories.length || categories.some((category) => !labels.includes(category)))
      findings.add(`${where}/data`, "labels must match the categories of axis_config");
  }
}

function checkCategories(findings: Findings, chart: Json, at: string): readonly unknown[] {
  const where = `${at}/axis_config`;
  const axis = chart.axis_config;
  if (!isObject(axis)) {
    findings.add(at, "missing required field: axis_config");
    return [];
  }
  for (const label of ["x_label", "y_label"]) {
    if (axis[label] !== undefined) findings.text(axis[label], `${where}/${label}`, axisLabelCharsMax);
  }
  if (!Array.isArray(axis.categories)) {
    findings.add(where, "missing required field: categories");
    return [];
  }
  const { categories } = axis;
  if (categories.length === 0) findings.add(`${where}/categories`, "must have at least 1 item");
  if (categories.length > pointsMax)
    findings.add(`${where}/categories`, `no more than ${pointsMax} items allowed`);
  if (new Set(categories).size < categories.length)
    findings.add(`${where}/categories`, "categories must be unique");
  for (const [index, category] of categories.entries())
    findings.text(category, `${where}/categories/${index}`, labelCharsMax);
  return categories;
}

function checkNumber(findings: Findings, { value }: Json, at: string): boolean {
  if (value === undefined || value === null) findings.add(at, "missing required field: value");
  else if (typeof value !== "number") findings.add(`${at}/value`, "must be a number");
  else return true;
  return false;
}
