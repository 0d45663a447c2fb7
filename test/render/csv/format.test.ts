import { writeFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Result } from "../../../src/core/model/result.ts";
import { csvFormat } from "../../../src/render/csv/format.ts";
import { csvOptions } from "../../../src/render/csv/schema.ts";
import { inputOf, largeCsv, made, result } from "../file-input.ts";
import { hasPython, python } from "../file-python.ts";
import { column, HOSTILE, NULL, number, rowTotal, table, text } from "../sample.ts";
import { spoolFolder } from "../spool.ts";

async function written(of: Result, options: Record<string, unknown> = {}) {
  const { artifact, bytes } = await made(csvFormat, await inputOf({ Delays: of }), csvOptions.parse(options));
  return { artifact, content: bytes.toString("utf8") };
}

async function large(
  csv: string,
  labels: readonly string[],
  options: Record<string, unknown> = {},
  headingRows = 1,
) {
  const columns = labels.map((label) => column(label, label.startsWith("#")));
  const file = await largeCsv({ formatted: csv }, labels, headingRows);
  return await written(result(table(columns, []), { csv: file }), options);
}

test("cells come back from another parser exactly as they were rendered", async () => {
  const columns = [column("Cell, with comma"), column('A "quoted" label'), column("Number", true)];
  const rows = HOSTILE.map((hostile, index) => [
    text(hostile),
    text(`${hostile},"${index}"`),
    number(index * -1.5),
  ]);
  const { content, artifact } = await written(result(table(columns, rows)), { formulas: "raw" });
  const expected = [
    columns.map((one) => one.label),
    ...rows.map((row) => row.map((cell) => cell.rendered.toWellFormed())),
  ];
  expect(parse(content, { recordDelimiter: "\r\n" })).toEqual(expected);
  expect(artifact).toMatchObject({
    filename: "delays.csv",
    contentType: "text/csv; charset=utf-8",
    rows: HOSTILE.length,
  });
});

test("records end in CRLF, and only cells that need quotes have them", async () => {
  const rows = [
    [text("plain"), text("a,b")],
    [text('say "hi"'), text("cr\rhere")],
    [text("lf\nhere"), NULL],
  ];
  const { content } = await written(result(table([column("A"), column("B")], rows)));
  expect(content).toBe('A,B\r\nplain,"a,b"\r\n"say ""hi""","cr\rhere"\r\n"lf\nhere",\r\n');
});

test("raw values are plain: digits without grouping, true and false, nothing for null", async () => {
  const values = [
    { value: 1200, rendered: "$1,200" },
    { value: -0.032, rendered: "-3.2%" },
    { value: 1.5e-7, rendered: "0.0" },
    { value: -1.25e21, rendered: "big" },
    { value: true, rendered: "Yes" },
    { value: null, rendered: "∅" },
    { value: "2026-11-16", rendered: "Nov 16" },
  ];
  const rows = values.map((value) => [text("x"), value]);
  const { content } = await written(result(table([column("K"), column("V")], rows)), { raw: true });
  expect(parse(content).map((row: string[]) => row[1])).toEqual([
    "V",
    "1200",
    "-0.032",
    "0.00000015",
    "-1250000000000000000000",
    "true",
    "",
    "2026-11-16",
  ]);
});

test("strings that would run are guarded, numbers are not, and formulas: raw leaves both", async () => {
  const rows = [
    [text("=1+1"), number(-1200, "-$1,200")],
    [text("@x"), number(-0.03, "-3.2%")],
  ];
  const of = result(table([column("=Label"), column("N", true)], rows));
  expect((await written(of)).content).toBe("'=Label,N\r\n'=1+1,\"-$1,200\"\r\n'@x,-3.2%\r\n");
  expect((await written(of, { formulas: "raw" })).content).toBe('=Label,N\r\n=1+1,"-$1,200"\r\n@x,-3.2%\r\n');
});

test("formulas: strict guards within cells and headings as well, in a table and in a large file", async () => {
  const of = result(table([column("A;=1"), column("B")], [[text("x;=1+1"), text("\n＝1")]]));
  expect((await written(of, { formulas: "strict" })).content).toBe("A;'=1,B\r\nx;'=1+1,\"'\n'＝1\"\r\n");
  const { content } = await large("A;=1,B\nx;=1+1,y\n", ["A;=1", "B"], { formulas: "strict" });
  expect(content).toBe("A;'=1,B\r\nx;'=1+1,y\r\n");
});

