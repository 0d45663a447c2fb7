import { html } from "hono/html";
import { listOf, objectOf, type PostJson } from "./json.ts";
import type { Html } from "./mrkdwn.ts";

const COLOURS = ["#1f77b4", "#e07b39", "#3a9d5d", "#b2436e", "#8266c4", "#8a7a2e"];
const WIDTH = 560;
const HEIGHT = 250;
const PLOT = { left: 62, right: 550, top: 10, bottom: 205 };

/** A `data_visualization` block about as Slack draws it (https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block). */
export function chartBlock(block: PostJson): Html {
  const chart = objectOf(block.chart);
  const drawn = chart.type === "pie" ? pie(listOf(chart.segments)) : axes(chart);
  return html`<figure class="chart"><figcaption>${String(block.title ?? "")}</figcaption>${drawn}</figure>`;
}

function pie(segments: readonly PostJson[]): Html {
  const total = segments.reduce((sum, { value }) => sum + Number(value), 0) || 1;
  let angle = -Math.PI / 2;
  const slices = segments.map(({ value }, index) => {
    const share = Number(value) / total;
    const from = angle;
    angle += share * 2 * Math.PI;
    return slice(from, angle, share, colour(index));
  });
  const names = segments.map(
    ({ label, value }) => `${String(label)} ${Math.round((Number(value) / total) * 1000) / 10}%`,
  );
  return html`<svg viewBox="0 0 ${WIDTH} 220" role="img" aria-label="${names.join(", ")}">${slices}</svg>${legend(names)}`;
}

function slice(from: number, to: number, share: number, fill: string): Html {
  if (share > 0.9999) return html`<circle cx="280" cy="110" r="100" fill="${fill}"/>`;
  const at = (angle: number) => `${round(280 + 100 * Math.cos(angle))} ${round(110 + 100 * Math.sin(angle))}`;
  return html`<path d="M280 110L${at(from)}A100 100 0 ${share > 0.5 ? 1 : 0} 1 ${at(to)}Z" fill="${fill}"/>`;
}

function axes(chart: PostJson): Html {
  const { categories, x_label, y_label } = objectOf(chart.axis_config);
  const labels = (Array.isArray(categories) ? categories : []).map(String);
  const series = listOf(chart.series).map((one) => seriesOf(one, labels));
  const values = series.flatMap((one) => one.values);
  const ticks = ticksFor(Math.min(0, ...values), Math.max(0, ...values));
  const [lowest = 0, highest = 1] = [ticks[0], ticks.at(-1)];
  const y = (value: number) =>
    PLOT.bottom - ((value - lowest) / (highest - lowest || 1)) * (PLOT.bottom - PLOT.top);
  const slot = (PLOT.right - PLOT.left) / Math.max(1, labels.length);
  const x = (index: number) => PLOT.left + slot * (index + 0.5);
  const marks = series.map(({ values: own }, index) =>
    chart.type === "bar"
      ? bars(
          own,
          y,
          (at) => PLOT.left + slot * at + slot * 0.12 + (index * slot * 0.76) / series.length,
          (slot * 0.76) / series.length,
          colour(index),
        )
      : line(own, x, y, colour(index), chart.type === "area"),
  );
  const every = Math.ceil((Math.max(1, ...labels.map(({ length }) => length)) * 6.4 + 8) / slot);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${series.map(({ name }) => name).join(", ")}" font-size="11" fill="currentColor">${ticks.map(
    (tick) =>
      html`<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${round(y(tick))}" y2="${round(y(tick))}" stroke="currentColor" stroke-opacity="${tick === 0 ? ".5" : ".15"}"/><text x="${PLOT.left - 6}" y="${round(y(tick) + 4)}" text-anchor="end">${tick.toLocaleString("en-US")}</text>`,
  )}${marks}${labels.map((label, index) =>
    index % every === 0
      ? html`<text x="${round(x(index))}" y="${PLOT.bottom + 18}" text-anchor="middle">${label}</text>`
      : "",
  )}<text x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle" fill-opacity=".7">${String(x_label ?? "")}</text></svg>${legend(
    series.length === 1 && y_label !== undefined ? [String(y_label)] : series.map(({ name }) => name),
  )}`;
}

interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

function seriesOf({ name, data }: PostJson, labels: readonly string[]): Series {
  const points = new Map(listOf(data).map(({ label, value }) => [String(label), Number(value)]));
  return { name: String(name ?? ""), values: labels.map((label) => points.get(label) ?? 0) };
}

function bars(
  values: readonly number[],
  y: (value: number) => number,
  left: (index: number) => number,
  width: number,
  fill: string,
): Html {
  return html`${values.map((value, index) => {
    const [top, foot] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
    return html`<rect x="${round(left(index))}" y="${round(top)}" width="${round(width)}" height="${round(foot - top)}" fill="${fill}"/>`;
  })}`;
}

function line(
  values: readonly number[],
  x: (index: number) => number,
  y: (value: number) => number,
  stroke: string,
  isFilled: boolean,
): Html {
  const points = values.map((value, index) => `${round(x(index))} ${round(y(value))}`).join("L");
  const area = isFilled
    ? html`<path d="M${round(x(0))} ${round(y(0))}L${points}L${round(x(values.length - 1))} ${round(y(0))}Z" fill="${stroke}" fill-opacity=".25"/>`
    : "";
  return html`${area}<path d="M${points}" fill="none" stroke="${stroke}" stroke-width="2"/>`;
}

function legend(names: readonly string[]): Html {
  return html`<p class="legend">${names.map(
    (name, index) =>
      html`<span><svg class="swatch" viewBox="0 0 8 8" aria-hidden="true"><rect width="8" height="8" fill="${colour(index)}"/></svg>${name}</span>`,
  )}</p>`;
}

/** About five round numbers from below the lowest to above the highest. */
function ticksFor(lowest: number, highest: number): readonly number[] {
  const range = highest - lowest || 1;
  const rough = 10 ** Math.floor(Math.log10(range / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * rough).find((each) => range / each <= 5) ?? rough * 10;
  const first = Math.floor(lowest / step);
  const last = Math.ceil(highest / step);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? "#1f77b4";
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
