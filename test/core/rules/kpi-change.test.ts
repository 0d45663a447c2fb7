import { describe, expect, test } from "vitest";
import type { Column } from "../../../src/core/model/table.ts";
import { clockOf } from "../../../src/core/rules/dates/clock.ts";
import { kpiOf } from "../../../src/core/rules/kpi.ts";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { datesIn } from "../../dates.ts";
import { amount, measure, table, WEEK, words } from "../../draw/samples.ts";

const dueAt = new Date("2026-11-16T13:00:00Z");

type Shown = readonly [value: number, rendered: string];

function change([now, before]: readonly [Shown, Shown], more: Partial<Column>) {
  const { kpi } = kpiOf({
    table: table(
      [WEEK, { ...measure("orders.sales", "Sales", null, "sum"), ...more }],
      [
        [words("2026-11-09"), amount(...now)],
        [words("2026-11-02"), amount(...before)],
      ],
    ),
    field: "orders.sales",
    compare: "previous",
    history: [],
    last: null,
    timezone: "UTC",
    partial: "hide",
    phrases: ENGLISH,
    clock: clockOf({ ranAt: dueAt, dates: datesIn("UTC"), filters: {} }),
    dueAt,
  });
  const { direction, absolute, percent } = kpi.change ?? {};
  return `${direction} ${absolute}${percent === null ? "" : ` (${percent})`}`;
}

const GERMAN = { group: ".", decimal: "," };
const FRENCH = { group: "\u202f", decimal: "," };
const SWISS = { group: "'", decimal: "." };

describe("a change is written as its numbers are", () => {
  const EURO = '#,##0.00 "€"';
  const cases: [string, [Shown, Shown], Partial<Column>, string][] = [
    [
      "German",
      [
        [1234, "1.234"],
        [1200, "1.200"],
      ],
      { separators: GERMAN, valueFormat: "#,##0" },
      "up 34 (2,8%)",
    ],
    [
      "German money",
      [
        [1_234_567.5, "1.234.567,50 €"],
        [1_233_333.25, "1.233.333,25 €"],
      ],
      { separators: GERMAN, valueFormat: EURO },
      "up 1.234,25 € (0,1%)",
    ],
    [
      "German, rounded to the same figure in two units",
      [
        [1_000_000, "1,0M"],
        [999_999.5, "1.000,0K"],
      ],
      { separators: GERMAN, valueFormat: '[>=1000000]0.0,,"M";#,##0.0,"K"' },
      "up 0,5 (<0,1%)",
    ],
    [
      "a German share",
      [
        [0.125, "12,5%"],
        [0.1, "10,0%"],
      ],
      { separators: GERMAN, valueFormat: "0.0%" },
      "up 2,5 points",
    ],
    [
      "without a format",
      [
        [1234, "1.234"],
        [200, "200"],
      ],
      { separators: GERMAN },
      "up 1.034 (517,0%)",
    ],
    [
      "without a format, or a word of Looker's",
      [
        [1234, "1.234"],
        [200, "200"],
      ],
      {},
      "up 1.034 (517.0%)",
    ],
    [
      "with a format alone",
      [
        [1234.5, "1.234,50 €"],
        [200, "200,00 €"],
      ],
      { valueFormat: EURO },
      "up 1.034,50 € (517.3%)",
    ],
    [
      "French",
      [
        [12345.6, "12\u202f345,6"],
        [2345.6, "2\u202f345,6"],
      ],
      { separators: FRENCH },
      "up 10\u202f000,0 (426,3%)",
    ],
    [
      "Swiss",
      [
        [12345.6, "12'345.6"],
        [2345.6, "2'345.6"],
      ],
      { separators: SWISS },
      "up 10'000.0 (426.3%)",
    ],
    [
      "hardly",
      [
        [1_000_001, "1.000.001"],
        [1_000_000, "1.000.000"],
      ],
      { separators: GERMAN },
      "up 1 (<0,1%)",
    ],
  ];
  test.each(cases)("%s", (_, shown, column, told) => {
    expect(change(shown, column)).toBe(told);
  });
});

