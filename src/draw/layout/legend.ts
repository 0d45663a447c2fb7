import type { ChartData } from "../chart/data.ts";
import { colourOf, WIDTH } from "../chart/style.ts";
import type { Body } from "./frame.ts";
import { box, HALF_CAP, LINE, lines } from "./svg.ts";
import { fitted, type Ruler, widest } from "./words.ts";

const SWATCH = 12;
const GAP = 7;
const APART = 18;

/** The series' names behind their colours, as many in a line as there is room for. */
export function legend(data: ChartData, ruler: Ruler): Body {
  const { series } = data;
  const names = fitted(
    series.map(({ name }) => name),
    { width: WIDTH - SWATCH - GAP, isDouble: true },
    ruler,
  );
  let [x, y, high] = [0, 0, LINE];
  const parts = names.map((rows, index) => {
    const width = SWATCH + GAP + widest(rows, ruler);
    if (x > 0 && x + width > WIDTH) {
      x = 0;
      y += high + 3;
      high = LINE;
    }
    high = Math.max(high, rows.length * LINE);
    const fill = `rx="2.5" fill="${colourOf(index, data)}"`;
    const set =
      box(x, y + LINE / 2 - SWATCH / 2, SWATCH, SWATCH, fill) +
      lines({ x: x + SWATCH + GAP, y: y + LINE / 2 + HALF_CAP }, rows);
    x += width + APART;
    return set;
  });
  return { svg: parts.join(""), height: y + high };
}
