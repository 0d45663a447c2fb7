import { Resvg } from "@resvg/resvg-js";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { palettePng } from "../../../src/draw/process/palette-png.ts";
import { INTER } from "../../look/inter.ts";
import { amount, CARRIER, COUNT, day, fields, svgOf, table, WEEK, words } from "../samples.ts";

const drawn = (svg: string) =>
  new Resvg(svg, {
    fitTo: { mode: "zoom", value: 2 },
    font: { loadSystemFonts: false, fontFiles: [INTER.regular, INTER.semibold], defaultFontFamily: "Inter" },
  }).render();

function chart(mark: "line" | "bar" | "area") {
  const of = table(
    [WEEK, CARRIER, COUNT],
    ["Delta", "United", "Alaska"].flatMap((name, index) =>
      [310, 342, 298, 361].map((value, week) => [
        words(day(week * 7)),
        words(name),
        amount(value + 40 * index),
      ]),
    ),
  );
  const image = drawn(svgOf(fields(mark, "flights.date_week", "flights.count", "flights.carrier"), of));
  // Ahead of asPng, which divides the pixels in place.
  const small = palettePng(image);
  return { small: Buffer.from(small ?? []), whole: image.asPng() };
}

test.each(["line", "bar"] as const)(
  "a %s chart is pixel for pixel the same, in half of the bytes",
  (mark) => {
    const { small, whole } = chart(mark);
    expect(small.length).toBeLessThan(whole.length / 2);
    expect(PNG.sync.read(small).data.equals(PNG.sync.read(whole).data)).toBe(true);
  },
);

test("a chart of areas, which has more shades, looks the same", () => {
  const { small, whole } = chart("area");
  expect(small.length).toBeLessThan(whole.length / 2);
  const [seen, drawn] = [PNG.sync.read(small), PNG.sync.read(whole)];
  expect(pixelmatch(seen.data, drawn.data, undefined, seen.width, seen.height, { threshold: 0.05 })).toBe(0);
});

test("one with more colours than a palette has stays as it is", () => {
  const shades = Array.from(
    { length: 300 },
    (_, at) => `<rect x="${at}" width="1" height="4" fill="rgb(${at % 256},${at >> 8},90)"/>`,
  );
  expect(
    palettePng(
      drawn(`<svg xmlns="http://www.w3.org/2000/svg" width="600" height="4">${shades.join("")}</svg>`),
    ),
  ).toBeNull();
});
