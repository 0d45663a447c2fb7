import { PNG } from "pngjs";
import { beforeAll, describe, expect, test } from "vitest";
import { chartProgram } from "../../src/app/programs.ts";
import type { ChartOrder, ChartRenderer, DrawnChart } from "../../src/core/model/picture.ts";
import { openChartRenderer } from "../../src/draw/chart-renderer.ts";
import {
  amount,
  CARRIER,
  COUNT,
  column,
  DATE,
  DELAY,
  daily,
  day,
  fields,
  measure,
  order,
  RATE,
  REVENUE,
  table,
  WEEK,
  wave,
  words,
} from "./samples.ts";

let chartRenderer: ChartRenderer;
beforeAll(() => {
  chartRenderer = openChartRenderer({ start: chartProgram.start, fonts: [] });
});

async function drawn(of: ChartOrder): Promise<DrawnChart & { picture: PNG }> {
  const chart = await chartRenderer.chart(of);
  if (chart === null) throw new Error("nothing was drawn");
  return { ...chart, picture: PNG.sync.read(Buffer.from(chart.png)) };
}

/** Pixels darker than any line or bar's tint, in a part of the picture given in CSS pixels. */
function ink(
  picture: PNG,
  [left, top, right, bottom]: [number, number, number, number],
  isInk = isDark,
): number {
  let pixels = 0;
  for (let y = top * 2; y < Math.min(bottom * 2, picture.height); y += 1) {
    for (let x = left * 2; x < Math.min(right * 2, picture.width); x += 1) {
      const at = (y * picture.width + x) * 4;
      if (
        picture.data[at + 3]! > 100 &&
        isInk(picture.data[at]!, picture.data[at + 1]!, picture.data[at + 2]!)
      )
        pixels += 1;
    }
  }
  return pixels;
}

/** Grey, as letters are; not blue, as the data is. */
function isDark(red: number, green: number, blue: number): boolean {
  return red < 150 && Math.abs(red - blue) < 40 && Math.abs(red - green) < 30;
}

function isBlue(red: number, _: number, blue: number): boolean {
  return blue > red + 60;
}

const LINE = fields("line", "flights.date", "flights.average_delay");
const bars = (labels: readonly string[]) =>
  order(
    fields("bar", "flights.carrier", "flights.count"),
    table(
      [CARRIER, COUNT],
      labels.map((label, index) => [words(label), amount(100 + index * 50)]),
    ),
  );