describe("a length of time is told as one", () => {
  const cases: [string, [Shown, Shown], string][] = [
    [
      "h:mm:ss",
      [
        [0.03125, "0:45:00"],
        [0.5 / 24, "0:30:00"],
      ],
      "up 0:15:00 (50.0%)",
    ],
    [
      "[h]:mm",
      [
        [1.5, "36:00"],
        [1.25, "30:00"],
      ],
      "up 6:00 (20.0%)",
    ],
    [
      "[hh]:mm:ss",
      [
        [0.5 / 24, "00:30:00"],
        [0.03125, "00:45:00"],
      ],
      "down 00:15:00 (33.3%)",
    ],
    // Beyond a day, where a clock would begin again.
    [
      "h:mm",
      [
        [3, "0:00"],
        [1, "0:00"],
      ],
      "level 0:00 (0.0%)",
    ],
    [
      "h:mm",
      [
        [3.5, "12:00"],
        [1.25, "6:00"],
      ],
      "up 54:00 (180.0%)",
    ],
    [
      "mm:ss",
      [
        [90 / 86_400, "01:30"],
        [59.7 / 86_400, "01:00"],
      ],
      "up 00:30 (50.8%)",
    ],
    [
      "m:ss.0",
      [
        [61.25 / 86_400, "1:01.3"],
        [61 / 86_400, "1:01.0"],
      ],
      "up 0:00.3 (0.4%)",
    ],
    [
      'h"h" mm"m"',
      [
        [0.0625, "1h 30m"],
        [0.5 / 24, "0h 30m"],
      ],
      "up 1h 00m (200.0%)",
    ],
    [
      "[s]",
      [
        [90 / 86_400, "90"],
        [60 / 86_400, "60"],
      ],
      "up 30 (50.0%)",
    ],
  ];
  test.each(cases)("%s", (valueFormat, shown, told) => {
    expect(change(shown, { valueFormat })).toBe(told);
  });
});

describe("a format's own sign is not told a second time", () => {
  const cases: [string, [Shown, Shown], string][] = [
    [
      "▲ 0.0%;▼ 0.0%",
      [
        [0.05, "▲ 5.0%"],
        [0.02, "▲ 2.0%"],
      ],
      "up 3.0 points",
    ],
    [
      "▲ 0.0%;▼ 0.0%",
      [
        [-0.05, "▼ 5.0%"],
        [-0.02, "▼ 2.0%"],
      ],
      "down 3.0 points",
    ],
    [
      "+0.0%;-0.0%",
      [
        [-0.01, "-1.0%"],
        [0.02, "+2.0%"],
      ],
      "down 3.0 points",
    ],
    [
      "+#,##0;-#,##0;0",
      [
        [1500, "+1,500"],
        [500, "+500"],
      ],
      "up 1,000 (200.0%)",
    ],
    [
      "($#,##0)",
      [
        [1500, "($1,500)"],
        [500, "($500)"],
      ],
      "up $1,000 (200.0%)",
    ],
    [
      "$#,##0.00;($#,##0.00)",
      [
        [-1234.5, "($1,234.50)"],
        [-1000, "($1,000.00)"],
      ],
      "down $234.50",
    ],
    [
      "🔺0;🔻0",
      [
        [7, "🔺7"],
        [5, "🔺5"],
      ],
      "up 2 (40.0%)",
    ],
  ];
  test.each(cases)("%s", (valueFormat, shown, told) => {
    expect(change(shown, { valueFormat })).toBe(told);
  });
});

describe("what readers see differ has changed, and by what they see", () => {
  const SHORT = '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0';
  const cases: [[Shown, Shown], string][] = [
    [
      [
        [1_260_000, "1.3M"],
        [1_240_000, "1.2M"],
      ],
      "up 100.0K (1.6%)",
    ],
    [
      [
        [1_240_000, "1.2M"],
        [1_230_000, "1.2M"],
      ],
      "level 0 (0.0%)",
    ],
    [
      [
        [1_234_567.5, "1.2M"],
        [999_999, "1000.0K"],
      ],
      "up 200.0K (23.5%)",
    ],
    // Alike but for their unit.
    [
      [
        [1_000_400, "1.0M"],
        [999_999, "1000.0K"],
      ],
      "up 401 (<0.1%)",
    ],
  ];
  test.each(cases)("%j", (shown, told) => {
    expect(change(shown, { valueFormat: SHORT })).toBe(told);
  });

  test("in one unit", () => {
    expect(
      change(
        [
          [1_260_000, "1.3M"],
          [1_240_000, "1.2M"],
        ],
        { valueFormat: '0.0,,"M"' },
      ),
    ).toBe("up 0.1M (1.6%)");
  });

  test("a loss has no percentage to grow by", () => {
    expect(
      change(
        [
          [-90, "-90"],
          [-100, "-100"],
        ],
        {},
      ),
    ).toBe("up 10");
    expect(
      change(
        [
          [10, "10"],
          [-5, "-5"],
        ],
        {},
      ),
    ).toBe("up 15");
    expect(
      change(
        [
          [-5, "-5"],
          [10, "10"],
        ],
        {},
      ),
    ).toBe("down 15 (150.0%)");
  });
});
