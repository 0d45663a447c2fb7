import { open, writeFile } from "node:fs/promises";
import { type ErrorCode, ReportError } from "../../core/error.ts";
import { type Drawing, type Picture, PNG_HEAD_BYTES, pngHead } from "../../core/model/picture.ts";
import type { ChartPlan, ShowPlan } from "../../core/model/report.ts";
import type { Result } from "../../core/model/result.ts";
import type { Show } from "../../core/model/show.ts";
import type { DrawnFile } from "../../core/ports/adapter.ts";
import type { Spool } from "../../core/ports/spool.ts";
import { clockOf } from "../../core/rules/dates/clock.ts";
import { isDateColumn, readDateCell } from "../../core/rules/dates/date-value.ts";
import { dateWords } from "../../core/rules/dates/date-words.ts";
import { soFar, stageOf } from "../../core/rules/dates/unfinished.ts";
import { count, duration, rows } from "../../core/rules/quantity.ts";
import { bare, type MadeShow, type ShowDeps, type ShowOrder } from "./order.ts";

/** Looker draws within this, and within what all pictures of the run have together, or the table takes its place. */
const IMAGE_MS_MAX = 10 * 60_000;
/** Pictures wider than this are taken for ones of double density. */
const SINGLE_DENSITY_WIDTH_MAX = 800;

export async function showChart(order: ShowOrder, plan: ChartPlan, deps: ShowDeps): Promise<MadeShow> {
  const { result, title, index } = order;
  const { table } = result;
  const none: Show = { kind: "chart", picture: null, series: null };
  if (table.rows.length === 0) return bare(none);
  const clock = clockOf(result);
  const drawn = await orNotice(deps, "The chart could not be drawn", () =>
    deps.chartRenderer.chart({ plan, table, title, clock }).catch(unfit),
  );
  if (typeof drawn === "string") return bare(none, [drawn]);
  // Its table says what there is. The report's author is told why there is no chart.
  if (drawn === null) return bare(none);
  // Boxes say nothing; the table has all letters. The author is told of this too.
  if (drawn.missing.length > 0) return bare({ ...none, series: drawn.series });
  const picture = await keep(drawn, `section-${index + 1}-chart.png`, drawn.alt, deps.spool);
  const cut =
    table.rows.length < table.rowCount
      ? [`The chart shows the first ${count(table.rows.length)} of ${rows(table.rowCount)}.`]
      : [];
  return {
    ...bare({ kind: "chart", picture: picture.name, series: drawn.series }, [
      ...cut,
      ...unfinished(plan, result),
    ]),
    pictures: [picture],
  };
}

/** A line that ends in the middle of a week seems to fall. */
function unfinished(plan: ChartPlan, result: Result): string[] {
  const { columns, rows } = result.table;
  const index = plan.kind === "fields" ? columns.findIndex(({ name }) => name === plan.x) : -1;
  const type = columns[index]?.type ?? null;
  const clock = clockOf(result);
  const present = isDateColumn(result.table, index)
    ? rows
        .map((row) => readDateCell(row[index], type))
        .find((date) => date !== null && stageOf(date, type, clock) === "present")
    : null;
  if (present == null) return [];
  const { name } = dateWords(present, clock.now.year);
  return [`Not over yet: ${name}, ${soFar(present, type, clock)}.`];
}

/** These rows cannot make such a chart: their table is shown. */
function unfit(thrown: unknown): null {
  if (!(thrown instanceof ReportError) || thrown.code !== "invalid_query") throw thrown;
  return null;
}

export async function showImage(
  { title, index, shown: { result } }: ShowOrder,
  { width, height }: ShowPlan & { kind: "image" },
  deps: ShowDeps,
): Promise<MadeShow> {
  const drawn = await orNotice(
    deps,
    "Looker could not draw this, so here is its table",
    async () => {
      const file = await deps.draw({ format: "png", width, height, maxMs: IMAGE_MS_MAX });
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

/**
 * What `work` brings, or why it did not, in a sentence for the recipients. What the report's author has to fix is thrown, unless
 * `always`.
 */
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
    return `${what}: ${inPlainWords(thrown)}.`;
  }
}

/** The readers of a report are not its operators: addresses, ids and a server's own words are for the log. */
function inPlainWords({ code, limitMs }: ReportError): string {
  if (code === "timeout" && limitMs !== null) return `Looker was not done within ${duration(limitMs)}`;
  return PLAIN_WORDS[code];
}

const PLAIN_WORDS: Readonly<Record<ErrorCode, string>> = {
  config: "it cannot be had as the report asks for it",
  auth: "Looker does not allow it",
  not_found: "Looker does not have it, or does not show it to reports",
  invalid_query: "Looker does not accept its query as it is",
  database: "Looker tried, and failed",
  too_large: "what Looker sent is too large",
  unavailable: "Looker was not reached",
  rate_limited: "Looker was asked too often at the moment",
  timeout: "it took too long",
  cancelled: "it was called off",
  protocol: "what Looker sent could not be read",
  local: "the machine that makes the reports failed at it",
};

/** Writes a drawing into the spool. */
export async function keep(drawing: Drawing, name: string, alt: string, spool: Spool): Promise<Picture> {
  const path = spool.path(name);
  await writeFile(path, drawing.png);
  const { width, height, png } = drawing;
  return { name, file: { path, bytes: png.length }, width, height, alt };
}

/** In pixels. */
async function pngSize({ file }: DrawnFile): Promise<{ width: number; height: number }> {
  const handle = await open(file.path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PNG_HEAD_BYTES), 0, PNG_HEAD_BYTES, 0);
    const head = pngHead(buffer.subarray(0, bytesRead));
    if (typeof head !== "string" && head.width > 0 && head.height > 0) return head;
  } finally {
    await handle.close();
  }
  throw new ReportError("What Looker sent is not a PNG picture.", { code: "protocol" });
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
