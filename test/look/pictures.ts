import { Resvg } from "@resvg/resvg-js";
import type { Hex } from "../../src/core/rules/brand/colour.ts";
import { amount, CARRIER, COUNT, day, fields, svgOf, table, WEEK, words } from "../draw/samples.ts";
import { INTER } from "./inter.ts";

/** Pictures for the sample digests, the same on every machine: drawn by resvg, with the font that comes along. */

/** As Looker draws it, on white. */
export const LOOKER = { width: 656, height: 300 };
export const LOGO = { width: 150, height: 41 };
export const SPARKLINE = { width: 200, height: 44 };

const SERIES = [
  { name: "Delta", colour: "#1d6b72", values: [310, 342, 298, 361, 377, 402, 371, 423] },
  { name: "United", colour: "#c76b1e", values: [280, 251, 262, 240, 233, 229, 251, 210] },
];

/** A chart as lookpost draws it, and its height in CSS pixels. */
export function chartPng(accent?: Hex): {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
} {
  const of = table(
    [WEEK, CARRIER, COUNT],
    SERIES.flatMap(({ name, values }) =>
      values.map((value, index) => [words(day(index * 7, "2026-09-21")), words(name), amount(value)]),
    ),
  );
  const svg = svgOf(
    fields("line", "flights.date_week", "flights.count", "flights.carrier"),
    of,
    accent === undefined ? {} : { accent },
  );
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return { png: drawn(svg, 2 * Number(width)), width: Number(width), height: Number(height) };
}

/** A line chart of two series, twice as large as it is shown. */
export function lookerPng(): Buffer {
  const x = (index: number) => 56 + index * 78;
  const y = (value: number) => 262 - value * 0.55;
  const lines = SERIES.map(
    ({ colour, values }) =>
      `<polyline fill="none" stroke="${colour}" stroke-width="2.5" points="${values.map((value, index) => `${x(index)},${y(value)}`).join(" ")}"/>`,
  );
  const names = SERIES.map(
    ({ name, colour, values }) =>
      `<text x="${x(7) + 6}" y="${y(values[7] ?? 0) + 4}" fill="${colour}" font-weight="600">${name}</text>`,
  );
  const grid = [0, 100, 200, 300, 400].map(
    (value) =>
      `<line x1="48" x2="610" y1="${y(value)}" y2="${y(value)}" stroke="#e4e8ed"/><text x="40" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  );
  const weeks = SERIES[0]?.values.map(
    (_, index) => `<text x="${x(index)}" y="284" text-anchor="middle">W${39 + index}</text>`,
  );
  return drawn(
    `<svg xmlns="http://www.w3.org/2000/svg" width="656" height="300" font-family="Inter" font-size="12" fill="#5c6675"><rect width="656" height="300" fill="#fff"/>${grid.join("")}${(weeks ?? []).join("")}${lines.join("")}${names.join("")}</svg>`,
    2 * LOOKER.width,
  );
}

/** A company's logo, once for light cards and once for dark ones. */
export function logoPng(ink: string): Buffer {
  return drawn(
    `<svg xmlns="http://www.w3.org/2000/svg" width="150" height="41" viewBox="0 0 150 41" font-family="Inter" font-size="22" font-weight="600"><circle cx="20" cy="20.5" r="18" fill="#a855c8"/><path d="M12 28 20 12l8 16" fill="none" stroke="#fff" stroke-width="3"/><text x="46" y="28" fill="${ink}">Meridian</text></svg>`,
    2 * LOGO.width,
  );
}

export function sparklinePng(values: readonly number[]): Buffer {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, index) => {
    const x = 4 + (index * 192) / (values.length - 1);
    return `${x.toFixed(1)},${(38 - (32 * (value - low)) / (high - low || 1)).toFixed(1)}`;
  });
  const [endX, endY] = (points.at(-1) ?? "0,0").split(",");
  return drawn(
    `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="44"><polyline fill="none" stroke="#7d8a96" stroke-width="2" points="${points.join(" ")}"/><circle cx="${endX}" cy="${endY}" r="3.5" fill="#1f8a99"/></svg>`,
    2 * SPARKLINE.width,
  );
}

function drawn(svg: string, width: number): Buffer {
  return new Resvg(svg, {
    fitTo: { mode: "width", value: width },
    font: { loadSystemFonts: false, fontFiles: [INTER.regular, INTER.semibold], defaultFontFamily: "Inter" },
  })
    .render()
    .asPng();
}
