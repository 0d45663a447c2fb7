import { PNG } from "pngjs";
import { beforeAll, describe, expect, test } from "vitest";
import { chartProgram } from "../../src/app/programs.ts";
import type { ChartRenderer, DrawnChart } from "../../src/core/model/picture.ts";
import type { ChartPlan } from "../../src/core/model/report.ts";
import { openChartRenderer } from "../../src/draw/chart-renderer.ts";
import {
  amount,
  CARRIER,
  COUNT,
  DATE,
  DELAY,
  daily,
  day,
  fields,
  measure,
  order,
  REVENUE,
  svgOf,
  table,
  textsOf,
  wave,
  words,
} from "./samples.ts";

// A chart shows all that it says it shows, and nothing blank, cut or illegible without a word.

let chartRenderer: ChartRenderer;
beforeAll(() => {
  chartRenderer = openChartRenderer({ start: chartProgram.start, fonts: [] });
});

const FLIGHTS = table(
  [CARRIER, COUNT],
  ["AA", "DL", "UA"].map((carrier, index) => [words(carrier), amount(100 + index)]),
);

function pixels(
  { png }: DrawnChart,
  isWanted: (red: number, green: number, blue: number) => boolean,
  [left, top, right, bottom] = [0, 0, 420, 250],
): number {
  const { data, width, height } = PNG.sync.read(Buffer.from(png));
  let found = 0;
  for (let y = top * 2; y < Math.min(bottom * 2, height); y += 1) {
    for (let x = left * 2; x < right * 2; x += 1) {
      const at = (y * width + x) * 4;
      if ((data[at + 3] ?? 0) > 100 && isWanted(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0))
        found += 1;
    }
  }
  return found;
}

const isBlue = (red: number, _: number, blue: number) => blue > red + 60;
/** Of what has no colour of its own, where it does not lie on something else. */
const isRest = (red: number, green: number, blue: number) =>
  Math.abs(red - 135) < 4 && Math.abs(green - 146) < 4 && Math.abs(blue - 160) < 4;

async function drawn(plan: ChartPlan, of = FLIGHTS): Promise<DrawnChart> {
  const chart = await chartRenderer.chart(order(plan, of));
  if (chart === null) throw new Error("nothing was drawn");
  return chart;
}

const whole = (spec: Record<string, unknown>) => drawn({ kind: "vega_lite", spec });
const grid = (to: string) => ({
  mark: "point",
  transform: [{ calculate: to, as: "a" }, { flatten: ["a"] }, { calculate: to, as: "b" }, { flatten: ["b"] }],
  encoding: { x: { field: "a", type: "quantitative" }, y: { field: "b", type: "quantitative" } },
});

describe("a whole spec", () => {
  test("that names no field of the result, and makes its own, is drawn from its rows", async () => {
    expect(pixels(await whole(grid("sequence(0,9)")), isBlue)).toBeGreaterThan(1_000);
  });

  test("that makes no mark of the rows is an error that says so, and no pair of empty axes", async () => {
    const place = { field: "flights.count" };
    const filtered = { mark: "point", transform: [{ filter: "false" }], encoding: { x: place, y: place } };
    for (const spec of [grid("sequence(0,0)"), filtered]) {
      await expect(whole(spec)).rejects.toMatchObject({
        code: "invalid_query",
        message: "Its spec draws no mark for these rows.",
        advice: expect.stringContaining("transforms"),
      });
    }
  });

  test.each([
    {
      facet: { row: { field: "flights.carrier" } },
      spec: { mark: "bar", encoding: { x: { field: "flights.count" } } },
    },
    {
      layer: [{ mark: "line" }, { mark: "point" }],
      encoding: { x: { field: "flights.carrier" }, y: { field: "flights.count" } },
    },
    {
      mark: "line",
      encoding: {
        x: { field: "flights.count" },
        y: { field: "flights.count" },
        color: { field: "flights.carrier" },
      },
    },
  ])("with its marks deep within is not taken for an empty one: %j", async (spec) => {
    expect((await whole(spec)).png.length).toBeGreaterThan(1_000);
  });
});

test("a pie of zeros is not drawn: it has no parts, and readers are told", async () => {
  const none = table(
    [CARRIER, COUNT],
    ["AA", "DL"].map((carrier) => [words(carrier), amount(0)]),
  );
  await expect(drawn(fields("arc", "flights.carrier", "flights.count"), none)).rejects.toMatchObject({
    code: "invalid_query",
    message: "A pie of zeros has no parts.",
  });
});

