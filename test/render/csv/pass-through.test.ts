import { expect, test } from "vitest";
import type { ReportError } from "../../../src/core/error.ts";
import { CsvRecoder, outputBytes, type RecoderOptions } from "../../../src/render/csv/recoder.ts";

/** What cells are made of, and what may come between them in a file that is broken. */
const PIECES = [
  ...[
    "a",
    "1",
    "-1",
    "-1.5",
    "-",
    "=1",
    "+5",
    "@x",
    "\t",
    " ",
    " =1",
    "é",
    "日",
    "＝1",
    "\u200b=1",
    "😀",
    "'",
  ],
  ...[
    "",
    "",
    ",",
    ",",
    ",",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    '"',
    '"a"',
    '"=1"',
    '"a,b"',
    '"a\n=b"',
    '""',
    '"a""b"',
  ],
  ...["long ".repeat(60), `"${"=".repeat(300)}"`, `-${"1".repeat(70)}`],
];

interface Made {
  readonly text: string;
  readonly records: number;
  readonly failure: string | null;
}

/** Recodes the bytes as they come in these pieces. */
function recoded(pieces: readonly Buffer[], options: RecoderOptions): Made {
  const recoder = new CsvRecoder(options);
  const written: Buffer[] = [];
  let held = Buffer.alloc(0);
  try {
    for (const [index, piece] of [...pieces, Buffer.alloc(0)].entries()) {
      const input = Buffer.concat([held, piece]);
      const output = Buffer.alloc(outputBytes(input.length));
      const made = recoder.recode(input, output, index === pieces.length);
      written.push(output.subarray(0, made.written));
      held = input.subarray(made.done);
    }
    return { text: Buffer.concat(written).toString("latin1"), records: recoder.records, failure: null };
  } catch (error) {
    return { text: "", records: recoder.records, failure: (error as ReportError).message };
  }
}

function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 16_807) % 2_147_483_647;
    return state % below;
  };
}

const STYLES: readonly Partial<RecoderOptions>[] = [
  { formulas: "guard" },
  { formulas: "raw" },
  { formulas: "strict" },
  { formulas: "guard", headingRows: 1 },
  { formulas: "guard", refusesEmptyLines: true },
  { formulas: "guard", columns: 1 },
  { formulas: "guard", delimiter: ";" },
];

test.each(STYLES)("what is passed through is what is written cell by cell, cut anywhere: %o", (style) => {
  const random = randomly(23);
  for (let round = 0; round < 250; round += 1) {
    const csv = Array.from({ length: 1 + random(24) }, () => PIECES[random(PIECES.length)]).join("");
    // Most of these are broken; every third is a table.
    const table = Array.from(
      { length: 1 + random(4) },
      () => `${cell(random)},${cell(random)}${random(2) === 0 ? "\n" : "\r\n"}`,
    ).join("");
    const bytes = Buffer.from(round % 3 === 0 ? csv : table);
    const options = { headingRows: 0, columns: 2, delimiter: ",", formulas: "guard", ...style } as const;
    const expected = recoded([bytes], { ...options, isCellByCell: true });
    expect(recoded([bytes], options)).toEqual(expected);
    const each = Array.from(bytes, (byte) => Buffer.from([byte]));
    expect(recoded(each, options), "byte by byte").toEqual(expected);
    const step = Math.max(1, Math.floor(bytes.length / 40));
    for (let at = 1; at < bytes.length; at += step)
      expect(recoded([bytes.subarray(0, at), bytes.subarray(at)], options), `cut at ${at}`).toEqual(expected);
  }
});

function cell(random: (below: number) => number): string {
  const whole = PIECES.filter((piece) => !/^[,\r\n]|^"$/.test(piece));
  return whole[random(whole.length)] ?? "";
}

test("what needs no change is there byte for byte, negative numbers included", () => {
  const csv = 'id,-12.5,"a, ""b""",日本\r\n-0.25,-1,"",\r\n';
  const { text } = recoded([Buffer.from(csv)], {
    headingRows: 0,
    columns: 4,
    delimiter: ",",
    formulas: "guard",
  });
  expect(Buffer.from(text, "latin1").toString()).toBe(csv);
});

test("an empty line between records is refused where it has to be, and may end a file", () => {
  const options = { headingRows: 0, columns: 2, delimiter: ",", formulas: "guard", refusesEmptyLines: true };
  const made = (csv: string) => recoded([Buffer.from(csv)], options as RecoderOptions);
  expect(made("a,b\n\nc,d\n").failure).toContain("an empty line between records, after 1 rows");
  expect(made("a,b\n\n\n")).toEqual({ text: "a,b\r\n", records: 1, failure: null });
});
