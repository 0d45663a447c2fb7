import { z } from "zod";
import { filenameOption } from "../filename-schema.ts";

const pixels = (least: number, most: number, usual: number, what: string) =>
  z
    .int()
    .min(least)
    .max(most)
    .default(usual)
    .meta({ description: `${what}, in pixels. Default ${usual}.` });

export const pngOptions = z
  .strictObject({
    width: pixels(100, 4_000, 1_200, "Width of the picture"),
    height: pixels(100, 10_000, 800, "Height of the picture"),
    filename: filenameOption(
      "Name of the file; .png is added where it is missing. Default: the report's name and the date (weekly-2026-11-16.png).",
    ),
  })
  .meta({ description: "A picture of the Look, query or dashboard as Looker draws it." });

export const pdfOptions = z
  .strictObject({
    width: pixels(100, 4_000, 1_200, "Width of the page that Looker lays the dashboard out on"),
    height: pixels(100, 10_000, 1_600, "Height of that page"),
    filename: filenameOption(
      "Name of the file; .pdf is added where it is missing. Default: the report's name and the date (weekly-2026-11-16.pdf).",
    ),
  })
  .meta({ description: "A PDF of a dashboard as Looker draws it. Looks and queries have none." });

export type LookerFileOptions = z.output<typeof pngOptions>;
