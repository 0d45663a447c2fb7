import { ReportError } from "../../core/error.ts";
import type { ShowPlan } from "../../core/model/report.ts";
import type { Changes } from "../../core/model/show.ts";
import { columnsNamed } from "../../core/model/table.ts";
import { changesOf, readSnapshot, SNAPSHOT_ROWS_MAX, snapshotOf } from "../../core/rules/changes/changes.ts";
import { changesTable } from "../../core/rules/changes/changes-table.ts";
import { asShown, type ShownResult, shownChanges } from "../../core/rules/presentation/presentation.ts";
import { phrasesIn } from "../../core/words/phrases.ts";
import { inPart } from "../run/parts.ts";
import { baselineOf, nameOf } from "../run/past.ts";
import { showKpi } from "./kpi.ts";
import { bare, type MadeShow, type ShowDeps, type ShowOrder } from "./order.ts";
import { showChart, showImage } from "./picture.ts";

export type { MadeShow, ShowDeps, ShowOrder } from "./order.ts";

/** Rows of each list of changes that a message holds. */
const CHANGES_LISTED_MAX = 200;

/** What is read of a section's result. Throws ReportError `config`, naming the section, for a highlight of a field that it lacks. */
export function viewOf(
  order: Pick<ShowOrder, "section" | "sectionIndex" | "result" | "report">,
): ShownResult {
  const { show, title } = order.section;
  try {
    return asShown(
      order.result,
      show.kind === "table" ? show.highlight : null,
      phrasesIn(order.report.brand?.language).tables,
    );
  } catch (thrown) {
    throw thrown instanceof ReportError
      ? inPart(thrown, { ...order, title, isTile: false }, order.report)
      : thrown;
  }
}

/**
 * What a section shows, with its pictures in the spool. Throws ReportError `config` for a field that the table lacks or a chart that
 * cannot be drawn as written, naming the section; what fails otherwise becomes a notice.
 */
export async function makeShow(order: ShowOrder, deps: ShowDeps): Promise<MadeShow> {
  try {
    return await made(order, order.section.show, deps);
  } catch (thrown) {
    if (deps.signal.aborted) throw deps.signal.reason;
    throw thrown instanceof ReportError
      ? inPart(thrown, { ...order, title: order.section.title, isTile: false }, order.report)
      : thrown;
  }
}

async function made(order: ShowOrder, plan: ShowPlan, deps: ShowDeps): Promise<MadeShow> {
  switch (plan.kind) {
    case "none":
      return bare({ kind: "none" });
    case "table":
      return bare({ kind: "table", emphasis: order.shown.emphasis });
    case "kpi":
      return showKpi(order, plan, deps);
    case "chart":
      return showChart(order, plan.chart, deps);
    case "image":
      return showImage(order, plan, deps);
    case "changes":
      return showChanges(order, plan, deps);
  }
}

async function showChanges(
  { result, shown, report, run, sectionIndex }: ShowOrder,
  plan: ShowPlan & { kind: "changes" },
  { ledger }: ShowDeps,
): Promise<MadeShow> {
  const { table } = result;
  const phrases = phrasesIn(report.brand?.language);
  const { tables } = phrases;
  const key = plan.key.flatMap((field) => columnsNamed(table, field, "key"));
  const name = nameOf(report, sectionIndex);
  const recalled = await baselineOf(run, name, ledger);
  const before = recalled === null ? null : readSnapshot(recalled.data);
  const since = before === null ? null : (recalled?.dueAt.toISOString() ?? null);
  const made = changesOf(table, before, { key, since, listMax: SNAPSHOT_ROWS_MAX, words: tables });
  const { notices } = made;
  const changes = shownChanges(made.changes, result);
  const snapshot = snapshotOf(table);
  const words = [...notices];
  if (snapshot.rowsKept < table.rowCount)
    words.unshift(tables.rowsCompared(snapshot.rowsKept, table.rowCount));
  else if (!table.rowCountIsExact) words.unshift(tables.rowsNotCompared(table.rowCount));
  if (table.columnsCut !== undefined) words.unshift(tables.columnsNotCompared(table.columnsCut.limit));
  if (recalled !== null && before === null) words.push(phrases.figures.unreadablePast);
  const remembered =
    run.kind === "trial" ? [] : [{ name, data: snapshot.data, comparedWith: recalled?.runId ?? null }];
  return {
    ...bare({ kind: "changes", changes: listed(changes) }, words),
    remembered,
    ...(changes.since !== null && { fileTable: changesTable(changes, shown.result.table, phrases) }),
  };
}

function listed(changes: Changes): Changes {
  const first = <T>(list: readonly T[]) => list.slice(0, CHANGES_LISTED_MAX);
  const { added, gone, moved } = changes;
  return { ...changes, added: first(added), gone: first(gone), moved: first(moved) };
}
