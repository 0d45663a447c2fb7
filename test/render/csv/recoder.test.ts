import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { guarded } from "../../../src/render/csv/formula.ts";
import { CsvRecoder, outputBytes, type RecoderOptions } from "../../../src/render/csv/recoder.ts";
import { csvRecord } from "../../../src/render/csv/record.ts";

/** Recodes `csv` as it arrives in chunks of `size` bytes. */
function recoded(
  csv: string,
  size: number,
  more: Partial<RecoderOptions> = {},
): { text: string; records: number } {
  const bytes = Buffer.from(csv);
  const recoder = new CsvRecoder({
    headingRows: 0,
    columns: 2,
    delimiter: ",",
    formulas: "guard",
    ...more,
  });
  const pieces: Buffer[] = [];
  let held = Buffer.alloc(0);
  for (let at = 0; ; at += size) {
    const input = Buffer.concat([held, bytes.subarray(at, at + size)]);
    const output = Buffer.alloc(outputBytes(input.length));
    const final = at >= bytes.length;
    const { done, written } = recoder.recode(input, output, final);
    pieces.push(output.subarray(0, written));
    held = input.subarray(done);
    if (final) return { text: Buffer.concat(pieces).toString("utf8"), records: recoder.records };
  }
}

const CASES: readonly [string, string, string][] = [
  ["line feeds become CRLF", "a,b\nc,d\n", "a,b\r\nc,d\r\n"],
  ["CRLF stays", "a,b\r\nc,d\r\n", "a,b\r\nc,d\r\n"],
  ["a missing last line end is added", "a,b", "a,b\r\n"],
  ["an empty last cell counts", "a,", "a,\r\n"],
  ["an empty last cell is not quoted because the one before it is", 'a"b,', '"a""b",\r\n'],
  ["quoted cells keep commas, quotes and line ends", '"a,""b""\r\nc\n",d\n', '"a,""b""\r\nc\n",d\r\n'],
  ["a quote inside an unquoted cell is written by the book", 'a"b,c\n', '"a""b",c\r\n'],
  ["a lone CR is part of its cell", "a\rb,c\n", '"a\rb",c\r\n'],
  ["letters of several bytes pass", "日本,é👩‍👩‍👧‍👦\n", "日本,é👩‍👩‍👧‍👦\r\n"],
  ["formulas are guarded, quoted or not", '=1,"=2"\n-1,"-a"\n', '\'=1,"\'=2"\r\n-1,"\'-a"\r\n'],
  ["a tab at the start is guarded", "\ta,b\n", "'\ta,b\r\n"],
  ["empty lines between records are dropped", "a,b\n\nc,d\n", "a,b\r\nc,d\r\n"],
];

test.each(CASES)("%s, at every size of chunk", (_, csv, expected) => {
  for (let size = 1; size <= Buffer.byteLength(csv) + 1; size += 1)
    expect(recoded(csv, size).text, `chunks of ${size}`).toBe(expected);
});

test("random tables come back from another parser as they were, at any size of chunk", () => {
  const pieces = ["a", "", ",", '"', "\n", "\r\n", "é", "日", "👩‍👩‍👧‍👦", ";", "long ".repeat(30), "'"];
  let seed = 11;
  const random = (below: number) => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 150; round += 1) {
    const cell = () => Array.from({ length: random(4) }, () => pieces[random(pieces.length)]).join("");
    const rows = Array.from({ length: 1 + random(6) }, () => ["k", cell(), cell()]);
    const csv = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")).join("\n");
    for (const delimiter of [",", ";", "\t"]) {
      const { text, records } = recoded(csv, 1 + random(40), {
        columns: 3,
        delimiter,
        formulas: "raw",
      });
      expect(parse(text, { delimiter, recordDelimiter: "\r\n" })).toEqual(rows);
      expect(records).toBe(rows.length);
    }
  }
});

test.each(["guard", "strict"] as const)(
  "%s: what is guarded in a stream is what is guarded in a table",
  (formulas) => {
    const pieces = [
      "=",
      "-",
      "+5",
      " ",
      "\n",
      "\t",
      "\u200b",
      "＝",
      "é",
      "日",
      "x",
      '"',
      ";",
      ",",
      "|",
      "1",
      "😀",
      "=1",
      " ".repeat(270),
    ];
    pieces.push("\u3000".repeat(90), "1".repeat(70), `-${"1’".repeat(60)}=cmd`);
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 400; round += 1) {
      const cell = () => Array.from({ length: random(6) }, () => pieces[random(pieces.length)]).join("");
      const rows = Array.from({ length: 1 + random(4) }, () => [cell(), cell()]);
      const isBare = (one: string) => !/[",\r\n]/.test(one) || (!/[,\r\n]/.test(one) && !one.startsWith('"'));
      const written = (one: string) => (isBare(one) ? one : `"${one.replaceAll('"', '""')}"`);
      const csv = rows.map((row) => row.map(written).join(",")).join("\n");
      const { text } = recoded(`${csv}\n`, 1 + random(400), { formulas });
      const expected = rows.map((row) =>
        csvRecord(
          row.map((one) => guarded(one, false, formulas)),
          ",",
        ),
      );
      expect(parse(text, { relax_quotes: false })).toEqual(parse(`${expected.join("\r\n")}\r\n`));
    }
  },
);

test("a long cell that begins like a number, and goes on as something else, is no number", () => {
  const cell = `-${"1".repeat(64)}+cmd`;
  expect(recoded(`${cell},-${"1’".repeat(200)}x\n`, 9).text).toBe(`'${cell},'-${"1’".repeat(200)}x\r\n`);
});

test("a cell with the new delimiter is quoted", () => {
  expect(recoded("a;b,c\n", 3, { delimiter: ";" }).text).toBe('"a;b";c\r\n');
});

test("in a table of one column an empty line is a row with nothing in it", () => {
  const { text, records } = recoded("a\n\nb\n", 2, { columns: 1 });
  expect(text).toBe('a\r\n""\r\nb\r\n');
  expect(records).toBe(3);
});

test("a number is known by its own look, not by its column's: any row may be the hostile one", () => {
  expect(recoded("-5,1\n-$1,2\n-1+2,3\n", 99).text).toBe("-5,1\r\n-$1,2\r\n'-1+2,3\r\n");
});

test("with the guard off nothing is put before a cell", () => {
  expect(recoded("=1,@b\n", 99, { formulas: "raw" }).text).toBe("=1,@b\r\n");
});

test.each([
  ["a row with too few cells", "a,b\nc\n", "1 cells in a row of 2, after 1 rows"],
  ["a row with too many cells", "a,b\nc,d,e\n", "more cells in a row of 2"],
  ["text that breaks off within quotes", 'a,b\nc,"d', "never closed"],
  ["text after a closing quote", '"a"b,c\n', "after a closing quote"],
])("%s is refused as broken", (_, csv, message) => {
  for (const size of [1, 4, 99])
    expect(() => recoded(csv, size)).toThrow(
      expect.objectContaining({ code: "protocol", message: expect.stringContaining(message) }),
    );
});

test("a file without its heading lines is refused, one with nothing else is empty", () => {
  expect(() => recoded("", 9, { headingRows: 1 })).toThrow("no line of headings");
  expect(recoded("A,B\n", 9, { headingRows: 1 })).toEqual({ text: "", records: 0 });
});
