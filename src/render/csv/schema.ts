import { z } from "zod";
import { filenameOption } from "../filename-schema.ts";

export const csvOptions = z
  .strictObject({
    bom: z
      .boolean()
      .default(false)
      .meta({ description: "Start the file with a byte order mark, so that Excel reads it as UTF-8." }),
    raw: z.boolean().default(false).meta({
      description: "Write values as the database has them (1200) instead of as Looker shows them ($1,200).",
    }),
    formulas: z.enum(["guard", "strict", "raw"]).default("guard").meta({
      description:
        "guard: put ' before text that a spreadsheet would run as a formula: it starts with = + - @ (full-width and small forms too, and whatever blanks or characters without width are before it), a tab or a line end. strict: also within a cell, behind , ; | \" a tab or a line end, for spreadsheets that separate otherwise and for pasting. Numbers (-3.2%) stay as they are. raw: leave it all.",
    }),
    delimiter: z
      .enum([",", ";", "\t", "|"], {
        error: ({ input }) =>
          `delimiter has to be ",", ";", "|" or "\\t" (a tab); it is ${JSON.stringify(input)}`,
      })
      .default(",")
      .meta({ description: "What separates cells. Excel in many European locales expects ;" }),
    headers: z.enum(["labels", "names"]).default("labels").meta({
      description:
        "What heads the columns: labels as in Looker's own files (Flights Count), or the names of the fields (flights.count).",
    }),
    filename: filenameOption(
      "Name of the file; .csv is added where it is missing. Default: the report's name and the date (weekly-2026-11-16.csv), with the section's title between where there are several (weekly-delay-by-carrier-2026-11-16.csv).",
    ),
  })
  .meta({ description: "A CSV file (RFC 4180, UTF-8)." });

export type CsvOptions = z.output<typeof csvOptions>;
