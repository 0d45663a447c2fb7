import { z } from "zod";
import { filenameOption } from "../filename-schema.ts";

export const xlsxOptions = z
  .strictObject({
    headers: z.enum(["labels", "names"]).default("labels").meta({
      description:
        "What heads the columns: labels as in Looker's own files (Flights Count), or the names of the fields (flights.count).",
    }),
    filename: filenameOption(
      "Name of the file; .xlsx is added where it is missing. Default: the report's name and the date (weekly-2026-11-16.xlsx).",
    ),
  })
  .meta({
    description:
      "An Excel workbook with a sheet for each query: numbers, dates, percentages and currencies are real ones, in Looker's format, and cells that stand out in the digest do so here. If there are several sheets, a first one (Contents) says what each holds, of which time, filtered by what and when it was read.",
  });

export type XlsxOptions = z.output<typeof xlsxOptions>;
