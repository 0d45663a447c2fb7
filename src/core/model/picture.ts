import type { SpoolFile } from "../ports/spool.ts";
import type { ChartPlan } from "./report.ts";
import type { ChartSeries } from "./show.ts";
import type { Table } from "./table.ts";

/** A PNG that a message shows in its body. */
export interface Picture {
  /** Unique within the message, fit for a file name: "section-2-chart.png". */
  readonly name: string;
  readonly file: SpoolFile;
  /** As it is to be shown, in CSS pixels; the file may have a multiple of them. */
  readonly width: number;
  readonly height: number;
  /** Says what is to be seen, numbers included: where pictures are blocked or cannot be seen it stands in their place. */
  readonly alt: string;
}

/** The Content-ID (RFC 2392) by which an email's HTML names a picture that comes with it. */
export function contentId(picture: Picture, runId: string): string {
  return `${picture.name.replace(/[^\w.-]/g, "_")}.${runId}@lookpost`;
}

/** Where a body finds a picture: "cid:…" in an email, a data URL in a page that stands alone. */
export type PictureSource = (picture: Picture) => string;

/** A picture as it is drawn, before it has a place in a spool. */
export interface Drawing {
  readonly png: Uint8Array;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

export interface ChartOrder {
  readonly plan: ChartPlan;
  /** All rows that are to be drawn. */
  readonly table: Table;
  /** Of the section, for the alt text. */
  readonly title: string;
  /** Of the data's dates. */
  readonly timezone: string;
  /** Nobody wants it any more once it aborts: what draws it is ended, and the chart rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface DrawnChart extends Drawing {
  /** First, last, lowest and highest value in words. */
  readonly alt: string;
  /** The same data for whoever draws it natively; null where it is no plain chart. */
  readonly series: ChartSeries | null;
  /** Sentences for the recipients: what of its words could not be drawn. */
  readonly notices?: readonly string[];
}

/** Draws without a network and without a browser. */
export interface ChartRenderer {
  /**
   * Throws ReportError `config` where the chart names a field that the table lacks, or its spec does not compile or names a URL;
   * `invalid_query`, in words for readers, where these rows are nothing for such a chart.
   * Null where there is nothing to draw: no row with a value.
   */
  chart(order: ChartOrder): Promise<DrawnChart | null>;
  /** A small line of a figure's past, oldest first; the last is now. Null for fewer than two. */
  sparkline(values: readonly number[], signal?: AbortSignal): Promise<Drawing | null>;
}
