import { z } from "zod";
import { filenameOption } from "../filename-schema.ts";

export const htmlOptions = z
  .strictObject({
    filename: filenameOption(
      "Name of the file; .html is added where it is missing. Default: the report's name and the date (weekly-2026-11-16.html).",
    ),
  })
  .meta({
    description:
      "The whole digest as a self-contained web page: pictures are in it, it works offline and prints well. Up to 2,000 rows a section.",
  });

export type HtmlOptions = z.output<typeof htmlOptions>;
