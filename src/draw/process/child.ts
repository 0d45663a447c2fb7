import { toReportError } from "../../core/error.ts";
import { openFonts } from "./fonts.ts";
import type { DrawAnswer, DrawRequest } from "./process.ts";
import { openPngRenderer, type PngRenderer } from "./vega.ts";

/** The drawing process: it draws one after the other, and ends when its parent does. */

let renderer: Promise<PngRenderer> | null = null;

process.on("message", (told: DrawRequest | { readonly fonts: readonly string[] }) => {
  if ("fonts" in told) {
    renderer = openFonts(told.fonts).then(openPngRenderer);
    // Told with the first order.
    renderer.catch(() => undefined);
    return;
  }
  answer(told).then((said) => process.send?.(said));
});
process.on("disconnect", () => process.exit());

async function answer(order: DrawRequest): Promise<DrawAnswer> {
  const { id } = order;
  try {
    const ready = await renderer;
    if (ready === null) throw new Error("no fonts were told");
    if (order.kind === "check") {
      await ready.check(order.spec);
      return { id, kind: "fine" };
    }
    const drawn =
      order.kind === "svg"
        ? ready.svg(order.svg, order.density)
        : await ready.chart(order.spec, order.labels);
    return drawn === null ? { id, kind: "fine" } : { id, kind: "drawn", ...drawn };
  } catch (thrown) {
    const { code, message, advice } = toReportError(thrown);
    return { id, kind: "failed", code, message, advice };
  }
}