describe("the picture", () => {
  test("is a PNG of twice its CSS size, without a background: it is shown on light and on dark cards", async () => {
    const { width, height, picture } = await drawn(order(LINE, daily(90)));
    expect([width, picture.width, picture.height]).toEqual([420, 840, height * 2]);
    expect(height).toBeLessThan(300);
    expect(picture.data[3]).toBe(0);
  });

  test("has its words: what is measured, and labels at both axes", async () => {
    const { picture, height } = await drawn(order(LINE, daily(90)));
    expect(ink(picture, [0, 0, 420, 22])).toBeGreaterThan(500);
    expect(ink(picture, [0, 30, 24, 240])).toBeGreaterThan(150);
    expect(ink(picture, [0, 246, 420, height])).toBeGreaterThan(300);
  });

  test("has as much ink in its labels as they have letters", async () => {
    const short = ink((await drawn(bars(["I", "I", "I", "I"]))).picture, [0, 40, 420, 400]);
    const long = await drawn(bars(["Wilmington", "Washington", "Winterthur and", "Wyoming"]));
    expect(ink(long.picture, [0, 40, 420, 400])).toBeGreaterThan(short * 2);
  });

  test("has letters of other scripts, and tells of those that no font has", async () => {
    const { picture, alt, missing } = await drawn(bars(["日本語", "😀😀", "AA"]));
    const blank = await drawn(bars([" ", "  ", "AA"]));
    expect(ink(picture, [0, 200, 420, 300])).toBeGreaterThan(ink(blank.picture, [0, 200, 420, 300]) + 300);
    expect(alt).toContain("日本語");
    expect(missing).toEqual([]);
    expect((await drawn(bars(["ᚠᚱ", "AA"]))).missing).toEqual(["ᚠ", "ᚱ"]);
  });

  test("is higher with more bars, and says which it leaves out", async () => {
    const many = await drawn(bars(Array.from({ length: 55 }, (_, index) => `Carrier ${index}`)));
    expect(many.height).toBeGreaterThan(1_000);
    expect(many.alt).toContain("The first 40 of 55 are drawn.");
  });

  test("breaks its line where there is no value, and draws a dot for a single one", async () => {
    const whole = daily(31);
    const gaps = (isGap: (index: number) => boolean) => ({
      ...whole,
      rows: whole.rows.map((row, index) => (isGap(index) ? [row[0]!, amount(null)] : row)),
    });
    const blue = async (isGap: (index: number) => boolean) =>
      ink((await drawn(order(LINE, gaps(isGap)))).picture, [40, 40, 380, 260], isBlue);
    const [all, some, dots] = [
      await blue(() => false),
      await blue((index) => index > 5 && index < 25),
      await blue((index) => index % 2 === 1),
    ];
    expect(some).toBeLessThan(all / 2);
    expect(dots).toBeGreaterThan(500);
  });

  test("takes hostile cells for words", async () => {
    const hostile = [
      "<script>alert(1)</script>",
      '=HYPERLINK("x")',
      "<!channel>",
      "a\r\nb\u0000",
      "\u202eabc",
      "\ud800",
      "x".repeat(40_000),
      "')]; x",
      "&#0;",
      "]]>",
      "AA",
      "AA",
    ];
    const { alt, series } = await drawn(bars(hostile));
    expect(alt).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(alt.length).toBeLessThan(400);
    expect(series?.series[0]?.points).toHaveLength(12);
  });
});

describe("the alt text", () => {
  test("says first, last, lowest and highest as they are rendered", async () => {
    const values = [8.2, 1.9, 24, 12.4];
    const of = table(
      [DATE, DELAY],
      values.map((value, index) => [words(day(index, "2026-11-01")), amount(value, value.toFixed(1))]),
    );
    expect((await drawn(order(LINE, of))).alt).toBe(
      "Line chart of Average delay by Date: 4 points from 1 November to 4 November; first 8.2, last 12.4, lowest 1.9 (2 November), highest 24.0 (3 November).",
    );
  });

  test("is in the order of the dates, not of the rows", async () => {
    const of = daily(20);
    expect((await drawn(order(LINE, { ...of, rows: [...of.rows].reverse() }))).alt).toBe(
      (await drawn(order(LINE, of))).alt,
    );
  });

  test("tells of one point, and of dates that no calendar has", async () => {
    const of = table(
      [DATE, DELAY],
      [
        [words("2026-11-01"), amount(8.2, "8.2")],
        [words("2026-99-01"), amount(1)],
        [words(""), amount(1)],
      ],
    );
    expect((await drawn(order(LINE, { ...of, rows: of.rows.slice(0, 1) }))).alt).toContain(
      "1 point, 8.2 (1 November)",
    );
    const typed = { ...of, rows: [...of.rows.slice(0, 2), [words("2026-11-02"), amount(3, "3.0")]] };
    expect((await drawn(order(LINE, typed))).alt).toContain("1 of 3 rows have no Date that could be drawn.");
  });
});

