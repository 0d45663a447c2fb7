import { expect, test } from "vitest";
import { flatLabel, headingLines } from "../../../src/render/words/headings.ts";
import { column, rowTotal } from "../sample.ts";

const brief = (lines: ReturnType<typeof headingLines>) =>
  lines.map((line) => line.map(({ text, span, depth }) => `${text} ${span}x${depth}`));

test("a table without pivots has one line", () => {
  expect(brief(headingLines({ columns: [column("A"), column("B", true)], pivotLabels: [] }))).toEqual([
    ["A 1x1", "B 1x1"],
  ]);
});

test("a pivot puts its values over the measures, and columns outside it over both lines", () => {
  const columns = [
    column("Origin"),
    column("Flights", true, ["2026-10"]),
    column("Delay", true, ["2026-10"]),
    { ...column("Flights", true, [""]), label: "Flights" },
    rowTotal("Flights"),
    rowTotal("Delay"),
    column("Share", true),
  ];
  expect(brief(headingLines({ columns, pivotLabels: ["Month"] }))).toEqual([
    ["Origin 1x2", "2026-10 2x1", "∅ 1x1", "Row total 2x1", "Share 1x2"],
    ["Flights 1x1", "Delay 1x1", "Flights 1x1", "Flights 1x1", "Delay 1x1"],
  ]);
});

test("two pivot fields make two lines, and equal inner values of different outer ones stay apart", () => {
  const columns = [
    column("O"),
    ...["2025", "2026"].flatMap((year) => ["Q1", "Q2"].map((q) => column("N", true, [year, q]))),
  ];
  expect(
    brief(headingLines({ columns: [...columns, rowTotal("N")], pivotLabels: ["Year", "Quarter"] })),
  ).toEqual([
    ["O 1x3", "2025 2x1", "2026 2x1", "Row total 1x2"],
    ["Q1 1x1", "Q2 1x1", "Q1 1x1", "Q2 1x1"],
    ["N 1x1", "N 1x1", "N 1x1", "N 1x1", "N 1x1"],
  ]);
});

test("on one line a pivoted column bears its values once, whether its label has them already or not", () => {
  const pivoted = column("Flights", true, ["2026", "Q1"]);
  expect(flatLabel(pivoted)).toBe("Flights – 2026 – Q1");
  expect(flatLabel({ ...pivoted, label: "Flights" })).toBe("Flights – 2026 – Q1");
  expect(flatLabel(rowTotal("Flights"))).toBe("Flights – Row total");
});