describe("a scatter plot of very many colours", () => {
  const DISTANCE = measure("flights.distance", "Distance", null, "average");
  const cloud = (carriers: number) =>
    table(
      [DISTANCE, CARRIER, COUNT],
      Array.from({ length: carriers * 6 }, (_, index) => [
        amount(Math.round(index / 4)),
        words(`C${index % carriers}`),
        amount(Math.round(wave(index)) + (index % carriers) * 10),
      ]),
    );
  const PLAN = fields("point", "flights.distance", "flights.count", "flights.carrier");

  test("has all of its points: eight colours, and grey for the others", async () => {
    const chart = await drawn(PLAN, cloud(14));
    const names = ["C6", "C7", "C8", "C9", "C10", "C11", "C12", "C13", "6 others"];
    expect(chart.series?.series.map(({ name }) => name)).toEqual(names);
    expect(chart.series?.series.flatMap(({ points }) => points)).toHaveLength(14 * 6);
    expect(pixels(chart, isRest)).toBeGreaterThan(500);
    expect(chart.alt).toContain("8 series and 6 others.");
    expect(chart.alt).toContain("The 8 largest of 14 Carrier have a colour of their own.");
  });

  test("calls a single one that is left by its name, and eight are only colours", async () => {
    expect((await drawn(PLAN, cloud(9))).series?.series.map(({ name }) => name)).toContain("C0");
    const eight = await drawn(PLAN, cloud(8));
    expect(eight.alt).not.toContain("colour");
    expect(pixels(eight, isRest)).toBeLessThan(100);
  });

  test("may have more points than a call takes arguments", () => {
    const row = [amount(1), words("AA"), amount(2)];
    const many = table(
      [DISTANCE, CARRIER, COUNT],
      Array.from({ length: 200_000 }, () => row),
    );
    expect(svgOf(PLAN, many).match(/<circle/g)).toHaveLength(200_000);
  });
});

describe("figures", () => {
  const LINE = fields("line", "flights.date", "flights.average_delay");

  test("along the axis of a single value are round ones", () => {
    const one = table([DATE, DELAY], [[words(day(0)), amount(14.898618, "14.9")]]);
    expect(textsOf(svgOf(LINE, one))).toEqual(expect.arrayContaining(["0", "5", "10", "15", "14.9"]));
  });

  test("that are not rounded are written as their column says, or with few digits", async () => {
    const raw = (column = DELAY) =>
      table(
        [DATE, column],
        [
          [words(day(0)), amount(14.898618, "14.898618")],
          [words(day(1)), amount(0.012345, "0.012345")],
        ],
      );
    expect((await drawn(LINE, raw())).alt).toContain("first 14.9, last 0.0,");
    const plain = measure("flights.average_delay", "Average delay", null, "average");
    expect((await drawn(LINE, raw(plain))).alt).toContain("first 14.9, last 0.0123,");
  });

  const legend = (values: readonly number[], rendered = String) => {
    const share = measure("flights.share", "Share", null, "average");
    const of = table(
      [CARRIER, share],
      values.map((value, index) => [words(`C${index}`), amount(value, rendered(value))]),
    );
    return textsOf(svgOf(fields("arc", "flights.carrier", "flights.share"), of, { title: "Share" }));
  };

  test("of a pie's legend have as many decimals as each other", () => {
    expect(legend([50, 33.333333, 10.5, 8.25])).toEqual([
      "C0",
      "50.00 · 49.0%",
      "C1",
      "33.33 · 32.7%",
      "C2",
      "10.50 · 10.3%",
      "C3",
      "8.25 · 8.1%",
    ]);
    expect(legend([50, 30, 20])).toEqual(["C0", "50 · 50%", "C1", "30 · 30%", "C2", "20 · 20%"]);
    expect(legend([2_000, 999, 1])).toEqual([
      "C0",
      "2000 · 66.7%",
      "C1",
      "999 · 33.3%",
      "C2",
      "1 · &lt;0.1%",
    ]);
  });

  test("of a pie's legend are in the number format of the report, its shares too", () => {
    const revenue = { ...REVENUE, valueFormat: "#,##0.00", separators: { group: ".", decimal: "," } };
    const of = table(
      [CARRIER, revenue],
      [
        [words("A"), amount(1234.5, "1.234,50")],
        [words("B"), amount(600, "600,00")],
        [words("C"), amount(0.5, "0,50")],
      ],
    );
    expect(textsOf(svgOf(fields("arc", "flights.carrier", "flights.revenue"), of))).toEqual([
      "Revenue",
      ...["A", "1.234,50 · 67,3%", "B", "600,00 · 32,7%", "C", "0,50 · &lt;0,1%"],
    ]);
  });
});

describe("letters that no font has", () => {
  const named = (carrier: string) =>
    chartRenderer.chart(
      order(
        {
          kind: "vega_lite",
          spec: {
            mark: "bar",
            encoding: { y: { field: "flights.carrier" }, x: { field: "flights.count" } },
          },
        },
        table([CARRIER, COUNT], [[words(carrier), amount(5)]]),
      ),
    );

  test("are named, each once and not too many of them", async () => {
    const chart = await named("ᚠᚱ ᚠᚱ 𐌰 Zürich");
    expect(chart?.missing).toEqual(["ᚠ", "ᚱ", "𐌰"]);
    const many = await named(
      Array.from({ length: 40 }, (_, index) => String.fromCodePoint(0x16a0 + index)).join(""),
    );
    expect(many?.missing.length).toBeLessThan(20);
  });

  test("are none in text that comes with fonts of ours, including marks, markup and joiners", async () => {
    const all = "Zürich–Genève <b>&amp; ñ Ж Ω\u200d\ufe0f 日本語 关系 서울 القاهرة תל אביב กรุงเทพฯ ★✓⬇ 😀";
    expect((await named(all))?.missing).toEqual([]);
    expect((await drawn(fields("line", "flights.date", "flights.average_delay"), daily(5))).alt).toContain(
      "5 points",
    );
  });
});