describe("series", () => {
  const carriers = ["AA", "DL", "UA"];

  test("are made of a colour field, of several measures, and of pivots", async () => {
    const long = table(
      [DATE, CARRIER, COUNT],
      carriers.flatMap((carrier) =>
        Array.from({ length: 5 }, (_, index) => [
          words(day(index)),
          words(carrier),
          amount(index + carrier.length),
        ]),
      ),
    );
    const names = async (of: ChartOrder) => (await drawn(of)).series?.series.map(({ name }) => name);
    expect(
      await names(order(fields("line", "flights.date", "flights.count", "flights.carrier"), long)),
    ).toEqual(carriers);
    const two = table(
      [DATE, COUNT, DELAY],
      Array.from({ length: 5 }, (_, index) => [words(day(index)), amount(index), amount(wave(index))]),
    );
    expect(
      await names(order(fields("line", "flights.date", ["flights.count", "flights.average_delay"]), two)),
    ).toEqual(["Flights", "Average delay"]);
    const pivots = carriers.map((carrier) => ({
      ...COUNT,
      label: `Flights – ${carrier}`,
      pivot: { values: [carrier], isRowTotal: false },
    }));
    const total = {
      ...COUNT,
      label: "Flights – Row total",
      pivot: { values: ["Row total"], isRowTotal: true },
    };
    const wide = table(
      [DATE, ...pivots, total],
      [
        [words(day(0)), amount(1), amount(2), amount(null), amount(3)],
        [words(day(1)), amount(1), amount(2), amount(4), amount(7)],
      ],
      { pivotLabels: ["Carrier"] },
    );
    const chart = await drawn(order(fields("line", "flights.date", "flights.count"), wide));
    expect(chart.series).toMatchObject({
      yLabel: "Flights",
      series: [
        { name: "AA" },
        { name: "DL" },
        {
          name: "UA",
          points: [
            { x: day(0), y: null },
            { x: day(1), y: 4 },
          ],
        },
      ],
    });
    expect(chart.alt).toContain("Line chart of Flights by Date and Carrier: 3 series.");
  });

  test("how the values are written is passed on, also for pivoted columns; rates and counts together have no common way", async () => {
    const rates = ["AA", "DL"].map((carrier) => ({
      ...COUNT,
      name: "flights.rate",
      label: `Rate – ${carrier}`,
      valueFormat: "0.0%",
      pivot: { values: [carrier], isRowTotal: false },
    }));
    const row = (index: number) => [
      words(day(index)),
      amount(0.25, "25.0%"),
      amount(0.5, "50.0%"),
      amount(7),
    ];
    const shown = table([DATE, ...rates, COUNT], [row(0), row(1)], { pivotLabels: ["Carrier"] });
    const styleOf = async (y: string | string[]) =>
      (await drawn(order(fields("line", "flights.date", y), shown))).series?.style;
    expect(await styleOf("flights.rate")).toMatchObject({ factor: 100, suffix: "%", decimalsMax: 1 });
    expect(await styleOf("flights.count")).toMatchObject({ factor: 1, suffix: "" });
    expect(await styleOf(["flights.rate", "flights.count"])).toBeNull();
  });

  test("beyond eight are left out by size, and it says so", async () => {
    const rows = Array.from({ length: 12 }, (_, carrier) =>
      [0, 1].map((index) => [words(day(index)), words(`C${carrier}`), amount(carrier)]),
    ).flat();
    const { alt, series } = await drawn(
      order(
        fields("line", "flights.date", "flights.count", "flights.carrier"),
        table([DATE, CARRIER, COUNT], rows),
      ),
    );
    expect(series?.series.map(({ name }) => name)).toEqual([
      "C4",
      "C5",
      "C6",
      "C7",
      "C8",
      "C9",
      "C10",
      "C11",
    ]);
    expect(alt).toContain("The 8 largest of 12 Carrier are drawn.");
  });
});