test("the byte order mark, the delimiter and the name follow the options", async () => {
  const of = result(table([column("A"), column("B")], [[text("a;b"), text("c,d")]]));
  const { content, artifact } = await written(of, { bom: true, delimiter: ";", filename: "Wöchentlich/46" });
  expect(content).toBe('\ufeffA;B\r\n"a;b";c,d\r\n');
  expect(artifact.filename).toBe("Wöchentlich-46.csv");
});

test("an empty result has its heading; a single empty cell is not an empty line", async () => {
  expect((await written(result(table([column("A"), column("B")], [])))).content).toBe("A,B\r\n");
  expect((await written(result(table([column("A")], [[NULL], [text("x")]])))).content).toBe(
    'A\r\n""\r\nx\r\n',
  );
});

test("a pivoted table has one line of headings that names each column apart, and no totals", async () => {
  const columns = [
    column("Origin"),
    column("Flights", true, ["2026-10"]),
    column("Flights", true, ["2026-11"]),
    rowTotal("Flights"),
  ];
  const bare = columns.map((one) => (one.pivot === undefined ? one : { ...one, label: "Flights" }));
  const rows = [[text("ATL"), number(1), number(2), number(3)]];
  const heading = "Origin,Flights – 2026-10,Flights – 2026-11,Flights – Row total\r\n";
  for (const labels of [columns, bare]) {
    const { content } = await written(
      result(
        table(labels, rows, { pivotLabels: ["Month"], totals: [NULL, number(1), number(2), number(3)] }),
      ),
    );
    expect(content).toBe(`${heading}ATL,1,2,3\r\n`);
  }
});

test("the file is headed by the full labels, where the digest has short ones", async () => {
  const columns = [
    { ...column("Origin"), fullLabel: "Flights Origin" },
    { ...column("Count", true, ["2026-11"]), fullLabel: "Flights Count – 2026-11" },
    column("Share", true),
  ];
  const of = result(table(columns, [[text("ATL"), number(1), number(2)]], { pivotLabels: ["Month"] }));
  expect((await written(of)).content).toBe("Flights Origin,Flights Count – 2026-11,Share\r\nATL,1,2\r\n");
});

test.each(["\t ", "tab", 3])("the delimiter %j is refused in words that can be read", (delimiter) => {
  expect(csvOptions.safeParse({ delimiter }).error?.issues.map(({ message }) => message)).toEqual([
    `delimiter has to be ",", ";", "|" or "\\t" (a tab); it is ${JSON.stringify(delimiter)}`,
  ]);
});

test("unknown and wrong options are refused", () => {
  expect(csvOptions.safeParse({ sheet: 1 }).success).toBe(false);
  expect(csvOptions.safeParse({ formulas: "off" }).success).toBe(false);
  expect(csvOptions.parse({})).toEqual({
    bom: false,
    raw: false,
    formulas: "guard",
    delimiter: ",",
    headers: "labels",
  });
});

test("a large file gets our headings in place of its own lines, CRLF, guard and a byte order mark", async () => {
  const csv = 'Month,2026-10,2026-11\nOrigin,Flights,Flights\nATL,"1,200",-5%\n=x,-3,+12\n';
  const labels = ["Origin", "#Oct", "#Nov"];
  const { content, artifact } = await large(csv, labels, { bom: true }, 2);
  expect(content).toBe('\ufeffOrigin,#Oct,#Nov\r\nATL,"1,200",-5%\r\n\'=x,-3,+12\r\n');
  expect(artifact.rows).toBe(2);
});

test("each form of a large result is read for what it is asked for, and said beforehand", async () => {
  const csv = await largeCsv({ formatted: 'A\n"$1,200"\n', raw: "A\n1200\n" }, ["A"]);
  const of = result(table([column("A", true)], []), { csv });
  expect((await written(of)).content).toBe('A\r\n"$1,200"\r\n');
  expect((await written(of, { raw: true })).content).toBe("A\r\n1200\r\n");
  expect([{}, { raw: true }].map((options) => csvFormat.reads(csvOptions.parse(options)))).toEqual([
    "formatted",
    "raw",
  ]);
});

test("a large result that was not fetched in the form needed is an error", async () => {
  const refused = large("A\n1\n", ["A"], { raw: true });
  await expect(refused).rejects.toThrow(ReportError);
  await expect(refused).rejects.toMatchObject({ code: "protocol", message: expect.stringContaining("raw") });
});

