import { ReportError } from "../../core/error.ts";
import type { Result } from "../../core/model/result.ts";
import type { SourceContext } from "../../core/ports/adapter.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import type { AttemptContext } from "./attempt.ts";
import { makingFailure } from "./failure.ts";
import { headRowsMax, inPart, type Part, requestOf } from "./parts.ts";
import { sharedTasks } from "./shared-tasks.ts";

/**
 * Asks for all parts at once, and returns what each brought, null for words alone; how many queries Looker sees at a time is
 * up to the Looker room. The first failure cancels the others, since a report with a part missing is not sent.
 */
export async function fetchSections(
  parts: readonly Part[],
  attempt: AttemptContext,
  worker: WorkerContext,
): Promise<readonly (Result | null)[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([attempt.signal, failed.signal]);
  const results = await Promise.allSettled(
    parts.map(async (part, index) => {
      try {
        return await fetchPart({ part, index }, { ...attempt, signal }, worker);
      } catch (thrown) {
        const error = inPart(makingFailure(thrown), part, attempt.report);
        // What the others have asked for is of no use, unless they are tried again together.
        failed.abort(error.retryable ? error : unwanted(error));
        throw error;
      }
    }),
  );
  if (attempt.signal.aborted) throw attempt.signal.reason;
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

export interface IndexedPart {
  readonly part: Part;
  /** In the message. */
  readonly index: number;
}

async function fetchPart(
  { part, index }: IndexedPart,
  attempt: AttemptContext,
  worker: WorkerContext,
): Promise<Result | null> {
  const { content, plan } = part;
  if (content === null) return null;
  const { run, report } = attempt;
  const { ledger, adapters, listener, redact } = worker;
  const source = adapters.source(content.source.kind);
  const request = { ...requestOf(plan, report, adapters.format), filters: content.filters };
  const context = await sourceContext({ part, index }, attempt, worker);
  const fetched = await source.run(content.source.options, request, context);
  const result = { ...fetched, warnings: fetched.warnings.map(redact) };
  const { tookMs, warnings, fromCache, table } = result;
  const rows = table.rowCount;
  const heading = part.title ?? result.title ?? report.title;
  await ledger.recordSection(run.id, {
    section: index,
    title: heading,
    taskId: null,
    rows,
    tookMs,
    warnings,
  });
  const about = source.describe(content.source.options);
  const size = { rows, columns: table.columns.length };
  const done = { section: index, title: heading, content: about, ...size, tookMs, fromCache, warnings };
  listener({ kind: "section_done", run, ...done });
  return result;
}

/** How a source works for one part of a run. `purpose` keeps the files of several such works apart. */
export async function sourceContext(
  { part, index }: IndexedPart,
  { run, report, spool, owner, signal }: AttemptContext,
  { ledger, listener, clock }: Pick<WorkerContext, "ledger" | "listener" | "clock">,
  purpose = "",
): Promise<SourceContext> {
  const title = part.title ?? report.title;
  const known = async (taskId: string) => {
    // Only its own query is the section's: what else is asked for it has tasks too.
    if (purpose === "") await ledger.recordTask(run.id, index, title, taskId);
    crashPoint("task_created", run.id);
  };
  return {
    spool,
    prefix: `section-${index + 1}-${purpose}`,
    headRowsMax: headRowsMax(part.plan),
    resultBytesMax: report.resultBytesMax,
    signal,
    expectedMs: purpose === "" ? await ledger.lastTookMs(report.name, index) : null,
    progress: (progress) => listener({ kind: "section_progress", run, section: index, title, progress }),
    tasks: sharedTasks(run, { ledger, clock, owner, known }),
  };
}
