import { expect, test } from "vitest";
import { excelFormat, formatAsRendered } from "../../../src/render/xlsx/number-format.ts";

test.each([
  ["$#,##0.00", "$#,##0.00"],
  ['"$"#,##0.00', '"$"#,##0.00'],
  ["0.0%", "0.0%"],
  ['#,##0,"K"', '#,##0,"K"'],
  ['[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0'],
  ["#,##0;[Red](#,##0)", "#,##0;[Red](#,##0)"],
  ["\\£#,##0", "\\£#,##0"],
  ["€#,##0.00", "€#,##0.00"],
  ["[$€-407] #,##0.00", "[$€-407] #,##0.00"],
  ["0.00E+00", "0.00E+00"],
  ["[h]:mm:ss", "[h]:mm:ss"],
  ["mm/dd/yyyy h:mm AM/PM", "mm/dd/yyyy h:mm AM/PM"],
  ["ss.00", "ss.00"],
  ["General", "General"],
  ["@", "@"],
])("%j is a format of Excel's as it is", (written, code) => {
  expect(excelFormat(written)).toBe(code);
});

test.each([
  ["0.0,K", '0.0,"K"'],
  ["0.0,,M", '0.0,,"M"'],
  ["#,##0 days", '#,##0 "days"'],
  ["0 bps", '0 "bps"'],
  ["0.0 km/h", '0.0 "km"/"h"'],
])("letters without quotes in %j are words", (written, code) => {
  expect(excelFormat(written)).toBe(code);
});

test.each([
  ["usd", '"$"#,##0.00'],
  ["eur_0", '"€"#,##0'],
  ["decimal_2", "#,##0.00"],
  ["decimal_0", "#,##0"],
  ["percent_1", "0.0%"],
  ["id", "0"],
])("Looker's named format %s is known", (name, code) => {
  expect(excelFormat(name)).toBe(code);
});

test.each([
  "",
  '"never closed',
  "0\\",
  "[>=1000",
  "0]",
  "[evil]0",
  "0;0;0;0;0",
  "0.0.0",
  "[>1]0;[>2]0;[>3]0",
  "0".repeat(300),
])("%j, which Excel would take for damage, is left out", (written) => {
  expect(excelFormat(written)).toBeNull();
});

const cells = (pairs: readonly (readonly [number | string, string])[]) =>
  pairs.map(([value, rendered]) => ({ value, rendered }));

test("without a format in the model, the rendered values show it", () => {
  expect(
    formatAsRendered(
      cells([
        [1204, "1,204"],
        [3, "3"],
      ]),
    ),
  ).toBe("#,##0");
  expect(
    formatAsRendered(
      cells([
        [1204.5, "$1,204.50"],
        [-3, "-$3.00"],
      ]),
    ),
  ).toBe('"$"#,##0.00');
  expect(
    formatAsRendered(
      cells([
        [0.0534, "5.3%"],
        [1, "100.0%"],
      ]),
    ),
  ).toBe("0.0%");
  expect(
    formatAsRendered(
      cells([
        [2.5, "2.50"],
        ["x", "x"],
      ]),
    ),
  ).toBe("0.00");
});

test("a format that would show other numbers than Looker does is not made up", () => {
  expect(formatAsRendered([])).toBeNull();
  expect(
    formatAsRendered(
      cells([
        [1.25, "1.25"],
        [3, "3"],
      ]),
    ),
  ).toBeNull();
  expect(formatAsRendered(cells([[1_200_000, "1.2"]]))).toBeNull();
  expect(formatAsRendered(cells([[12, "12%"]]))).toBeNull();
  expect(formatAsRendered(cells([[12, "12 EUR"]]))).toBeNull();
  expect(formatAsRendered(cells([[1200, "1.200"]]))).toBeNull();
});
