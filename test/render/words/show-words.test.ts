import { expect, test } from "vitest";
import type { ChartSeries } from "../../../src/core/model/show.ts";
import type { Cell } from "../../../src/core/model/table.ts";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { chartFigures } from "../../../src/render/words/chart-words.ts";
import {
  besides,
  difference,
  kpiBrief,
  kpiChange,
  movedCell,
  periodLine,
} from "../../../src/render/words/show-words.ts";
import { summary } from "../../../src/render/words/words.ts";
import { column, message, NULL, number, section, table, text, words } from "../sample.ts";

test.each([
  [number(1_204), number(1_310), "+106"],
  [number(1_310), number(1_204), "-106"],
  [number(5, "$5.00"), number(3.5, "$3.50"), "-$1.50"],
  [number(-5, "-$5.00"), number(5, "$5.00"), "+$10.00"],
  [number(-5, "$-5"), number(5, "$5"), "+$10"],
  [number(0.058, "5.8%"), number(0.064, "6.4%"), "+0.6 points"],
  [number(1.5, "1.5 min"), number(2, "2 min"), "+0.5 min"],
  [number(1_200, "€ 1,200"), number(1_300, "€ 1,300"), "+€ 100"],
  [number(0), number(0.1, "0.1"), "+0.1"],
  [number(1_234, "1.234"), number(1_300, "1.300"), "+66"],
  [number(1_234_567.5, "1.234.567,50 €"), number(1_233_333.25, "1.233.333,25 €"), "-1.234,25 €"],
  [number(0.1, "10,0 %"), number(0.125, "12,5 %"), "+2,5 points"],
  [number(1_234, "1 234"), number(12), "-1 222"],
  [number(-5, "($5)"), number(-8, "($8)"), "-$3"],
  [number(12, "▲ 12"), number(8, "▲ 8"), "-4"],
])("from %j to %j it moved by %s", (was, now, step) => {
  expect(difference(was, now, ENGLISH)).toBe(step);
  expect(movedCell(was, now, ENGLISH)).toBe(`${was.rendered} → ${now.rendered} (${step})`);
});

test.each<[Cell, Cell]>([
  [text("late"), text("on time")],
  [number(900, "900"), number(1_100, "1.1K")],
  [number(5, "$5"), number(5, "€5")],
  [NULL, number(5)],
  [number(Number.NaN, "NaN"), number(5)],
  [number(5, "five"), number(6, "six")],
  [text("2026-11-02"), text("2026-11-09")],
  [number(1, "<script>"), number(2, "</td>")],
])("from %j to %j there is no difference", (was, now) => {
  expect(difference(was, now, ENGLISH)).toBeNull();
});

test("a missing value is shown as such", () => {
  expect(movedCell(NULL, number(5), ENGLISH)).toBe("∅ → 5");
  expect(movedCell(number(5), NULL, ENGLISH)).toBe("5 → ∅");
});

test("the head names what figures are compared with only where it is their own period that it names", () => {
  const change = {
    direction: "up",
    absolute: "1",
    percent: null,
    from: "6",
    against: "before",
    before: "week",
  } as const;
  const figure = section("Flights", table([], []), {
    show: { kind: "kpi", kpi: { ...KPI, period: "9 to 15 November 2026", change } },
  });
  const head = (period: string) => periodLine(message([figure], { period }));
  expect(head("9 to 15 November 2026")).toBe("9 to 15 November 2026, compared with the week before");
  expect(head("24 August to 15 November 2026")).toBe("24 August to 15 November 2026");
});

test("foreign letters do not turn the words around them", () => {
  const change = {
    direction: "up",
    absolute: "5 د.إ",
    percent: "8.2%",
    from: "61 د.إ",
    against: "before",
  } as const;
  expect(kpiChange({ change }, ENGLISH)).toBe("up \u20685 د.إ\u2069 (8.2%) from \u206861 د.إ\u2069 before");
});

const KPI = {
  label: "Flights",
  value: "7",
  of: null,
  change: null,
  withoutChange: null,
  sparkline: null,
  points: [],
} as const;

test("a figure says whose and of when it is where the message's head does not", () => {
  const head = message([], { period: "9 to 15 November 2026" });
  const dated = { ...KPI, of: "week from 9 November, Delta", whom: "Delta" };
  expect(besides({ ...dated, period: "9 to 15 November 2026" }, head)).toBe("Delta");
  expect(besides({ ...dated, period: "2 to 8 November 2026" }, head)).toBe("week from 9 November, Delta");
  expect(besides({ ...KPI, of: "Delta", whom: "Delta" }, head)).toBe("Delta");
  expect(kpiBrief({ ...KPI, value: "", unit: "min" }, ENGLISH)).toBe("no value");
});

