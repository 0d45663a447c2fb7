/**
 * A table of 200,000 rows and 12 columns as CSV, compared with fast-csv over the same rows: we rewrite for recipients
 * what the spool has as Looker sent it; fast-csv formats rows that it is given as arrays, and does not have to read them first. Prints
 * the medians and their ratio.
 *
 *   node bench/csv.ts [rows, default 200000] [rounds, default 5]
 */
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { format } from "fast-csv";
import { csvFormat } from "../src/render/csv/format.ts";
import { benchArguments } from "./arguments.ts";
import { compared, inputOver, LABELS, largeFile, withFolder } from "./files.ts";

const { rows, rounds } = benchArguments({ rows: 200_000, rounds: 5 });

await withFolder(async (folder) => {
  const { file, records } = await largeFile(folder, rows);
  const held = [...records()];
  const input = inputOver({ formatted: file, raw: null, headingRows: 1, labels: LABELS }, rows, folder);
  const options = {
    bom: false,
    raw: false,
    formulas: "guard",
    delimiter: ",",
    headers: "labels",
    filename: undefined,
  } as const;
  const result = await compared(rounds, {
    lookpost: async () => {
      const artifact = await csvFormat.render(input, options);
      if (artifact?.rows !== rows) throw new Error("rows are missing");
    },
    "fast-csv": async () => {
      const csv = format({ headers: [...LABELS], rowDelimiter: "\r\n" });
      const written = pipeline(csv, createWriteStream(`${folder}/fast.csv`));
      for (const record of held) {
        if (!csv.write(record)) await new Promise((resolve) => csv.once("drain", resolve));
      }
      csv.end();
      await written;
    },
  });
  console.log(JSON.stringify({ rows, columns: LABELS.length, rounds, ...result }, null, 2));
});
