/**
 * A table of 200,000 rows and 12 columns as an Excel workbook, compared with hucre's streaming writer: the raw CSV in the spool is read and
 * typed; hucre is given values that have their types already. Prints the medians and their ratio.
 *
 *   node bench/xlsx.ts [rows, default 200000] [rounds, default 3]
 */
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { writeXlsxStream } from "hucre/xlsx";
import { xlsxFormat } from "../src/render/xlsx/format.ts";
import { benchArguments } from "./arguments.ts";
import { compared, inputOver, LABELS, largeFile, typedRecords, withFolder } from "./files.ts";

const { rows, rounds } = benchArguments({ rows: 200_000, rounds: 3 });

await withFolder(async (folder) => {
  const { file } = await largeFile(folder, rows);
  const held = [...typedRecords(rows)];
  const input = inputOver({ formatted: null, raw: file, headingRows: 1, labels: LABELS }, rows, folder);
  const result = await compared(rounds, {
    lookpost: async () => {
      await xlsxFormat.render(input, { headers: "labels", filename: undefined });
    },
    hucre: async () => {
      const columns = LABELS.map((header) => ({ header, width: 16 }));
      const book = writeXlsxStream(held, { name: "Flights", columns, freezePane: { rows: 1 } });
      await pipeline(Readable.fromWeb(book), createWriteStream(`${folder}/hucre.xlsx`));
    },
  });
  console.log(JSON.stringify({ rows, columns: LABELS.length, rounds, ...result }, null, 2));
});
