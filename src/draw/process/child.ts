import { toReportError } from "../../core/error.ts";
import { openFonts } from "./fonts.ts";
import type { DrawAnswer, DrawRequest, FontsOrder } from "./process.ts";
import { openPngRenderer, type PngRenderer } from "./vega.ts";

/**
 * The chart process: it draws one chart after the other, and ends when its parent does. Its arguments are the paths of `drawingFiles`; the
 * bundle loads the addon from the first of them (rolldown.config.ts).
 */
const [, ...inter] = process.argv.slice(2);

let fonts: readonly string[] | null = null;
let renderer: Promise<PngRenderer> | null = null;

process.on("message", (message: DrawRequest | FontsOrder) => {
  if ("fonts" in message) {
    fonts = message.fonts;
    // A failure is reported with the first request.
    open(fonts).catch(() => undefined);
    return;
  }
  answer(message).then((said) => process.send?.(said));
});
process.on("disconnect", () => process.exit());

/** One that failed is not kept: the next request tries again. */
function open(more: readonly string[]): Promise<PngRenderer> {
  renderer ??= openFonts(inter, more)
    .then(openPngRenderer)
    .catch((cause) => {
      renderer = null;
      throw cause;
    });
  return renderer;
}

async function answer(request: DrawRequest): Promise<DrawAnswer> {
  const { id } = request;
  try {
    if (fonts === null) throw new Error("no fonts were sent");
    const ready = await open(fonts);
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
