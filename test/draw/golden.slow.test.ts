import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { drawingFiles } from "../../src/draw/process/files.ts";
import { openFonts } from "../../src/draw/process/fonts.ts";
import { rasterised, svgText } from "../../src/draw/process/raster.ts";
import { difference } from "../look/alike.ts";
import {
  amount,
  CARRIER,
  COUNT,
  daily,
  day,
  fields,
  measure,
  ON_TUESDAY,
  svgOf,
  table,
  WEEK,
  wave,
  words,
} from "./samples.ts";

/*
 * Charts as people have looked at them, on white and on a dark card. After an intended change:
 * `UPDATE_GOLDEN=1 npx vitest run test/draw/golden.slow.test.ts`, and look at every picture that changed.
 */

const GOLDEN = path.join(import.meta.dirname, "golden");
const [, ...own] = drawingFiles();
const fonts = await openFonts(own, []);

const named = (names: readonly string[], value: (index: number) => number) =>
  table(
    [CARRIER, COUNT],
    names.map((name, index) => [words(name), amount(value(index))]),
  );
const weekly = (names: readonly string[], value: (name: number, week: number) => number | null) =>
  table(
    [WEEK, CARRIER, COUNT],
    names.flatMap((name, index) =>
      Array.from({ length: 12 }, (_, week) => [
        words(day(week * 7, "2026-09-14")),
        words(name),
        amount(value(index, week)),
      ]),
    ),
  );
const BARS = fields("bar", "flights.carrier", "flights.count");
const EIGHT = ["Delta", "United", "American", "Southwest", "JetBlue", "Alaska", "Spirit", "Frontier"];
const byCarrier = (mark: "line" | "area" | "bar") =>
  fields(mark, "flights.date_week", "flights.count", "flights.carrier");

const CHARTS: Readonly<Record<string, string>> = {
  line: svgOf(fields("line", "flights.date", "flights.average_delay"), daily(90)),
  partial: svgOf(
    fields("line", "flights.date_week", "flights.count"),
    table(
      [WEEK, COUNT],
      Array.from({ length: 12 }, (_, week) => [
        words(day(week * 7, "2026-09-14")),
        amount(week === 11 ? 202 : 1_500 + Math.round(wave(week) * 20)),
      ]),
    ),
    { clock: ON_TUESDAY },
  ),
  "broken-axis": svgOf(
    fields("line", "flights.date_week", "flights.count"),
    table(
      [WEEK, COUNT],
      Array.from({ length: 12 }, (_, week) => [
        words(day(week * 7, "2026-09-14")),
        amount(21_000 + Math.round(wave(week) * 100)),
      ]),
    ),
  ),
  "eight-lines": svgOf(
    byCarrier("line"),
    weekly(EIGHT, (name, week) => Math.round(wave(week, name + 1) * 10) + name * 10),
  ),
  areas: svgOf(
    byCarrier("area"),
    weekly(["Web", "Store", "Partner"], (name, week) => (name === 1 && week === 4 ? null : 100 + name * 40)),
  ),
  stacks: svgOf(
    byCarrier("bar"),
    weekly(["Web", "Store", "Partner"], (name, week) => 100 + name * 40 + week * 3),
  ),
  "long-names": svgOf(
    BARS,
    named(
      [
        "Netherlands",
        "Netherlands Antilles",
        "United Kingdom of Great Britain and Northern Ireland",
        "Germany",
      ],
      (index) => 120_000 / (index + 1),
    ),
  ),
  "other-scripts": svgOf(
    BARS,
    named(
      ["القاهرة", "תל אביב", "東京", "서울특별시", "北京市朝阳区", "กรุงเทพฯ", "★ ✓ 😀"],
      (index) => 120 - index * 11,
    ),
  ),
  pie: svgOf(
    fields("arc", "flights.carrier", "flights.count"),
    named(["Enterprise", "Small and medium-sized businesses", "Public sector", "Other"], (index) =>
      Math.round(800 / (index + 1)),
    ),
  ),
  scatter: svgOf(
    fields("point", "flights.distance", "flights.count"),
    table(
      [measure("flights.distance", "Distance in miles", null, "average"), COUNT],
      Array.from({ length: 80 }, (_, index) => [amount(300 + ((index * 97) % 2_200)), amount(wave(index))]),
    ),
  ),
};

test.each(Object.entries(CHARTS))("the chart %s is as it was, on white and on a dark card", (name, svg) => {
  const drawn = PNG.sync.read(Buffer.from(rasterised(svgText(svg), 1, fonts).png));
  const both = new PNG({ width: drawn.width * 2, height: drawn.height });
  for (const [at, ground] of [
    [255, 255, 255],
    [22, 28, 34],
  ].entries())
    laid(drawn, both, at, ground);
  const file = path.join(GOLDEN, `${name}.png`);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(file, PNG.sync.write(both));
  } else expect(difference(PNG.sync.read(readFileSync(file)), both), name).toBeNull();
});

/** A picture on a ground, as the one that is `at` in a row. */
function laid(drawn: PNG, both: PNG, at: number, ground: readonly number[]): void {
  for (let pixel = 0; pixel < drawn.width * drawn.height; pixel += 1) {
    const [x, y] = [pixel % drawn.width, Math.floor(pixel / drawn.width)];
    const to = (y * both.width + at * drawn.width + x) * 4;
    const share = (drawn.data[pixel * 4 + 3] ?? 0) / 255;
    for (const part of [0, 1, 2]) {
      const own = drawn.data[pixel * 4 + part] ?? 0;
      both.data[to + part] = Math.round(own * share + (ground[part] ?? 0) * (1 - share));
    }
    both.data[to + 3] = 255;
  }
}
