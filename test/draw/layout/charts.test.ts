import { describe, expect, test } from "vitest";
import { PALETTE, REST, TEXT } from "../../../src/draw/chart/style.ts";
import {
  amount,
  CARRIER,
  COUNT,
  DELAY,
  daily,
  day,
  fields,
  measure,
  ON_TUESDAY,
  svgOf,
  table,
  textsOf,
  WEEK,
  words,
} from "../samples.ts";

const BARS = fields("bar", "flights.carrier", "flights.count");
const carriers = (names: readonly string[]) =>
  table(
    [CARRIER, COUNT],
    names.map((name, index) => [words(name), amount(1200 + index)]),
  );

/** WCAG 2.2's relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe("colours", () => {
  test.each([...PALETTE, REST])("%s has a contrast of 3 with a white and a dark card", (colour) => {
    expect(contrast(colour, "#ffffff")).toBeGreaterThanOrEqual(3);
    expect(contrast(colour, "#161c22")).toBeGreaterThanOrEqual(3);
  });

  test("of letters have the most that both can have", () => {
    expect(contrast(TEXT, "#ffffff")).toBeGreaterThan(4.1);
    expect(contrast(TEXT, "#161c22")).toBeGreaterThan(4.1);
  });

  test("are all that a chart has: it has no ground of its own", () => {
    expect(svgOf(BARS, carriers(["A", "B"]))).not.toMatch(/fill="(?:#fff|white)/i);
  });
});

describe("names", () => {
  const shown = (names: readonly string[]) => textsOf(svgOf(BARS, carriers(names)));

  test("of days are written in three letters where they have no room, never cut", () => {
    const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    expect(shown(days)).toEqual(expect.arrayContaining(["Mon", "Wed", "Sun"]));
    expect(shown(days).join(" ")).not.toContain("…");
  });

  test("that have no room below upright bars are whole next to bars that lie flat", () => {
    const names = ["Netherlands", "Netherlands Antilles", "Germany", "Bosnia and Herzegovina", "Luxembourg"];
    expect(shown(names).join(" ")).not.toContain("…");
    for (const name of names) expect(shown(names).join(" ")).toContain(name);
  });

  test("that are cut are never alike", () => {
    const long = (end: string) =>
      `${"Acquisition cost of the enterprise segment, partners included ".repeat(2)}${end}`;
    const texts = shown([long("North"), long("South")]);
    expect(texts.join(" ")).toContain("…");
    expect(new Set(texts).size).toBeGreaterThan(texts.length - 2);
    expect(texts.filter((words) => /(North|South)$/.test(words))).toHaveLength(2);
  });

  test("of lines are at their ends, in the order of the ends, none over another", () => {
    const names = ["Delta", "United", "American", "JetBlue"];
    const of = table(
      [WEEK, CARRIER, COUNT],
      names.flatMap((name, index) =>
        [0, 1].map((week) => [
          words(day(week * 7, "2026-11-02")),
          words(name),
          amount(week === 0 ? 10 : 100 - index * 0.1),
        ]),
      ),
    );
    const svg = svgOf(fields("line", "flights.date_week", "flights.count", "flights.carrier"), of);
    const at = names.map((name) => Number(new RegExp(`y="([\\d.]+)"[^>]*>${name}<`).exec(svg)?.[1]));
    expect([...at].sort((a, b) => a - b)).toEqual(at);
    const gaps = at.slice(1).map((y, index) => y - (at[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(18);
  });
});

describe("values", () => {
  test("at the end of a line are short", () => {
    const revenue = measure("flights.average_delay", "Revenue", "$#,##0.00", "sum");
    const of = table(
      [...daily(1).columns.slice(0, 1), revenue],
      [2.01e9, 2_070_112_345].map((value, index) => [
        words(day(index)),
        amount(value, `$${value.toLocaleString("en-US")}.00`),
      ]),
    );
    expect(textsOf(svgOf(fields("line", "flights.date", "flights.average_delay"), of))).toContain("$2.07B");
  });

  test("on an axis that does not begin at zero have it marked as broken", () => {
    const line = fields("line", "flights.date", "flights.average_delay");
    const of = (values: readonly number[]) =>
      table(
        daily(1).columns,
        values.map((value, index) => [words(day(index)), amount(value)]),
      );
    const zigzag = /<path d="M[\d. ]+(?:L[\d. ]+){5}" fill="none" stroke-linejoin/;
    expect(svgOf(line, of([100, 101, 102]))).toMatch(zigzag);
    expect(svgOf(line, of([1, 101, 102]))).not.toMatch(zigzag);
  });
});

describe("a period that is not over", () => {
  const weeks = table(
    [WEEK, COUNT],
    [1500, 1600, 1700, 202].map((value, index) => [words(day(index * 7, "2026-11-09")), amount(value)]),
  );

  test("ends a line in dashes and a ring, and says so", () => {
    const svg = svgOf(fields("line", "flights.date_week", "flights.count"), weeks, { clock: ON_TUESDAY });
    expect(svg).toContain("stroke-dasharray");
    expect(svg).toMatch(/<circle[^>]*fill="none"/);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(["202", "so far"]));
  });

  test("is a pale bar with a dashed edge", () => {
    const svg = svgOf(fields("bar", "flights.date_week", "flights.count"), weeks, { clock: ON_TUESDAY });
    expect(svg.match(/<rect[^>]*stroke-dasharray/g)).toHaveLength(1);
  });

  test("is neither where all are over, or it is not known when the query ran", () => {
    const full = { ...weeks, rows: weeks.rows.slice(0, 3) };
    for (const svg of [
      svgOf(fields("line", "flights.date_week", "flights.count"), full, { clock: ON_TUESDAY }),
      svgOf(fields("line", "flights.date_week", "flights.count"), weeks),
    ])
      expect(svg).not.toContain("stroke-dasharray");
  });
});

describe("what is above a chart", () => {
  test("is what is measured, unless the section's title says it", () => {
    const line = fields("line", "flights.date", "flights.average_delay");
    expect(textsOf(svgOf(line, daily(20)))[0]).toBe("Average delay");
    expect(textsOf(svgOf(line, daily(20), { title: "Average delay by day" }))).not.toContain("Average delay");
  });

  test("of points is kept, and what is across is named below", () => {
    const distance = measure("flights.distance", "Distance", null, "average");
    const of = table(
      [distance, DELAY],
      [1, 2, 3].map((value) => [amount(value), amount(value * 2)]),
    );
    const plan = fields("point", "flights.distance", "flights.average_delay");
    expect(textsOf(svgOf(plan, of, { title: "Average delay" }))).toEqual(
      expect.arrayContaining(["Average delay", "Distance"]),
    );
  });
});

test("a pie of more than six parts is drawn as bars, the largest first", () => {
  const pie = fields("arc", "flights.carrier", "flights.count");
  const seven = ["A", "B", "C", "D", "E", "F", "G"];
  expect(svgOf(pie, carriers(seven.slice(1)))).toContain("A78 78");
  const svg = svgOf(pie, carriers(seven));
  expect(svg).not.toContain("A78 78");
  expect(textsOf(svg).filter((words) => seven.includes(words))).toEqual([...seven].reverse());
});