test("a section is summed up by what it shows", () => {
  const rows = table([column("A")], [], { rowCount: 12_431 });
  expect(summary(section("Routes", rows), ENGLISH)).toBe("Routes: 12,431 rows");
  expect(summary(section("Routes", rows, { noun: "routes" }), ENGLISH)).toBe("Routes: 12,431 routes");
  const one = table([column("A")], [[text("JFK")]]);
  expect(summary(section("Routes", one, { noun: "routes" }), ENGLISH)).toBe("Routes: 1 row");
  expect(summary(section("Flights", rows, { show: { kind: "kpi", kpi: KPI } }), ENGLISH)).toBe("Flights: 7");
  expect(summary(words("Notes", "Words."), ENGLISH)).toBe("Notes");
  const changes = { since: null, key: [0], added: [], gone: [], moved: [] };
  const counts = { added: 1_200, gone: 0, moved: 5, same: 9 };
  const of = (since: string | null) =>
    summary(
      section("Carriers", rows, { show: { kind: "changes", changes: { ...changes, since, counts } } }),
      ENGLISH,
    );
  expect(of("2026-11-09T13:00:00.000Z")).toBe("Carriers: 1,200 new, 0 gone, 5 moved");
  expect(of(null)).toBe("Carriers: nothing to compare with yet");
});

const chart = (mark: ChartSeries["mark"], series: ChartSeries["series"]): ChartSeries => ({
  mark,
  xLabel: "Week",
  yLabel: "Rate",
  series,
});
const named = (name: string, ys: readonly (number | null)[]) => ({
  name,
  points: ys.map((y, index) => ({ x: `W${index + 1}`, y })),
});
const RATES = table([column("Rate", true)], [[number(0.05, "5.0%")], [number(0.25, "25.0%")]]);

test("a line is described by its first, last, lowest and highest value, as the table writes them", () => {
  expect(chartFigures(chart("line", [named("Rate", [0.25, null, 0.05, 0.123456])]), RATES, ENGLISH)).toEqual([
    "Rate: first 25.0% (W1), last 0.1235 (W4), lowest 5.0% (W3), highest 25.0% (W1)",
  ]);
  expect(chartFigures(chart("line", [named("Rate", [0.25])]), RATES, ENGLISH)).toEqual(["Rate: 25.0% (W1)"]);
  for (const mark of ["point", "bar"] as const)
    expect(chartFigures(chart(mark, [named("Rate", [1, 2])]), RATES, ENGLISH)).toEqual([
      "Rate: lowest 1 (W1), highest 2 (W2)",
    ]);
  const weeks = {
    name: "Rate",
    points: [
      { x: "2026-11-02", y: 1 },
      { x: "2026-11-09", y: 2 },
    ],
  };
  expect(chartFigures(chart("bar", [weeks]), RATES, ENGLISH)).toEqual([
    "Rate: first 1 (2026-11-02), last 2 (2026-11-09), lowest 1 (2026-11-02), highest 2 (2026-11-09)",
  ]);
});

test("a pie is described by its largest shares", () => {
  expect(chartFigures(chart("arc", [named("Rate", [10, 60, 5, 5, 5, 5, 10])]), RATES, ENGLISH)).toEqual([
    "Rate: W2 60, 60%; W1 10, 10%; W7 10, 10%; W3 5, 5%; W4 5, 5%; and 2 more parts",
  ]);
});

test("a chart without values has no figures, and one of many lines tells the first and counts the others", () => {
  expect(chartFigures(chart("line", [named("A", [null]), named("B", [])]), RATES, ENGLISH)).toEqual([]);
  const many = Array.from({ length: 9 }, (_, index) => named(`S${index}`, [1, 2]));
  const told = chartFigures(chart("line", many), RATES, ENGLISH);
  expect(told).toHaveLength(5);
  expect(told.at(-1)).toBe("and 5 more lines in the picture");
});

test("a number that the table writes in two ways is written plainly", () => {
  const twice = table([column("A", true), column("B", true)], [[number(5, "$5"), number(5, "5%")]]);
  expect(chartFigures(chart("line", [named("A", [5])]), twice, ENGLISH)).toEqual(["Rate: 5 (W1)"]);
});
