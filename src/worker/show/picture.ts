import { open, writeFile } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import { type Drawing, type Picture, PNG_HEAD_BYTES, pngHead } from "../../core/model/picture.ts";
import type { ChartPlan, ShowPlan } from "../../core/model/report.ts";
import type { Result } from "../../core/model/result.ts";
import type { Show } from "../../core/model/show.ts";
import type { DrawnFile } from "../../core/ports/adapter.ts";
import type { Spool } from "../../core/ports/spool.ts";
import { clockOf } from "../../core/rules/dates/clock.ts";
import { isDateColumn, readDateCell } from "../../core/rules/dates/date-value.ts";
import { soFar, stageOf } from "../../core/rules/dates/unfinished.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import { bare, type MadeShow, type ShowDeps, type ShowOrder } from "./order.ts";

/** Looker draws within this, and within what all pictures of the run have together, or the table takes its place. */
const IMAGE_MS_MAX = 10 * 60_000;
/** Pictures wider than this are taken for ones of double density. */
const SINGLE_DENSITY_WIDTH_MAX = 800;

export async function showChart(order: ShowOrder, plan: ChartPlan, deps: ShowDeps): Promise<MadeShow> {
  const { result, title, index, report } = order;
  const locale = report.brand?.language;
  const phrases = phrasesIn(locale);
  const { charts } = phrases;
  const { table } = result;
  const none: Show = { kind: "chart", picture: null, series: null };
  if (table.rows.length === 0) return bare(none);
  const clock = clockOf(result);
  const drawn = await orNotice(deps, phrases, charts.notDrawn, () =>
    deps.chartRenderer
      .chart({ plan, table, title, clock, ...(locale !== undefined && { locale }) })
      .catch(unfit),
  );
  if (typeof drawn === "string") return bare(none, [drawn]);
  // Its table says what there is. The report's author is told why there is no chart.
  if (drawn === null) return bare(none);
  // Boxes say nothing; the table has all letters. The author is told of this too.
  if (drawn.missing.length > 0) return bare({ ...none, series: drawn.series });
  const picture = await keep(drawn, `section-${index + 1}-chart.png`, drawn.alt, deps.spool);
  const cut = table.rows.length < table.rowCount ? [charts.firstRows(table.rows.length, table.rowCount)] : [];
  return {
    ...bare({ kind: "chart", picture: picture.name, series: drawn.series }, [
      ...cut,
      ...unfinished(plan, result, phrases),
    ]),
    pictures: [picture],
  };
}

/** A line that ends in the middle of a week seems to fall. */
function unfinished(plan: ChartPlan, result: Result, { charts, dates }: Phrases): string[] {
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
  const { name } = dates.word(present, clock.now.year);
  return [charts.unfinished(name, soFar(present, type, clock, dates))];
}

/** These rows cannot make such a chart: their table is shown. */
function unfit(thrown: unknown): null {
  if (!(thrown instanceof ReportError) || thrown.code !== "invalid_query") throw thrown;
  return null;
}

export async function showImage(
  { title, index, report, shown: { result } }: ShowOrder,
  { width, height }: ShowPlan & { kind: "image" },
  deps: ShowDeps,
): Promise<MadeShow> {
  const phrases = phrasesIn(report.brand?.language);
  const drawn = await orNotice(
    deps,
    phrases,
    phrases.charts.notDrawnByLooker,
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
    alt: imageAlt(title, result.table, phrases),
  };
  return { ...bare({ kind: "image", picture: picture.name }), pictures: [picture] };
}

/**
 * What `work` brings, or why it did not, in a sentence for the recipients. What the report's author has to fix is thrown, unless
 * `always`.
 */
export async function orNotice<T>(
  { signal }: Pick<ShowDeps, "signal">,
  phrases: Phrases,
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
    return phrases.charts.because(what, inPlainWords(thrown, phrases));
  }
}

/** The readers of a report are not its operators: addresses, ids and a server's own words are for the log. */
function inPlainWords({ code, limitMs }: ReportError, { charts, numbers }: Phrases): string {
  if (code === "timeout" && limitMs !== null) return charts.notWithin(numbers.duration(limitMs));
  return charts.why[code];
}

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
function imageAlt(title: string, table: ShowOrder["result"]["table"], { charts }: Phrases): string {
  const columns = table.columns.slice(0, ALT_COLUMNS);
  const lines = table.rows
    .slice(0, ALT_ROWS)
    .map((row) =>
      columns
        .map(({ label }, index) => `${short(label)} ${short(row[index]?.rendered ?? "") || charts.none}`)
        .join(", "),
    );
  return charts.image(short(title), table.rowCount, lines);
}

function short(words: string): string {
  const line = words.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const letters = [...line];
  return letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : line;
}
