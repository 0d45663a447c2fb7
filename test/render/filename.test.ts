import { expect, test } from "vitest";
import { distinctFilename, filename } from "../../src/render/filename.ts";

test.each([
  ["weekly-delays", "weekly-delays.csv"],
  ["delays.csv", "delays.csv"],
  ["DELAYS.CSV", "DELAYS.csv"],
  ["Delay by carrier / week 46", "Delay by carrier - week 46.csv"],
  ["../../etc/passwd", "etc-passwd.csv"],
  ["..\\..\\windows\\system32", "windows-system32.csv"],
  [".hidden", "hidden.csv"],
  ["Verspätungen München 日本 ✈", "Verspätungen München 日本 ✈.csv"],
  ["con", "_con.csv"],
  ["LPT1", "_LPT1.csv"],
  ["nul.tar", "_nul.tar.csv"],
  ["console", "console.csv"],
  ['a<b>c:d"e|f?g*h', "a-b-c-d-e-f-g-h.csv"],
  ["line\r\nContent-Type: x", "line Content-Type- x.csv"],
  ["nul\u0000byte\u0007", "nulbyte.csv"],
  ["report\u202Efdp", "reportfdp.csv"],
  ["trailing. . ", "trailing.csv"],
  ["", "report.csv"],
  ["...", "report.csv"],
  ["///", "report.csv"],
  ["lone \ud800", "lone \ufffd.csv"],
])("the stem %j makes the file %j", (stem, expected) => {
  expect(filename(stem, "csv")).toBe(expected);
});

test.each(["a".repeat(400), "日".repeat(400), "👩‍👩‍👧‍👦".repeat(100), `${"é".repeat(71)}.csv`])(
  "a long name keeps its extension, splits no character and stays within 150 bytes (%#)",
  (stem) => {
    const name = filename(stem, "csv");
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(150);
    expect(Buffer.byteLength(name)).toBeGreaterThan(120);
    expect(name.endsWith(".csv")).toBe(true);
    expect(name.isWellFormed()).toBe(true);
    expect(
      name
        .slice(0, -4)
        .replaceAll("👩‍👩‍👧‍👦", "")
        .replace(/[a日é]/gu, ""),
    ).toBe("");
  },
);

test("without an extension the name stays as it is", () => {
  expect(filename("run 7/3")).toBe("run 7-3");
});

test("a name that is taken, in any case, is numbered before its ending", () => {
  const taken = new Set<string>();
  const names = ["Delays.csv", "delays.csv", "delays-2.csv", "README", "readme", ".env", ".env"];
  expect(names.map((name) => distinctFilename(name, taken))).toEqual([
    "Delays.csv",
    "delays-2.csv",
    "delays-2-2.csv",
    "README",
    "readme-2",
    ".env",
    ".env-2",
  ]);
});
