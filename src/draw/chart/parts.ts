import type { Axis } from "./axis.ts";
import { oneLine } from "./axis.ts";
import type { ChartData, DataSeries } from "./data.ts";
import { HEIGHT, LETTERS, PALETTE, REST, WIDTH } from "./style.ts";

/** A part of a Vega-Lite spec. */
export type SpecPart = Readonly<Record<string, unknown>>;

export interface MadeSpec {
  readonly spec: SpecPart;
  /** What of the data is not drawn, in sentences. */
  readonly notes: readonly string[];
}

/** One value as it is drawn: x, y, the number of its series, and its text. */
export interface Datum {
  readonly x: number;
  readonly y: number | null;
  readonly s: number;
  readonly t: string;
  /** Whether its neighbours have no value: a line would not show it. */
  readonly lone: boolean;
}

export function datums({ series, axis }: ChartData): Datum[] {
  return series.flatMap(({ points }: DataSeries, s) =>
    points.map(({ place, value, rendered }, index) => ({
      x: axis.places[place]?.at ?? 0,
      y: value,
      s,
      t: rendered,
      lone: value !== null && isGap(points[index - 1]) && isGap(points[index + 1]),
    })),
  );
}

function isGap(point: { readonly value: number | null } | undefined): boolean {
  return point === undefined || point.value === null;
}

export function placeOf(at: number, { places }: Axis): number {
  return places.findIndex((place) => place.at === at);
}

export function framed(
  data: ChartData,
  values: readonly SpecPart[] | readonly Datum[],
  body: SpecPart,
): SpecPart {
  const by = [data.yLabel, data.xLabel].join(" by ");
  const heading = data.colorLabel === null || data.mark === "arc" ? by : `${by} and ${data.colorLabel}`;
  const subtitle = data.notes.map((note) => oneLine(note, 90));
  return {
    width: WIDTH,
    height: HEIGHT,
    autosize: { type: "fit", contains: "padding" },
    title: { text: oneLine(heading, 70), ...(subtitle.length > 0 && { subtitle }) },
    data: { values },
    ...body,
  };
}

export function colour({ series, mark }: ChartData): SpecPart {
  if (series.length === 1) return { color: { value: PALETTE[0] } };
  const names = series.map(({ name }) => name);
  const widths = names.map((name) => Math.min(lettersWidth(name), 220) + 40);
  const room = WIDTH - 40;
  const isOneLine = widths.reduce((sum, width) => sum + width, 0) <= room;
  const columns = isOneLine ? names.length : Math.max(1, Math.floor(room / Math.max(...widths)));
  return {
    color: {
      field: "s",
      type: "nominal",
      scale: {
        domain: names.map((_, index) => index),
        range: series.map(({ isRest }, index) => (isRest ? REST : PALETTE[index % PALETTE.length])),
      },
      legend: { title: null, labelExpr: lookup(names), columns, ...symbols(mark) },
    },
  };
}

function symbols(mark: ChartData["mark"]): SpecPart {
  return mark === "line" ? { symbolType: "stroke", symbolSize: 320, symbolStrokeWidth: 3.5 } : {};
}

/** About how wide a text is in CSS pixels, to see whether it fits. */
export function lettersWidth(words: string): number {
  return [...words].length * LETTERS * 0.56;
}

/** A table of words in Vega's expression language, since labels may repeat and contain anything. */
export function lookup(words: readonly string[], keys?: readonly number[]): string {
  const table = Object.fromEntries(words.map((word, index) => [String(keys?.[index] ?? index), word]));
  return `(${JSON.stringify(table)})[datum.value]`;
}
