import type { SpoolFile } from "../ports/spool.ts";
import type { Hex } from "../rules/brand/colour.ts";
import type { QueryClock } from "../rules/dates/clock.ts";
import type { Locale } from "../words/locale.ts";
import type { ChartPlan } from "./report.ts";
import type { ChartSeries } from "./show.ts";
import type { Table } from "./table.ts";

/** A picture that a message shows in its body: PNG, but for a logo. */
export interface Picture {
  /** Unique within the message, fit for a file name: "section-2-chart.png", "logo.jpg". */
  readonly name: string;
  readonly file: SpoolFile;
  /** In CSS pixels; the file may have a multiple of them. */
  readonly width: number;
  readonly height: number;
  /** What the picture shows, including numbers, for readers who cannot see it. */
  readonly alt: string;
}

/** "image/png", by the name; a logo may also be JPEG or GIF. */
export function pictureType({ name }: Picture): string {
  const ending = /\.(jpg|gif)$/.exec(name)?.[1];
  return ending === undefined ? "image/png" : `image/${ending === "jpg" ? "jpeg" : ending}`;
}

/** The Content-ID (RFC 2392) by which an email's HTML names a picture that comes with it. */
export function contentId(picture: Picture, runId: string): string {
  return `${picture.name.replace(/[^\w.-]/g, "_")}.${runId}@lookpost`;
}

/** Where a body finds a picture: "cid:…" in an email, a data URL in a self-contained page. */
export type PictureSource = (picture: Picture) => string;

/** A drawn picture that is not in a spool yet. */
export interface Drawing {
  readonly png: Uint8Array;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

export interface ChartOrder {
  readonly plan: ChartPlan;
  /** All rows to draw. */
  readonly table: Table;
  /** Of the section. */
  readonly title: string;
  /** When the query ran, for periods that were not over; null where that is not known. */
  readonly clock: QueryClock | null;
  /** A brand's colour for the first series; absent: lookpost's own. */
  readonly accent?: Hex;
  /** Of the words in it. Absent: English. */
  readonly locale?: Locale;
  /** Once it aborts, drawing ends, and the chart rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface SparklineOrder {
  /** Oldest first. */
  readonly values: readonly number[];
  /** The last one is of a period that is not over: the way to it is dashed. */
  readonly isLastPartial: boolean;
  /** Of its last step; absent: lookpost's own. */
  readonly accent?: Hex;
}

export interface DrawnChart extends Drawing {
  /** First, last, lowest and highest value in words. */
  readonly alt: string;
  /** The same data for destinations that draw charts themselves; null if the chart is a whole spec. */
  readonly series: ChartSeries | null;
  /** Some of the letters that no font has, which the picture shows as boxes. */
  readonly missing: readonly string[];
  /** How it differs from what was asked for, and what its author may do. Absent: in nothing. */
  readonly otherwise?: { readonly message: string; readonly advice: string };
}

/** Draws without a network and without a browser. */
export interface ChartRenderer {
  /**
   * Throws ReportError `config` if the chart names a field that the table lacks, or its spec does not compile or names a URL;
   * `invalid_query`, in words for readers, if these rows do not suit such a chart.
   * Null if there is nothing to draw: no row has a value.
   */
  chart(order: ChartOrder): Promise<DrawnChart | null>;
  /** A small line of a figure's past. Null for fewer than two values. */
  sparkline(order: SparklineOrder, signal?: AbortSignal): Promise<Drawing | null>;
}

/** Signature, and the head of the chunk IHDR, which has the extent (https://www.w3.org/TR/png-3/, 5.2 and 11.2.1). */
const PNG_SIGNATURE_AND_IHDR = [
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
] as const;

/** So many bytes of a PNG picture say how large it is. */
export const PNG_HEAD_BYTES = PNG_SIGNATURE_AND_IHDR.length + 8;

export type PngHead = { readonly width: number; readonly height: number } | "no PNG" | "cut";

/** What the first bytes of a file say: its extent in pixels, that it is not a PNG picture, or that it breaks off before it is known. */
export function pngHead(bytes: Uint8Array): PngHead {
  if (PNG_SIGNATURE_AND_IHDR.some((byte, index) => bytes[index] !== byte)) return "no PNG";
  if (bytes.length < PNG_HEAD_BYTES) return "cut";
  const view = new DataView(bytes.buffer, bytes.byteOffset, PNG_HEAD_BYTES);
  return {
    width: view.getUint32(PNG_SIGNATURE_AND_IHDR.length),
    height: view.getUint32(PNG_SIGNATURE_AND_IHDR.length + 4),
  };
}