describe("every mark", () => {
  const long = table(
    [WEEK, CARRIER, REVENUE],
    ["AA", "DL"].flatMap((carrier, seed) =>
      Array.from({ length: 12 }, (_, index) => [
        words(day(index * 7, "2026-08-31")),
        words(carrier),
        amount(1e6 + wave(index, seed + 1) * 9e4),
      ]),
    ),
  );

  test.each(["line", "bar", "area", "point"] as const)(
    "%s is drawn over weeks, with and without colours",
    async (mark) => {
      for (const color of [null, "flights.carrier"]) {
        const { picture } = await drawn(
          order(fields(mark, "flights.date_week", "flights.revenue", color), long),
        );
        expect(ink(picture, [40, 40, 640, 320], isBlue)).toBeGreaterThan(300);
      }
    },
  );

  test("arc takes parts of a whole, which are never negative", async () => {
    const parts = (last: number) =>
      order(
        fields("arc", "flights.carrier", "flights.count"),
        table(
          [CARRIER, COUNT],
          Array.from({ length: 12 }, (_, index) => [
            words(`C${index}`),
            amount(index === 11 ? last : 50 - index),
          ]),
        ),
      );
    expect(ink((await drawn(parts(5))).picture, [0, 40, 320, 340], isBlue)).toBeGreaterThan(1_000);
    await expect(chartRenderer.chart(parts(-5))).rejects.toMatchObject({
      code: "invalid_query",
      advice: expect.stringContaining("bar"),
    });
  });

  test("bar starts at zero, whether its values are above or below", async () => {
    const below = order(
      fields("bar", "flights.carrier", "flights.cancelled_rate"),
      table(
        [CARRIER, RATE],
        [
          [words("AA"), amount(-0.05, "-5.0%")],
          [words("DL"), amount(0.02, "2.0%")],
        ],
      ),
    );
    expect((await drawn(below)).alt).toContain("lowest -5.0% (AA), highest 2.0% (DL)");
  });
});

describe("what cannot be drawn", () => {
  test("is nothing without a value", async () => {
    expect(await chartRenderer.chart(order(LINE, daily(0)))).toBeNull();
    expect(
      await chartRenderer.chart(
        order(
          LINE,
          table(
            [DATE, DELAY],
            [
              [words("2026-11-01"), amount(null)],
              [words("2026-11-02"), { value: "NaN", rendered: "NaN" }],
            ],
          ),
        ),
      ),
    ).toBeNull();
  });

  test("is a field that is not there, with the nearest one, or one that is text", async () => {
    await expect(
      chartRenderer.chart(order(fields("line", "flights.dat", "flights.average_delay"), daily(3))),
    ).rejects.toMatchObject({
      code: "config",
      advice: expect.stringContaining('Did you mean "flights.date"?'),
    });
    const text = table(
      [CARRIER, column("flights.name", "Name"), measure("flights.n", "N")],
      [[words("AA"), words("x"), amount(1)]],
    );
    await expect(
      chartRenderer.chart(order(fields("bar", "flights.carrier", "flights.name"), text)),
    ).rejects.toMatchObject({ code: "config", message: expect.stringContaining("is text") });
  });
});

describe("a sparkline", () => {
  const line = (...values: number[]) => ({ values, isLastPartial: false });

  test("is a small PNG of three times its size, with its last value marked", async () => {
    const drawing = await chartRenderer.sparkline(line(1, 5, 3, 8));
    const picture = PNG.sync.read(Buffer.from(drawing?.png ?? []));
    expect([drawing?.width, drawing?.height, picture.width, picture.height]).toEqual([160, 36, 480, 108]);
    const right = ink(picture, [225, 0, 240, 54], isBlue);
    expect(right).toBeGreaterThan(200);
  });

  test("is dashed on the way to a value that is not whole yet", async () => {
    const right = async (isLastPartial: boolean) => {
      const drawing = await chartRenderer.sparkline({ values: [5, 5, 5, 5], isLastPartial });
      return ink(PNG.sync.read(Buffer.from(drawing?.png ?? [])), [165, 24, 225, 30], isBlue);
    };
    expect(await right(true)).toBeLessThan(0.8 * (await right(false)));
  });

  test("needs two values", async () => {
    expect(await chartRenderer.sparkline(line())).toBeNull();
    expect(await chartRenderer.sparkline(line(1, Number.NaN))).toBeNull();
    expect(await chartRenderer.sparkline(line(2, 2))).not.toBeNull();
  });
});
