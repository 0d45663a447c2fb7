import { ReportError } from "../../core/error.ts";
import { duration } from "../../core/rules/quantity.ts";

/** A render task as Looker has it. */
export interface RenderTask {
  readonly id: string;
  /** Looker's latest word on it, in lower case; "" before there is one. */
  status: string;
  /** What Looker adds to it, or null. */
  detail: string | null;
}

/** Those that the API describes (RenderTask.status), and what others of its tasks say. */
const PENDING: ReadonlySet<string> = new Set([
  "",
  "added",
  "enqueued",
  "pending",
  "running",
  "enqueued_for_query",
  "querying",
  "enqueued_for_render",
  "rendering",
]);
const FAILED: ReadonlySet<string> = new Set(["failure", "failed", "error", "killed", "cancelled"]);

export function hasFailed({ status }: RenderTask): boolean {
  return FAILED.has(status);
}

/** A word that is not known may well mean that there is a picture: asking for it decides. */
export function mayBeDrawn({ status }: RenderTask): boolean {
  return !PENDING.has(status) && !FAILED.has(status);
}

export function failedRender(drawn: string, { id, status, detail }: RenderTask): ReportError {
  const why = detail === null ? `, which gave no reason (render task ${id}, "${status}")` : `: ${detail}`;
  return new ReportError(`Looker could not draw ${drawn}${why}`, {
    // Not "unavailable": Looker itself is well. Its renderer is known to fail now and then, so another try may work.
    code: "database",
    retryable: true,
    advice: "Open it in Looker and download it there as a picture. If that fails too, ask the Looker admin.",
  });
}

/** `reached`: how far it had come: its render task as it was then. */
export function lateRender(
  drawn: string,
  reached: RenderTask | "waiting" | "begun",
  maxMs: number,
): ReportError {
  return new ReportError(`Looker did not draw ${drawn} within ${duration(maxMs)}: ${progressOf(reached)}.`, {
    code: "timeout",
    limitMs: maxMs,
    advice:
      "Open it in Looker to see how long it takes. If it is quick there, ask the Looker admin whether rendering is in trouble.",
  });
}

function progressOf(reached: RenderTask | "waiting" | "begun"): string {
  if (reached === "waiting") return "other drawings were still under way";
  if (reached === "begun") return "it hung before there was a render task";
  return `it hung in the state "${reached.status || "added"}" (render task ${reached.id})`;
}

export function lostRender(drawn: string, { id }: RenderTask): ReportError {
  return new ReportError(`Looker lost the drawing of ${drawn} twice (render task ${id}).`, {
    code: "protocol",
    retryable: true,
    advice:
      "Run the report again. If this keeps happening, ask the Looker admin whether the server restarts or its disk is full.",
  });
}
