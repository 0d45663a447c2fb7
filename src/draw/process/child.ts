import { toReportError } from "../../core/error.ts";
import { type Easel, openEasel } from "./drawing.ts";
import { openFonts } from "./fonts.ts";
import type { EaselAnswer, EaselOrder } from "./order.ts";

/** The drawing process: it draws one after the other, and ends when its parent does. */

let easel: Promise<Easel> | null = null;

process.on("message", (told: EaselOrder | { readonly fonts: readonly string[] }) => {
  if ("fonts" in told) {
    easel = openFonts(told.fonts).then(openEasel);
    // Told with the first order.
    easel.catch(() => undefined);
    return;
  }
  answer(told).then((said) => process.send?.(said));
});
process.on("disconnect", () => process.exit());

async function answer(order: EaselOrder): Promise<EaselAnswer> {
  const { id } = order;
  try {
    const ready = await easel;
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
