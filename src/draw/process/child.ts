import { toReportError } from "../../core/error.ts";
import { openFonts } from "./fonts.ts";
import type { DrawAnswer, DrawRequest, FontsOrder } from "./process.ts";
import { openPngRenderer, type PngRenderer } from "./vega.ts";

/**
 * The chart process: it draws one chart after the other, and ends when its parent does. Its arguments are the paths of `drawingFiles`; the
 * bundle loads the addon from the first of them (rolldown.config.ts).
 */
const [, ...inter] = process.argv.slice(2);

let renderer: Promise<PngRenderer> | null = null;

process.on("message", (message: DrawRequest | FontsOrder) => {
  if ("fonts" in message) {
    renderer = openFonts(inter, message.fonts).then(openPngRenderer);
    // Reported with the first request.
    renderer.catch(() => undefined);
    return;
  }
  answer(message).then((said) => process.send?.(said));
});
process.on("disconnect", () => process.exit());

async function answer(request: DrawRequest): Promise<DrawAnswer> {
  const { id } = request;
  try {
    const ready = await renderer;
    if (ready === null) throw new Error("no fonts were sent");
    if (request.kind === "check") {
      await ready.check(request.spec);
      return { id, kind: "fine" };
    }
    const drawn =
      request.kind === "svg"
        ? ready.svg(request.svg, request.density)
        : await ready.chart(request.spec, request.labels);
    return drawn === null ? { id, kind: "fine" } : { id, kind: "drawn", ...drawn };
  } catch (thrown) {
    const { code, message, advice, retryable } = toReportError(thrown);
    return { id, kind: "failed", code, message, advice, retryable };
  }
}
