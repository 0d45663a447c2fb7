import { ReportError } from "../../core/error.ts";
import type { DrawnFile, DrawOrder, SourceContext } from "../../core/ports/adapter.ts";
import { bytes as bytesInWords } from "../../core/rules/quantity.ts";
import type { Looker } from "../http/client.ts";
import { writeSpoolFile } from "../http/incoming.ts";
import { textIn } from "../http/loose-json.ts";
import { retry } from "../http/retry.ts";
import { fetching } from "../query/fetch-result.ts";
import type { RecentTimes } from "../query/pace.ts";
import { pollWaits } from "../query/pace.ts";
import { checkDrawn } from "./drawn-file.ts";
import { failedRender, hasFailed, lateRender, mayBeDrawn, type RenderTask } from "./state.ts";

const FETCHES_MAX = 3;
/** Far beyond what any page drawn has, and what is sent anywhere. */
const DRAWN_BYTES_MAX = 200_000_000;
const CONTENT_TYPES = { png: "image/png", pdf: "application/pdf" } as const;

export interface RenderJob {
  readonly task: RenderTask;
  /** What is drawn, in words: "Look 42". */
  readonly drawn: string;
  readonly order: DrawOrder;
  /** How long drawings took recently. */
  readonly recent: RecentTimes;
  /** When the drawing was asked for: from then on `order.maxMs` counts, the wait for a slot included. */
  readonly orderedAt: Date;
  /** When the first task for it was asked for. */
  readonly startedAt: Date;
}

/** What came of asking for the picture; `waitMs`: Looker asks for so long a wait. */
type FetchedResult = { readonly file: DrawnFile } | { readonly waitMs: number | null };

/**
 * Polls a render task until it is drawn, and takes the picture in. "lost": Looker does not know it, or not any more. Throws
 * ReportError: `timeout`, `protocol`, or `database` for what Looker could not draw.
 */
export async function followRender(
  looker: Looker,
  job: RenderJob,
  context: SourceContext,
): Promise<DrawnFile | "lost"> {
  const { task, drawn, order, recent, orderedAt, startedAt } = job;
  const { clock, random } = looker;
  const since = (date: Date) => Math.max(0, clock.now().getTime() - date.getTime());
  const elapsedMs = () => since(startedAt);
  const nextWait = pollWaits({ lastMs: null, othersMs: recent.medianMs() }, random);
  for (;;) {
    context.progress({ status: task.status || "added", elapsedMs: elapsedMs() });
    if (hasFailed(task)) throw failedRender(drawn, task);
    const fetched = mayBeDrawn(task) ? await fetchDrawn(looker, job, context) : { waitMs: null };
    if (fetched === "lost") return "lost";
    if ("file" in fetched) {
      recent.note(elapsedMs());
      return fetched.file;
    }
    const leftMs = order.maxMs - since(orderedAt);
    if (leftMs <= 0) throw lateRender(drawn, task, order.maxMs);
    await clock.sleep(Math.min(Math.max(nextWait(elapsedMs()), fetched.waitMs ?? 0), leftMs), context.signal);
    if (!(await poll(looker, task, context.signal))) return "lost";
  }
}

/** False where Looker does not know the task (any more). */
async function poll(looker: Looker, task: RenderTask, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await retry(looker, signal, () =>
      looker.call((sdk, options) => sdk.render_task(task.id, "id,status,status_detail", options), signal),
    );
    task.status = String(answer.status ?? "").toLowerCase();
    task.detail = textIn(answer.status_detail);
    return true;
  } catch (error) {
    if (error instanceof ReportError && error.status === 404) return false;
    throw error;
  }
}

async function fetchDrawn(
  looker: Looker,
  { task, drawn, order }: RenderJob,
  context: SourceContext,
): Promise<FetchedResult | "lost"> {
  const { signal, spool, prefix } = context;
  // A section may have the same drawn for its body and for a file, at the same time.
  const path = spool.path(`${prefix}drawn-${task.id}.${order.format}`);
  const attempt = async (): Promise<FetchedResult> => {
    const incoming = await looker.download(`/render_tasks/${encodeURIComponent(task.id)}/results`, signal);
    if (incoming.status !== 200) {
      incoming.discard();
      return { waitMs: incoming.retryAfterMs };
    }
    const bytes = await writeSpoolFile(incoming.bytes, path, {
      spool,
      bytesMax: DRAWN_BYTES_MAX,
      tooLarge: (bytesMax) => drawnTooLarge(drawn, bytesMax),
      progress: fetching(looker, context),
    });
    await checkDrawn(path, order);
    return { file: { file: { path, bytes }, contentType: CONTENT_TYPES[order.format] } };
  };
  try {
    return await retry(looker, signal, attempt, { attemptsMax: FETCHES_MAX });
  } catch (error) {
    if (error instanceof ReportError && error.status === 404) return "lost";
    throw error;
  }
}

function drawnTooLarge(drawn: string, bytesMax: number): ReportError {
  return new ReportError(`What Looker drew of ${drawn} is larger than ${bytesInWords(bytesMax)}.`, {
    code: "too_large",
    advice: "Draw less: a smaller width and height, or a dashboard of fewer tiles and rows.",
  });
}