test("headers: names heads the columns by their fields, made unique if they are pivoted or repeat", async () => {
  const columns = [
    column("Origin"),
    { ...column("Flights", true, ["2026-10", "AA"]), name: "flights.count" },
    { ...column("Flights", true, ["2026-11", "AA"]), name: "flights.count" },
    { ...rowTotal("Flights"), name: "flights.count" },
    column("Origin"),
  ];
  const rows = [[text("ATL"), number(1), number(2), number(3), text("x")]];
  const heading =
    "flights.origin,flights.count – 2026-10 – AA,flights.count – 2026-11 – AA,flights.count – Row total,flights.origin 2";
  const whole = table(columns, rows, { pivotLabels: ["Month", "Carrier"] });
  expect((await written(result(whole), { headers: "names" })).content).toBe(`${heading}\r\nATL,1,2,3,x\r\n`);
  const csv = await largeCsv(
    { formatted: "M,,,,\nC,,,,\nOrigin,F,F,F,O\nATL,1,2,3,x\n" },
    ["O", "F1", "F2", "F3", "O2"],
    3,
  );
  expect((await written(result(whole, { csv }), { headers: "names" })).content).toBe(
    `${heading}\r\nATL,1,2,3,x\r\n`,
  );
});

test("words alone make no file", async () => {
  expect(await csvFormat.render(await inputOf({ Words: null }), csvOptions.parse({}))).toBeNull();
});

test("a large file of more than one chunk is the same cell by cell, whatever is at the chunk borders", async () => {
  const cells = (row: number) => [
    `${row}`,
    `"Zürich, ""日本"" 👩‍👩‍👧‍👦\r\n${"é".repeat(row % 97)}"`,
    `${-row}.5`,
  ];
  const lines = Array.from({ length: 12_000 }, (_, row) => cells(row).join(","));
  const csv = `\ufeff#Id,Name,#Delay\n${lines.join("\n")}`;
  const { content, artifact } = await large(csv, ["#Id", "Name", "#Delay"]);
  expect(Buffer.byteLength(content)).toBeGreaterThan(3 * 256 * 1024);
  expect(artifact.rows).toBe(12_000);
  expect(parse(content)).toEqual(parse(csv, { bom: true }));
});

test("a cell larger than a chunk passes, one beyond any sense is refused", async () => {
  const big = `"${"a,b\n".repeat(200_000)}"`;
  const { content } = await large(`A,B\n${big},2\n`, ["A", "B"]);
  expect(parse(content)[1]).toEqual([big.slice(1, -1), "2"]);
  await expect(large(`A\n"${"x".repeat(17 * 1024 * 1024)}"\n`, ["A"])).rejects.toMatchObject({
    code: "too_large",
    message: "A cell of the result is larger than 16 MiB.",
  });
});

test("an aborted signal stops the file with its reason", async () => {
  const csv = await largeCsv({ formatted: "A\n1\n" }, ["A"]);
  const signal = AbortSignal.abort(new ReportError("The report's time is up.", { code: "timeout" }));
  const input = await inputOf({ A: result(table([column("A")], []), { csv }) }, { signal });
  await expect(csvFormat.render(input, csvOptions.parse({}))).rejects.toMatchObject({ code: "timeout" });
});

test("memory does not grow with the size of a large file", async () => {
  const lines = "1,Hartsfield-Jackson Atlanta,-12.5\n".repeat(3_000);
  const spool = await spoolFolder();
  const path = spool.path("result.csv");
  await writeFile(
    path,
    (function* () {
      yield "A,B,C\n";
      for (let part = 0; part < 300; part += 1) yield lines;
    })(),
  );
  const csv = { formatted: { path, bytes: 0 }, raw: null, headingRows: 1, labels: ["A", "B", "C"] };
  const of = result(table([column("A"), column("B"), column("C", true)], []), { csv });
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 1);
  const input = await inputOf({ A: of });
  const artifact = await csvFormat.render(input, csvOptions.parse({}));
  clearInterval(watch);
  expect(artifact?.rows).toBe(900_000);
  expect(artifact?.file.bytes).toBeGreaterThan(30_000_000);
  expect(most).toBeLessThan(8_000_000);
});

test.skipIf(!hasPython)("Python's csv module reads hostile cells as they are (needs python3)", async () => {
  // Python refuses fields of more than 128 kB and a null byte before 3.11.
  const cells = HOSTILE.filter((one) => !one.includes("\u0000"));
  const rows = cells.map((one, index) => [text(one), text(`"${one}",`), number(index)]);
  const of = result(table([column("A"), column("B"), column("N", true)], rows));
  const script =
    "import csv,json,sys; json.dump(list(csv.reader(open(sys.argv[1], encoding='utf-8-sig', newline=''), delimiter=';')), sys.stdout)";
  const { artifact } = await written(of, { formulas: "raw", delimiter: ";", bom: true });
  const wanted = cells.map((one, index) => [one.toWellFormed(), `"${one.toWellFormed()}",`, String(index)]);
  expect(python(["-c", script, artifact.file.path])).toEqual([["A", "B", "N"], ...wanted]);
});
