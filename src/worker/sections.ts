import type { SourceRequest } from "../core/adapter.ts";
import { ReportError } from "../core/error.ts";
import type { Report, SectionPlan } from "../core/report.ts";
import type { Result } from "../core/result.ts";
import type { Run } from "../core/run.ts";
import type { Spool } from "../core/spool.ts";
import type { Workshop } from "./pipeline.ts";
import { pass } from "./points.ts";
import { sharedTasks } from "./shared-tasks.ts";
import { spoolFault } from "./spool-fault.ts";

export interface Fetching {
  readonly run: Run;
  readonly report: Report;
  readonly spool: Spool;
  /** The process's name in the ledger. */
  readonly owner: string;
  readonly signal: AbortSignal;
}

/**
 * Asks for all sections at once; how many queries Looker sees at a time is the Looker room's care. The first failure
 * cancels the others, since a report with a section missing is not sent.
 */
export async function fetchSections(fetching: Fetching, workshop: Workshop): Promise<readonly Result[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([fetching.signal, failed.signal]);
  const results = await Promise.allSettled(
    fetching.report.sections.map(async (section, index) => {
      try {
        return await fetchSection({ section, index }, { ...fetching, signal }, workshop);
      } catch (thrown) {
        const error = inSection(spoolFault(thrown), section, fetching.report);
        // What the others have asked for nobody will want, unless they are tried again together.
        failed.abort(error.retryable ? error : unwanted(error));
        throw error;
      }
    }),
  );
  if (fetching.signal.aborted) throw fetching.signal.reason;
  const first = results.find((result) => result.status === "rejected" && !isFollower(result.reason));
  if (first?.status === "rejected") throw first.reason;
  return results.filter((result) => result.status === "fulfilled").map((result) => result.value);
}

const followers = new WeakSet<object>();

function unwanted(cause: ReportError): ReportError {
  const error = new ReportError("Another section of the report failed.", { code: "cancelled", cause });
  followers.add(error);
  return error;
}

/** The failures of the other sections only followed the first. */
function isFollower(reason: unknown): boolean {
  return reason instanceof ReportError && (followers.has(reason) || isFollower(reason.cause));
}

interface Place {
  readonly section: SectionPlan;
  readonly index: number;
}

async function fetchSection(
  { section, index }: Place,
  { run, report, spool, owner, signal }: Fetching,
  { ledger, adapters, listener, clock }: Workshop,
): Promise<Result> {
  const title = section.title ?? report.title;
  const source = adapters.source(section.source.kind);
  const request = { filters: section.filters, limit: section.limit, csv: csvWanted(report) };
  const known = async (taskId: string) => {
    await ledger.recordTask(run.id, index, title, taskId);
    pass("task_created", run.id);
  };
  const result = await source.run(section.source.options, request, {
    spool,
    prefix: `section-${index + 1}-`,
    headRowsMax: section.rowsShown,
    signal,
    expectedMs: await ledger.lastTookMs(report.name, index),
    progress: (progress) => listener({ kind: "section_progress", run, section: index, title, progress }),
    tasks: sharedTasks(run, { ledger, clock, owner, known }),
  });
  const { tookMs, warnings, fromCache, table } = result;
  const rows = table.rowCount;
  const heading = section.title ?? result.title ?? report.title;
  await ledger.recordSection(run.id, {
    section: index,
    title: heading,
    taskId: null,
    rows,
    tookMs,
    warnings,
  });
  const content = source.describe(section.source.options);
  const size = { rows, columns: table.columns.length };
  const done = { section: index, title: heading, content, ...size, tookMs, fromCache, warnings };
  listener({ kind: "section_done", run, ...done });
  return result;
}

/** With several sections, a person has to know which one it was. */
function inSection(error: ReportError, section: SectionPlan, { sections }: Report): ReportError {
  if (sections.length === 1 || error.code === "cancelled") return error;
  const number = sections.indexOf(section) + 1;
  const name = section.title === null ? `Section ${number}` : `Section ${number}, "${section.title}"`;
  return error.under(name);
}

/** How the csv files that the report attaches want a large result. */
export function csvWanted(report: Report): SourceRequest["csv"] {
  const csv = report.deliver.flatMap(({ attach }) => attach).filter(({ kind }) => kind === "csv");
  const raw = csv.filter(({ options }) => (options as { raw?: boolean }).raw === true);
  if (raw.length === 0) return "formatted";
  return raw.length === csv.length ? "raw" : "both";
}
