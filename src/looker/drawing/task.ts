import { ReportError } from "../../core/error.ts";
import type { DrawnFile, DrawOrder, SourceContext } from "../../core/ports/adapter.ts";
import { createSlots, type Slots } from "../../core/rules/slots.ts";
import { isNotVisible } from "../explore/not-visible.ts";
import type { Looker } from "../http/client.ts";
import { withoutId } from "../http/failure.ts";
import { textIn } from "../http/loose-json.ts";
import { retry } from "../http/retry.ts";
import type { QueryBody } from "../query/content.ts";
import { type RecentTimes, recentTimes } from "../query/pace.ts";
import { withQuery } from "../query/run.ts";
import { followRender } from "./follow.ts";
import { lateRender, lostRender, type RenderTask } from "./state.ts";

/** What Looker is to draw. A render task takes it as it is: of these only a dashboard has filters to give it. */
export type Drawable =
  | { readonly kind: "look"; readonly id: string }
  | { readonly kind: "query"; readonly id: string }
  | { readonly kind: "element"; readonly id: string }
  /** `filters`: values by the names of the dashboard's filters, as a URL query string. */
  | { readonly kind: "dashboard"; readonly id: string; readonly filters: string };

/** Looker draws in a browser of its own, of which it has few. Not slots for queries: those may all wait for one long query. */
const RENDERS_MAX = 3;
/** How many render tasks are made for one picture. */
const CREATIONS_MAX = 2;
const FIELDS = "id,status,status_detail";

interface RenderQueue {
  readonly slots: Slots;
  readonly recent: RecentTimes;
}

const queues = new WeakMap<Looker, RenderQueue>();

/**
 * One render task from its creation to the picture in the spool. `drawn`: what it is, in words, for errors. Throws ReportError:
 * `config` for a PDF of anything but a dashboard, which the API does not make.
 */
export async function runRenderTask(
  looker: Looker,
  drawing: Drawable,
  drawn: string,
  order: DrawOrder,
  context: SourceContext,
): Promise<DrawnFile> {
  if (order.format === "pdf" && drawing.kind !== "dashboard") throw noPdf(drawn);
  const { slots, recent } = queueOf(looker);
  const orderedAt = looker.clock.now();
  return inTime(drawn, order.maxMs, context, async (within, reach) => {
    const slot = slots.take(within.signal);
    if (slots.waiting > 0) context.progress({ status: "waiting", elapsedMs: 0 });
    const release = await slot;
    try {
      reach("begun");
      const startedAt = looker.clock.now();
      for (let creations = 1; ; creations += 1) {
        const task = await create(looker, drawing, order, within.signal).catch((error: unknown) => {
          throw isNotVisible(error) ? notDrawable(drawn, error) : error;
        });
        reach(task);
        const job = { task, drawn, order, recent, orderedAt, startedAt };
        const followed = await followRender(looker, job, within);
        if (followed !== "lost") return followed;
        if (creations === CREATIONS_MAX) throw lostRender(drawn, task);
      }
    } finally {
      release();
    }
  });
}

/** Has a query drawn that is given by its body. */
export function drawBody(
  looker: Looker,
  body: QueryBody,
  drawn: string,
  order: DrawOrder,
  context: SourceContext,
): Promise<DrawnFile> {
  return withQuery(looker, body, context.signal, ({ id }) =>
    runRenderTask(looker, { kind: "query", id }, drawn, order, context),
  );
}

/** How far a drawing has come: it waits for a slot, has one, or has a task. */
type Reached = RenderTask | "waiting" | "begun";

/** Requests that hang, and a wait that does not end, are cut off too. `reach`: how far it has come, for the error. */
async function inTime(
  drawn: string,
  maxMs: number,
  context: SourceContext,
  work: (context: SourceContext, reach: (reached: Reached) => void) => Promise<DrawnFile>,
): Promise<DrawnFile> {
  let latest: Reached = "waiting";
  if (maxMs <= 0) throw lateRender(drawn, latest, 0);
  const late = AbortSignal.timeout(Math.ceil(maxMs));
  try {
    const signal = AbortSignal.any([context.signal, late]);
    return await work({ ...context, signal }, (reached) => {
      latest = reached;
    });
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    throw late.aborted ? lateRender(drawn, latest, maxMs) : error;
  }
}

function queueOf(looker: Looker): RenderQueue {
  const known = queues.get(looker);
  if (known !== undefined) return known;
  const queue = { slots: createSlots(RENDERS_MAX), recent: recentTimes() };
  queues.set(looker, queue);
  return queue;
}

async function create(
  looker: Looker,
  drawing: Drawable,
  order: DrawOrder,
  signal: AbortSignal,
): Promise<RenderTask> {
  // A creation whose answer is lost may have made a task. It ends by itself, unseen: another is made.
  const made = await retry(looker, signal, () => askFor(looker, drawing, order, signal));
  const id = textIn(made.id);
  if (id === null) throw withoutId("render task");
  return { id, status: String(made.status ?? "").toLowerCase(), detail: textIn(made.status_detail) };
}

function askFor(looker: Looker, drawing: Drawable, order: DrawOrder, signal: AbortSignal) {
  const { format, width, height } = order;
  const { id } = drawing;
  return looker.call((sdk, options) => {
    switch (drawing.kind) {
      case "look":
        return sdk.create_look_render_task(id, format, width, height, FIELDS, options);
      case "query":
        return sdk.create_query_render_task(id, format, width, height, FIELDS, options);
      case "element":
        return sdk.create_dashboard_element_render_task(id, format, width, height, FIELDS, options);
      case "dashboard": {
        const body = { ...(drawing.filters !== "" && { dashboard_filters: drawing.filters }) };
        return sdk.create_dashboard_render_task(
          { dashboard_id: id, result_format: format, width, height, fields: FIELDS, body },
          options,
        );
      }
    }
  }, signal);
}

function notDrawable(drawn: string, cause: ReportError): ReportError {
  return new ReportError(`${drawn} does not exist, or the API user may not have it drawn.`, {
    code: "not_found",
    advice: "Check it in Looker, and the API user's access to it. Drawable needs a permission to download.",
    cause,
    ...(cause.status !== null && { status: cause.status }),
  });
}

function noPdf(drawn: string): ReportError {
  return new ReportError(`Looker draws ${drawn} as a picture only: PDF is for dashboards.`, {
    code: "config",
    advice: "Attach png, or the pdf of a dashboard that shows it.",
  });
}
