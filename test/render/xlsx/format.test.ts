import { readFile } from "node:fs/promises";
import { readXlsx } from "hucre/xlsx";
import { expect, test } from "vitest";
import type { Result } from "../../../src/core/model/result.ts";
import type { Cell, Column } from "../../../src/core/model/table.ts";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { xlsxFormat } from "../../../src/render/xlsx/format.ts";
import { xlsxOptions } from "../../../src/render/xlsx/schema.ts";
import { workbookMembers } from "../../../src/render/xlsx/workbook.ts";
import { writeZip } from "../../../src/render/zip/writer.ts";
import { inputOf, largeCsv, made, result } from "../file-input.ts";
import { column, HOSTILE, NULL, number, routes, rowTotal, table, text } from "../sample.ts";
import { NEVER, spoolFolder } from "../spool.ts";
import { hasPython, readBook, valuesOf } from "./read.ts";

const read = test.skipIf(!hasPython);

async function book(results: Record<string, Result | null>, options: Record<string, unknown> = {}) {
  const { artifact } = await made(xlsxFormat, await inputOf(results), xlsxOptions.parse(options));
  return { artifact, ...readBook(artifact.file.path) };
}

function typed(label: string, type: string, more: Partial<Column> = {}): Column {
  return { ...column(label, more.isNumeric ?? false), type, ...more };
}

read("values have the types of their fields, and numbers the model's format (needs python3)", async () => {
  const columns = [
    typed("Name", "string"),
    typed("Day", "date_date"),
    typed("At", "date_time"),
    typed("Month", "date_month"),
    typed("Late", "yesno"),
    typed("Cost", "sum", { isNumeric: true, valueFormat: "$#,##0.00" }),
    typed("Rate", "average", { isNumeric: true, valueFormat: "0.0%" }),
    typed("Count", "count", { isNumeric: true }),
  ];
  const row: Cell[] = [
    text("Delta"),
    text("2026-11-16"),
    text("2026-11-16 13:05:41"),
    text("2026-11"),
    text("Yes"),
    number(1200.5, "$1,200.50"),
    number(0.0532, "5.3%"),
    number(12431),
  ];
  const totals = [NULL, NULL, NULL, NULL, NULL, number(1200.5), NULL, number(12431)];
  const { sheets, artifact } = await book({ Delays: result(table(columns, [row], { totals })) });
  const [sheet] = sheets;
  expect(valuesOf(sheet)).toEqual([
    ["Name", "Day", "At", "Month", "Late", "Cost", "Rate", "Count"],
    ["Delta", 46342, expect.closeTo(46342.545613, 6), 46327, true, 1200.5, 0.0532, 12431],
    ["Total", null, null, null, null, 1200.5, null, 12431],
  ]);
  expect(Object.values(sheet?.rows[1] ?? {}).map(({ format }) => format)).toEqual([
    null,
    "yyyy\\-mm\\-dd",
    "yyyy\\-mm\\-dd\\ hh:mm:ss",
    "yyyy\\-mm",
    null,
    "$#,##0.00",
    "0.0%",
    "#,##0",
  ]);
  expect(sheet?.rows[2]?.[5]).toMatchObject({ bold: true, format: "$#,##0.00" });
  expect(sheet).toMatchObject({ name: "Delays", frozen: "1", filter: "A1:H2" });
  expect(artifact).toMatchObject({ filename: "delays.xlsx", rows: 1, sections: [0] });
});

