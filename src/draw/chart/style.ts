/** Distinguishable with every kind of colour vision (Okabe and Ito 2008), and dark enough for white paper. */
export const PALETTE = [
  "#0b66b0",
  "#d55e00",
  "#0a8f6c",
  "#b3548e",
  "#c98a00",
  "#3aa0d8",
  "#4b5563",
  "#7a4fbf",
] as const;

/** For series without a colour of their own. */
export const REST = "#b4bac4";

export const INK = "#1f2937";
export const MUTED = "#5b6472";
const GRID = "#e6e9ee";
export const PAPER = "#ffffff";
export const FONT = "Inter";

/** In CSS pixels. Letters of this size are still readable if a phone shows the picture at half its width. */
export const WIDTH = 640;
export const HEIGHT = 340;
export const LETTERS = 15;

/** How many pixels of the file make one CSS pixel. */
export const DENSITY = 2;

/** Around a chart, in CSS pixels. */
const PADDING = { left: 4, right: 12, top: 8, bottom: 6 } as const;

/** Vega-Lite's config (https://vega.github.io/vega-lite/docs/config.html) for all charts; a spec's own config overrides it. */
export const CONFIG: Readonly<Record<string, unknown>> = {
  background: PAPER,
  font: FONT,
  padding: PADDING,
  view: { stroke: null },
  range: { category: PALETTE },
  axis: {
    labelFont: FONT,
    titleFont: FONT,
    labelFontSize: LETTERS,
    titleFontSize: LETTERS,
    titleFontWeight: 400,
    labelColor: MUTED,
    titleColor: MUTED,
    gridColor: GRID,
    domainColor: "#b8c0cc",
    tickColor: "#b8c0cc",
    labelPadding: 6,
    titlePadding: 10,
    labelLimit: 190,
    domain: false,
    ticks: false,
  },
  axisX: { grid: false, domain: true, ticks: true, tickSize: 5 },
  // Vertical labels are hard to read.
  axisXDiscrete: { labelAngle: -35 },
  legend: {
    labelFont: FONT,
    titleFont: FONT,
    labelFontSize: LETTERS,
    titleFontSize: LETTERS,
    labelColor: INK,
    titleColor: MUTED,
    titleFontWeight: 400,
    orient: "top",
    direction: "horizontal",
    symbolType: "circle",
    symbolSize: 110,
    symbolStrokeWidth: 0,
    labelLimit: 220,
    columnPadding: 18,
    rowPadding: 6,
    offset: 12,
  },
  title: {
    font: FONT,
    subtitleFont: FONT,
    anchor: "start",
    fontSize: LETTERS,
    fontWeight: 600,
    color: INK,
    subtitleFontSize: 13,
    subtitleColor: MUTED,
    subtitlePadding: 4,
    offset: 14,
    frame: "group",
  },
  text: { font: FONT, fontSize: LETTERS, color: INK },
  line: { strokeWidth: 2.5, strokeCap: "round", strokeJoin: "round", color: PALETTE[0] },
  area: { color: PALETTE[0] },
  bar: { color: PALETTE[0], cornerRadiusEnd: 2 },
  point: { color: PALETTE[0], filled: true, size: 60, opacity: 0.75 },
  arc: { stroke: PAPER, strokeWidth: 1.5 },
  rule: { color: MUTED },
};
