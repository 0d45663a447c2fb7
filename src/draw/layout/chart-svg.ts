import type { ChartData } from "../chart/data.ts";
import { FONT, LETTERS, WIDTH } from "../chart/style.ts";
import { columns } from "./columns.ts";
import { curves } from "./curves.ts";
import { flatBars } from "./flat-bars.ts";
import type { Body } from "./frame.ts";
import { legend } from "./legend.ts";
import { pie } from "./pie.ts";
import { scatter } from "./scatter.ts";
import { HALF_CAP, LINE, lines, n } from "./svg.ts";
import { fitted, type Ruler } from "./words.ts";

export interface ChartOptions {
  /** What the section is called: what it says is not repeated. */
  readonly title: string;
}

/** A chart as an SVG without a background, as wide as all charts. `ruler`: of the fonts that it will be set in. */
export function chartSvg(data: ChartData, { title }: ChartOptions, ruler: Ruler): string {
  const body = bodyOf(data, ruler);
  const isSaid = data.mark !== "point" && title.toLowerCase().includes(data.yLabel.toLowerCase());
  const isNamed = !hasLegend(data) && data.colorLabel === null && data.series.length > 1;
  const heads = [
    ...(isSaid || isNamed ? [] : [paragraph([data.yLabel], ruler)]),
    ...(hasLegend(data) ? [legend(data, ruler)] : []),
  ];
  const feet = data.notes.length === 0 ? [] : [paragraph(data.notes, ruler)];
  const blocks = [...heads, body, ...feet];
  let height = 2;
  const svg = blocks.map((block, index) => {
    const top = height;
    height += block.height + (index === blocks.length - 1 ? 0 : 6);
    return `<g transform="translate(0 ${n(top)})">${block.svg}</g>`;
  });
  const high = Math.ceil(height + 2);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${high}" viewBox="0 0 ${WIDTH} ${high}" font-family="${FONT}" font-size="${LETTERS}">${svg.join("")}</svg>`;
}

function bodyOf(data: ChartData, ruler: Ruler): Body {
  switch (data.mark) {
    case "bar":
      return columns(data, ruler) ?? flatBars(data, ruler);
    case "arc":
      return pie(data, ruler);
    case "point":
      return scatter(data, ruler);
    default:
      return curves(data, ruler);
  }
}

/** Lines are named where they end, and a pie's parts next to it. */
function hasLegend({ mark, series }: ChartData): boolean {
  return series.length > 1 && (mark === "bar" || mark === "point");
}

/** Sentences, each on one line or two. */
function paragraph(sentences: readonly string[], ruler: Ruler): Body {
  const rows = fitted(sentences, { width: WIDTH, isDouble: true }, ruler).flat();
  return { svg: lines({ x: 0, y: LINE / 2 + HALF_CAP }, rows), height: rows.length * LINE };
}