read(
  "subtotals are below their rows, set in by their level, and no filter sorts them apart (needs python3)",
  async () => {
    const columns = [typed("Region", "string"), typed("State", "string"), typed("City", "string")];
    const flights = typed("Flights", "count", { isNumeric: true });
    const row = (region: string, state: string, city: string, count: number): Cell[] => [
      text(region),
      text(state),
      text(city),
      number(count),
    ];
    const sums = (region: string, state: string | null, count: number): Cell[] => [
      text(region),
      state === null ? NULL : text(state),
      NULL,
      number(count),
    ];
    const rows = [row("N", "ME", "Bangor", 1), row("N", "ME", "Bath", 2), row("S", "TX", "Austin", 4)];
    const subtotals = [
      { after: 1, cells: sums("N", "ME", 3) },
      { after: 1, cells: sums("N", null, 3) },
      { after: 2, cells: sums("S", "TX", 4) },
      { after: 2, cells: sums("S", null, 4) },
    ];
    const totals = [NULL, NULL, NULL, number(7)];
    const whole = table([...columns, flights], rows, { subtotals, totals });
    const [sheet] = (await book({ Delays: result(whole) })).sheets;
    expect(valuesOf(sheet)).toEqual([
      ["Region", "State", "City", "Flights"],
      ["N", "ME", "Bangor", 1],
      ["N", "ME", "Bath", 2],
      ["N", "ME", "Subtotal", 3],
      ["N", "Subtotal", null, 3],
      ["S", "TX", "Austin", 4],
      ["S", "TX", "Subtotal", 4],
      ["S", "Subtotal", null, 4],
      ["Total", null, null, 7],
    ]);
    expect(sheet?.levels).toEqual([0, 2, 2, 1, 0, 2, 1, 0, 0]);
    expect(sheet?.numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(sheet?.rows[3]?.[3]).toMatchObject({ bold: true });
    expect(sheet?.filter).toBeNull();
  },
);

read("hostile texts come back as they were, as texts (needs python3)", async () => {
  const more = [
    "_x0041_",
    "_x000D_ and _x005f_",
    "a\rb",
    "=1+1",
    "+49 40",
    "-2",
    "@SUM(A1)",
    " lead",
    "0123",
    "١٢",
    "\ufffe",
  ];
  const cells = [...HOSTILE, ...more].filter((one) => one !== "");
  const { sheets } = await book({
    Hostile: result(
      table(
        [column("T"), column("N", true)],
        cells.map((one) => [text(one), number(1)]),
      ),
    ),
  });
  const expected = cells.map((one) =>
    one.length > 32_767
      ? expect.stringMatching(/… \(cut\)$/)
      : one.toWellFormed().replace(/[^\P{Cc}\t\n\r]|\ufffe/gu, "\ufffd"),
  );
  expect(
    valuesOf(sheets[0])
      .slice(1)
      .map(([one]) => one),
  ).toEqual(expected);
  for (const [one] of valuesOf(sheets[0])) expect(String(one).length).toBeLessThanOrEqual(32_767);
  expect(valuesOf(sheets.at(-1)).flat()).toEqual([
    expect.stringMatching(/^Hostile: 2 cells of more than 32,767 characters/),
    expect.stringMatching(/^Hostile: \d cells with characters that a workbook cannot hold/),
  ]);
});

read("numbers that Excel would change, and what is not a number, are texts (needs python3)", async () => {
  const values = [
    1234567890123456,
    0.1 + 0.2,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    999999999999999,
    1e300,
  ];
  const texts = [
    "12345678901234567890",
    "1.5",
    "007",
    "1e5",
    "n/a",
    "-.5",
    "90071992547409931.50",
    "0.12345678901234567890",
    "0.30000000000000004",
    "1234.50000000000000000",
  ];
  const rows = [
    ...values.map((value) => ({ value, rendered: String(value) })),
    ...texts.map((one) => text(one)),
  ];
  const { sheets } = await book({
    N: result(
      table(
        [typed("N", "number", { isNumeric: true })],
        rows.map((one) => [one]),
      ),
    ),
  });
  expect(valuesOf(sheets[0]).slice(1).flat()).toEqual([
    "1234567890123456",
    0.1 + 0.2,
    "NaN",
    "Infinity",
    0,
    999999999999999,
    BigInt(1e300).toString(),
    "12345678901234567890",
    1.5,
    "007",
    100000,
    "n/a",
    -0.5,
    "90071992547409931.50",
    "0.12345678901234567890",
    0.1 + 0.2,
    1234.5,
  ]);
  expect(valuesOf(sheets[1]).flat()).toEqual([
    "N: 5 cells with a number of more than 15 digits, the most that Excel keeps, written as text.",
  ]);
});

read("parts of dates are numbers, and the last instant of a day is in it (needs python3)", async () => {
  const columns = [
    typed("Hour", "date_hour_of_day", { isNumeric: true }),
    typed("Week", "date_week_of_year", { isNumeric: true }),
    typed("Untold", "date_hour_of_day"),
    typed("At", "date_time"),
  ];
  const rows = [
    [text("0"), number(46), text("7"), text("2026-11-16 23:59:59.9999")],
    [number(13), text("53"), text("13"), text("2026-11-16 13:05:41.25")],
  ];
  const { sheets } = await book({ Parts: result(table(columns, rows)) });
  expect(valuesOf(sheets[0]).slice(1)).toEqual([
    [0, 46, 7, expect.closeTo(46342.99999999, 7)],
    [13, 53, 13, expect.closeTo(46342.545616, 6)],
  ]);
});

read(
  "dates out of Excel's range, or that do not exist, stay as they are written (needs python3)",
  async () => {
    const days = [
      "1900-02-28",
      "1900-03-01",
      "9999-12-31",
      "0099-01-01",
      "2026-02-30",
      "2026-13-01",
      "2024-02-29",
      "2026-11-16 25:00",
      "soon",
      "2026",
    ];
    const { sheets } = await book({
      D: result(
        table(
          [typed("D", "date_date")],
          days.map((day) => [text(day)]),
        ),
      ),
    });
    expect(valuesOf(sheets[0]).slice(1).flat()).toEqual([
      "1900-02-28",
      61,
      2958465,
      "0099-01-01",
      "2026-02-30",
      "2026-13-01",
      45351,
      "2026-11-16 25:00",
      "soon",
      2026,
    ]);
  },
);

read(
  "sheets have names that Excel takes, each once, and their links, filters and print titles (needs python3)",
  async () => {
    const titles = [
      "Delays: by [carrier]/week?",
      "HISTORY",
      "delays- by -carrier-week-",
      "x".repeat(60),
      "X".repeat(60),
      "'quoted'",
      "",
      "O'Hare",
      "日本".repeat(40),
      "e\u0301".repeat(31),
    ];
    const one = result(
      table(
        [column("Route")],
        [[text("ATL", "https://looker.example.com/x?a=1&b=2#f")], [text("JFK", "javascript:alert(1)")]],
      ),
    );
    const results = Object.fromEntries(
      titles.map((title, at) => [title, { ...one, url: `${one.url}?${at}` }]),
    );
    const { sheets: all, names } = await book(results);
    const sheets = all.slice(1);
    const given = sheets.map(({ name }) => name);
    expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(titles.length);
    for (const name of given) {
      expect(name).toMatch(/^[^[\]:*?/\\]{1,31}$/);
      expect(name).not.toMatch(/^history$|^'|'$/i);
    }
    expect(sheets[0]?.rows.map((row) => row[0]?.link)).toEqual([
      null,
      "https://looker.example.com/x?a=1&b=2#f",
      null,
    ]);
    expect(
      names.filter(({ sheet }) => sheet === String(given.indexOf("O'Hare") + 1)).map(({ at }) => at),
    ).toEqual(["'O''Hare'!$A$1:$A$3", "'O''Hare'!$1:$1"]);
  },
);

read("a pivoted table has one line of headings that tells its columns apart (needs python3)", async () => {
  const columns = [
    column("Origin"),
    column("Flights", true, ["2026-10"]),
    column("Flights", true, ["2026-11"]),
    rowTotal("Flights"),
  ];
  const whole = table(columns, [[text("ATL"), number(1), NULL, number(3)]], { pivotLabels: ["Month"] });
  const { sheets } = await book({ P: result(whole) });
  expect(valuesOf(sheets[0])).toEqual([
    ["Origin", "Flights – 2026-10", "Flights – 2026-11", "Flights – Row total"],
    ["ATL", 1, null, 3],
  ]);
  const named = await book({ P: result(whole) }, { headers: "names", filename: "Week 47" });
  expect(named.artifact.filename).toBe("Week 47.xlsx");
  expect(valuesOf(named.sheets[0])[0]).toEqual([
    "flights.origin",
    "flights.flights – 2026-10",
    "flights.flights – 2026-11",
    "flights.flights – Row total",
  ]);
});

read("a large result is read raw from its file, typed as its fields say (needs python3)", async () => {
  const raw =
    'Carrier,Day,Cost,Late\n"=HYPERLINK(""http://x"",""y"")",2026-11-16,1200.5,Yes\n,,,\n"two\nlines",2026-11-17,-3,No\n';
  const columns = [
    typed("Carrier", "string"),
    typed("Day", "date_date"),
    typed("Cost", "sum", { isNumeric: true }),
    typed("Late", "yesno"),
  ];
  const csv = await largeCsv({ raw }, ["Carrier", "Day", "Cost", "Late"]);
  const { sheets, artifact } = await book({ L: result(table(columns, [], { rowCount: 3 }), { csv }) });
  expect(valuesOf(sheets[0])).toEqual([
    ["Carrier", "Day", "Cost", "Late"],
    ['=HYPERLINK("http://x","y")', 46342, 1200.5, true],
    [],
    ["two\nlines", 46343, -3, false],
  ]);
  expect(artifact.rows).toBe(3);
});

read(
  "what is larger than a sheet goes on in the next, by rows and by columns, and says so (needs python3)",
  async () => {
    const spool = await spoolFolder();
    const totals = routes(1, 7).rows[0] ?? [];
    const sections = [{ title: "Routes", filters: [], result: result({ ...routes(10, 7), totals }) }];
    const order = {
      sections,
      headers: "labels",
      title: "T",
      created: new Date(0),
      phrases: ENGLISH,
      signal: NEVER,
    } as const;
    const path = spool.path("limits.xlsx");
    await writeZip(path, workbookMembers(order, { rowsMax: 6, columnsMax: 4 }), new Date(0), NEVER);
    const { sheets } = readBook(path);
    expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
      ["Routes", 5],
      ["Routes (2)", 5],
      ["Routes (3)", 4],
      ["Routes (4)", 5],
      ["Routes (5)", 5],
      ["Routes (6)", 4],
      ["Notes", 1],
    ]);
    const whole = [0, 1, 2].flatMap((part) =>
      valuesOf(sheets[part])
        .slice(1)
        .map((left, row) => [...left, ...(valuesOf(sheets[part + 3])[row + 1] ?? [])]),
    );
    expect(whole.slice(0, 10)).toEqual(
      sections[0]?.result.table.rows.map((row) => row.map(({ value }) => value)),
    );
    expect(valuesOf(sheets[6]).flat()).toEqual([
      "Routes: it is larger than a sheet of Excel may be and continues on Routes, Routes (2), Routes (3), Routes (4), Routes (5), Routes (6).",
    ]);
  },
);

