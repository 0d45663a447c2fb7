export type Point = readonly [x: number, y: number];

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a picture is made of. Pixels from the upper left corner; a text's `y` is its baseline. */
export type Shape =
  | ({ readonly kind: "rect"; readonly fill: string; readonly stroke?: string } & Box)
  | {
      readonly kind: "line";
      readonly points: readonly Point[];
      readonly stroke: string;
      readonly strokeWidth: number;
    }
  | {
      readonly kind: "text";
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly bold: boolean;
      readonly fill: string;
      readonly anchor: "start" | "middle" | "end";
    };

/** A picture, and where it may be cut into pages: between two tiles or two rows of a table, in pixels from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly shapes: readonly Shape[];
  readonly cuts: readonly number[];
}

export const ink = {
  text: "#262d33",
  soft: "#707781",
  grid: "#e5e7ea",
  zebra: "#f5f6f7",
  tile: "#ffffff",
  page: "#f2f4f6",
  error: "#c5221f",
  series: ["#1a73e8", "#12b5cb", "#e52592", "#e8710a", "#f9ab00", "#7cb342", "#9334e6"],
};

export function seriesColor(index: number): string {
  return ink.series[index % ink.series.length] ?? "#1a73e8";
}

interface Lettering {
  size?: number;
  bold?: boolean;
  fill?: string;
  anchor?: "start" | "middle" | "end";
}

export function letters(x: number, y: number, text: string, style: Lettering = {}): Shape {
  const { size = 12, bold = false, fill = ink.text, anchor = "start" } = style;
  return { kind: "text", x, y, text, size, bold, fill, anchor };
}
