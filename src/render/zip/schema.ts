import { z } from "zod";
import { csvOptions } from "../csv/schema.ts";
import { filenameOption } from "../filename-schema.ts";

export const zipOptions = z
  .strictObject({
    csv: csvOptions.prefault({}).meta({ description: "How the CSV files in it are written." }),
    filename: filenameOption(
      "Name of the file; .zip is added where it is missing. Default: the report's name and the date (weekly-2026-11-16.zip).",
    ),
  })
  .meta({ description: "An archive with one CSV file for each tile of a dashboard, or for each section." });

export type ZipOptions = z.output<typeof zipOptions>;