read(
  "no rows, one row, 200 columns and a result cut at its limit are right workbooks (needs python3)",
  async () => {
    const { sheets } = await book({
      None: result(routes(0)),
      Words: null,
      One: result(routes(1)),
      Wide: result(routes(3, 200)),
      Cut: result({ ...routes(2), rowCountIsExact: false }),
      Bare: result(table([], [])),
    });
    expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
      ["Contents", 8],
      ["None", 1],
      ["One", 2],
      ["Wide", 4],
      ["Cut", 3],
      ["Bare", 1],
      ["Notes", 1],
    ]);
    expect(sheets[3]?.filter).toBe("A1:GR4");
    expect(sheets[3]?.widths).toHaveLength(200);
    expect(valuesOf(sheets.at(-1)).flat()).toEqual([
      "Cut: the query’s limit is 2 rows, so there may be more than these.",
    ]);
  },
);

test("a workbook too large for every destination comes with one for each section", async () => {
  const results = { One: result(routes(50)), Two: result(routes(60)) };
  const input = await inputOf(results, { bytesMax: 1_000 });
  const { artifact } = await made(xlsxFormat, input, xlsxOptions.parse({}));
  expect(artifact.parts?.map(({ filename, rows, sections }) => [filename, rows, sections])).toEqual([
    ["delays - One.xlsx", 50, [0]],
    ["delays - Two.xlsx", 60, [1]],
  ]);
  for (const part of artifact.parts ?? [])
    expect((await readFile(part.file.path)).subarray(0, 2).toString()).toBe("PK");
});

