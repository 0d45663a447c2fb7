import { z } from "zod";
import { filenameOption } from "../filename-schema.ts";

export const jsonOptions = z
  .strictObject({
    values: z.enum(["raw", "formatted"]).default("raw").meta({
      description:
        "raw: values as the database has them (1200, true, null). formatted: texts as Looker shows them ($1,200).",
    }),
    lines: z.boolean().default(false).meta({
      description:
        "One record a line (JSON Lines, .jsonl) instead of one array: for programs that read it as a stream.",
    }),
    filename: filenameOption(
      "Name of the file; .json (.jsonl) is added where it is missing. Default: the report's name and the date (weekly-2026-11-16.json), with the section's title between where there are several.",
    ),
  })
  .meta({
    description:
      "A JSON file of records by the fields' names; a pivoted field holds its values by pivot value, outermost first.",
  });

export type JsonOptions = z.output<typeof jsonOptions>;
