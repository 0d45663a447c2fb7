import { open, writeFile } from "node:fs/promises";
import type { DrawnFile } from "../core/adapter.ts";
import { ReportError } from "../core/error.ts";
import type { Drawing, Picture } from "../core/picture.ts";
import { count, rows } from "../core/quantity.ts";
import type { ChartPlan, ShowPlan } from "../core/report.ts";
import type { Show } from "../core/show.ts";
import type { Spool } from "../core/spool.ts";
import { bare, type MadeShow, type ShowDeps, type ShowOrder } from "./shows-order.ts";

/** Looker draws within this, or the table stands in. */
const IMAGE_MS_MAX = 10 * 60_000;
/** Pictures wider than this are taken for ones of double density. */
const SINGLE_DENSITY_WIDTH_MAX = 800;

export async function showChart(order: ShowOrder, plan: ChartPlan, deps: ShowDeps): Promise<MadeShow> {
  const { result, title, report, index } = order;
  const { table } = result;
  const none: Show = { kind: "chart", picture: null, series: null };
  if (table.rows.length === 0) return bare(none);
  const timezone = report.schedule.timezone;
  const drawn = await orNotice(deps, "The chart could not be drawn", () =>
    deps.draftsman.chart({ plan, table, title, timezone }),
  );
  if (typeof drawn === "string") return bare(none, [drawn]);
  if (drawn === null) return bare(none, ["There is nothing to draw: no row has a value for the chart."]);
  const picture = await keep(drawn, `section-${index + 1}-chart.png`, drawn.alt, deps.spool);
  const notices =
    table.rows.length < table.rowCount
      ? [`The chart shows the first ${count(table.rows.length)} of ${rows(table.rowCount)}.`]
      : [];
  return {
    ...bare({ kind: "chart", picture: picture.name, series: drawn.series }, notices),
    pictures: [picture],
  };
}

export async function showImage(
  { title, report, index, result }: ShowOrder,
  { width, height }: ShowPlan & { kind: "image" },
  deps: ShowDeps,
): Promise<MadeShow> {
  const maxMs = Math.min(IMAGE_MS_MAX, Math.floor(report.timeoutMs / 2));
  const drawn = await orNotice(
    deps,
    "Looker could not draw this, so its table stands here",
    async () => {
      const file = await deps.draw({ format: "png", width, height, maxMs });
      return { ...file, ...(await pngSize(file)) };
    },
    true,
  );
  if (typeof drawn === "string") return bare({ kind: "image", picture: null }, [drawn]);
  const density = drawn.width > SINGLE_DENSITY_WIDTH_MAX ? 2 : 1;
  const picture: Picture = {
    name: `section-${index + 1}-image.png`,
    file: drawn.file,
    width: Math.round(drawn.width / density),
    height: Math.round(drawn.height / density),
    alt: imageAlt(title, result.table),
  };
  return { ...bare({ kind: "image", picture: picture.name }), pictures: [picture] };
}

/** What `work` brings, or why it did not, in a sentence. What the report's author has to mend is thrown, unless `always`. */
export async function orNotice<T>(
  { signal }: Pick<ShowDeps, "signal">,
  what: string,
  work: () => Promise<T>,
  always = false,
): Promise<T | string> {
  try {
    return await work();
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    if (!(thrown instanceof ReportError)) throw thrown;
    if (thrown.code === "cancelled" || (thrown.code === "config" && !always)) throw thrown;
    return `${what}: ${thrown.message}`;
  }
}

/** Writes a drawing into the spool. */
export async function keep(drawing: Drawing, name: string, alt: string, spool: Spool): Promise<Picture> {
  const path = spool.path(name);
  await writeFile(path, drawing.png);
  const { width, height, png } = drawing;
  return { name, file: { path, bytes: png.length }, width, height, alt };
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** In pixels, from its first chunk (PNG specification, 11.2.1 IHDR). */
async function pngSize({ file }: DrawnFile): Promise<{ width: number; height: number }> {
  const handle = await open(file.path);
  try {
    const head = Buffer.alloc(24);
    const { bytesRead } = await handle.read(head, 0, 24, 0);
    const isPng = bytesRead === 24 && head.subarray(0, 8).equals(PNG_SIGNATURE);
    const [width, height] = [head.readUInt32BE(16), head.readUInt32BE(20)];
    if (isPng && width > 0 && height > 0) return { width, height };
  } finally {
    await handle.close();
  }
  throw new ReportError("What Looker sent is no PNG picture.", { code: "protocol" });
}

const ALT_ROWS = 3;
const ALT_COLUMNS = 4;

/** The picture itself cannot be read: its first rows say what it is about. */
function imageAlt(title: string, table: ShowOrder["result"]["table"]): string {
  const columns = table.columns.slice(0, ALT_COLUMNS);
  const lines = table.rows
    .slice(0, ALT_ROWS)
    .map((row) =>
      columns
        .map(({ label }, index) => `${short(label)} ${short(row[index]?.rendered ?? "") || "none"}`)
        .join(", "),
    );
  const head = `${short(title)}, as Looker draws it: ${rows(table.rowCount)}`;
  if (lines.length === 0) return `${head}.`;
  return `${head}; ${lines.length < table.rowCount ? "first " : ""}${lines.join("; ")}.`;
}

function short(words: string): string {
  const line = words.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const letters = [...line];
  return letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : line;
}