test("one that may only be too large together with other files has them too, and a small one does not", async () => {
  const results = { One: result(routes(50)), Two: result(routes(60)) };
  const parts = async (bytesMax: number) => {
    const { artifact } = await made(xlsxFormat, await inputOf(results, { bytesMax }), xlsxOptions.parse({}));
    return { bytes: artifact.file.bytes, count: artifact.parts?.length ?? 0 };
  };
  const { bytes } = await parts(Number.POSITIVE_INFINITY);
  expect(await parts(3 * bytes)).toMatchObject({ count: 2 });
  expect(await parts(5 * bytes)).toMatchObject({ count: 0 });
});

test("another library of spreadsheets reads the same values", async () => {
  const { bytes } = await made(
    xlsxFormat,
    await inputOf({ R: result(routes(300, 5)) }),
    xlsxOptions.parse({}),
  );
  const { sheets } = await readXlsx(bytes);
  expect(sheets[0]?.rows.slice(1)).toEqual(routes(300, 5).rows.map((row) => row.map(({ value }) => value)));
});

test("an aborted signal ends it with its reason", async () => {
  const csv = await largeCsv({ raw: "A\n1\n" }, ["A"]);
  const signal = AbortSignal.abort(new RangeError("enough"));
  const input = await inputOf({ A: result(table([column("A")], []), { csv }) }, { signal });
  await expect(xlsxFormat.render(input, xlsxOptions.parse({}))).rejects.toThrow("enough");
});

test("a broken large result breaks the file, not the worker", async () => {
  const csv = await largeCsv({ raw: 'A,B\n1,"never closed\n' }, ["A", "B"]);
  const input = await inputOf({ A: result(table([column("A"), column("B")], []), { csv }) });
  await expect(xlsxFormat.render(input, xlsxOptions.parse({}))).rejects.toMatchObject({ code: "protocol" });
  const gone = { ...csv, raw: { path: "/nowhere/raw.csv", bytes: 1 } };
  const missing = await inputOf({ A: result(table([column("A")], []), { csv: gone }) });
  await expect(xlsxFormat.render(missing, xlsxOptions.parse({}))).rejects.toThrow("ENOENT");
});
