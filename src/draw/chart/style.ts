import { chartAccent } from "../../core/rules/brand/accent.ts";
import { distance, type Hex } from "../../core/rules/brand/colour.ts";

/**
 * For pictures without a background, which are shown on white and on dark cards: each has a contrast of at least 3 with both
 * (WCAG 2.2, 1.4.11), and neighbours differ in hue or lightness with every kind of colour vision.
 */
export const PALETTE = [
  "#1c8796",
  "#bf4d12",
  "#8a76e6",
  "#b58a10",
  "#b8437c",
  "#2f74cc",
  "#5a9e46",
  "#96704c",
] as const;

/** For series without a colour of their own. */
export const REST = "#8792a0";

/** Letters and axes: a contrast of 4.1 with white and with a dark card, which is the most that both can have. */
export const TEXT = "#737e8a";

/** Under a spec that has colours of its own. */
export const PAPER = "#ffffff";

export const FONT = "Inter";

/**
 * In CSS pixels. A phone of 360 px has 320 for a picture, where letters of this size have 11.4 px. `HEIGHT`: of the part in which
 * values are drawn; `SPEC_HEIGHT`: of a whole spec that names none.
 */
export const WIDTH = 420;
export const HEIGHT = 200;
export const SPEC_HEIGHT = 260;
export const LETTERS = 15;

interface Coloured {
  readonly series: readonly { readonly isRest?: true }[];
  readonly accent?: Hex;
}

export function colourOf(index: number, { series, accent }: Coloured): string {
  const palette = paletteOf(accent);
  return series[index]?.isRest === true ? REST : (palette[index % palette.length] ?? REST);
}

/** Nearer ones, as `distance` has it, are taken for one another. */
const ALIKE = 130;

/** A brand's colour first, so that it can be seen on both cards, and then those that are unlike it. */
export function paletteOf(accent: Hex | undefined): readonly Hex[] {
  if (accent === undefined) return PALETTE;
  const first = chartAccent(accent);
  return [first, ...PALETTE.filter((colour) => distance(first, colour) > ALIKE)];
}

/** How many pixels of the file make one CSS pixel. */
export const DENSITY = 2;

/** Around a chart, in CSS pixels. */
const PADDING = { left: 2, right: 6, top: 6, bottom: 4 } as const;

/** Vega-Lite's config (https://vega.github.io/vega-lite/docs/config.html) for all charts; a spec's own config overrides it. */
const CONFIG = {
  background: null,
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
    labelColor: TEXT,
    titleColor: TEXT,
    gridColor: TEXT,
    gridOpacity: 0.22,
    domainColor: TEXT,
    tickColor: TEXT,
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
    labelColor: TEXT,
    titleColor: TEXT,
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
    color: TEXT,
    subtitleFontSize: LETTERS,
    subtitleColor: TEXT,
    subtitlePadding: 4,
    offset: 14,
    frame: "group",
  },
  text: { font: FONT, fontSize: LETTERS, color: TEXT },
  line: { strokeWidth: 2.5, strokeCap: "round", strokeJoin: "round", color: PALETTE[0] },
  area: { color: PALETTE[0] },
  bar: { color: PALETTE[0], cornerRadiusEnd: 2 },
  point: { color: PALETTE[0], filled: true, size: 60, opacity: 0.75 },
  arc: { padAngle: 0.012 },
  rule: { color: TEXT },
};

/** The same in a brand's colour. */
export function configOf(accent: Hex | undefined): Readonly<Record<string, unknown>> {
  const palette = paletteOf(accent);
  const color = palette[0];
  const { line, area, bar, point } = CONFIG;
  return {
    ...CONFIG,
    range: { category: palette },
    line: { ...line, color },
    area: { ...area, color },
    bar: { ...bar, color },
    point: { ...point, color },
  };
}
