import type { Format } from "../../core/ports/adapter.ts";
import { filename } from "../filename.ts";
import type { LookerFileOptions } from "./schema.ts";

/** How long Looker may take for one; the report's own timeout may end it earlier. */
const DRAW_MAX_MS = 10 * 60_000;

/** The content as Looker draws it. Throws ReportError as `FormatInput.draw` does. */
function lookerFile(format: "png" | "pdf"): Format<LookerFileOptions> {
  return {
    kind: format,
    per: "content",
    reads: () => null,
    isWhole: () => false,
    draws: format,
    async render({ stem, draw }, { width, height, filename: chosen }) {
      const { file, contentType } = await draw({ format, width, height, maxMs: DRAW_MAX_MS });
      return {
        filename: filename(chosen ?? stem, format),
        contentType,
        file,
        rows: null,
        // It shows rows, but is not where the rest of them can be found.
        sections: [],
      };
    },
  };
}

export const pngFormat: Format<LookerFileOptions> = lookerFile("png");
export const pdfFormat: Format<LookerFileOptions> = lookerFile("pdf");
