import { toReportError } from "../../core/error.ts";
import { openFonts } from "./fonts.ts";
import type { DrawAnswer, DrawRequest, FontsOrder } from "./process.ts";
import type { Drawn } from "./raster.ts";
import { openPngRenderer, type PngRenderer } from "./vega.ts";

/**
 * The chart process: it draws one chart after the other, and ends when its parent does. Its arguments are the paths of `drawingFiles`; the
 * bundle loads the addon from the first of them (rolldown.config.ts).
 */
const [, ...own] = process.argv.slice(2);

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
  renderer ??= openFonts(own, more)
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
    const drawn = await drawnBy(ready, request);
    return drawn === null ? { id, kind: "fine" } : { id, kind: "drawn", ...drawn };
  } catch (thrown) {
    const { code, message, advice, retryable } = toReportError(thrown);
    return { id, kind: "failed", code, message, advice, retryable };
  }
}

async function drawnBy(
  ready: PngRenderer,
  request: Exclude<DrawRequest, { readonly kind: "check" }>,
): Promise<Drawn | null> {
  switch (request.kind) {
    case "svg":
      return ready.svg(request.svg, request.density);
    case "fields":
      return ready.fields(request.data, request.title);
    case "vega_lite":
      return ready.chart(request.spec, request.labels, request.accent);
  }
}
