import { z } from "zod";
import { limits } from "../fault-list.ts";

const aimAtRequest = {
  ...limits,
  /** An operation of the API (`query_task_results`), or a verb and path with `*` (`GET /looks/*`). Default: every request. */
  on: z.string().min(1).optional(),
};

const aimAtRun = {
  ...limits,
  /** Only runs of this query. */
  queryId: z.string().optional(),
  /** Only runs in this result format. */
  format: z.string().optional(),
};

/** What happens to one HTTP request, before or instead of its answer. */
const requestFaults = [
  z.strictObject({ kind: z.literal("slow"), ms: z.int().min(0).max(600_000), ...aimAtRequest }),
  z.strictObject({ kind: z.literal("hang"), ...aimAtRequest }),
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(400).max(599),
    /** Seconds, or an HTTP date. No header without it. */
    retryAfter: z.union([z.int().min(0), z.string()]).optional(),
    /** A page, as a proxy in front of Looker would send it. */
    html: z.boolean().optional(),
    message: z.string().optional(),
    ...aimAtRequest,
  }),
  z.strictObject({ kind: z.literal("drop"), ...aimAtRequest }),
  z.strictObject({
    kind: z.literal("drop_mid_body"),
    afterBytes: z.int().min(0).max(100_000_000),
    ...aimAtRequest,
  }),
  /** 200 with a page: what a base URL that names the web host, or a login wall, gives. */
  z.strictObject({ kind: z.literal("not_json"), ...aimAtRequest }),
  /** The token used is revoked: 401 now, and until the next login. */
  z.strictObject({ kind: z.literal("token_expired"), ...aimAtRequest }),
  z.strictObject({
    kind: z.literal("login_refused"),
    /** Looker says 404 to bad credentials; a gateway before it may say 401 or 403. Default 404. */
    status: z.union([z.literal(401), z.literal(403), z.literal(404)]).optional(),
    ...limits,
  }),
] as const;

/** What happens to one query task: struck when the task is made. */
const lifeFaults = [
  /** Polls say added, added, expired; then the truth. */
  z.strictObject({ kind: z.literal("false_expired"), ...aimAtRun }),
  z.strictObject({ kind: z.literal("expired"), ...aimAtRun }),
  /** Polls say this word: so many times, or always. Without `polls` the results stay pending. */
  z.strictObject({
    kind: z.literal("status_word"),
    word: z.string(),
    polls: z.int().positive().optional(),
    ...aimAtRun,
  }),
  /** The server has no memory of the task it has just made: 404. With `polls`, it forgets it after so many. */
  z.strictObject({ kind: z.literal("forgotten"), polls: z.int().positive().optional(), ...aimAtRun }),
] as const;

/** What happens to the answer of one run. */
const answerFaults = [
  z.strictObject({ kind: z.literal("database_error"), message: z.string().optional(), ...aimAtRun }),
  /** 200, and a row that says what went wrong in place of data. */
  z.strictObject({ kind: z.literal("looker_error"), message: z.string().optional(), ...aimAtRun }),
  /** 200, and the QueryTask itself in place of data. */
  z.strictObject({ kind: z.literal("task_as_data"), ...aimAtRun }),
  /** Mere notices in `errors[]` of a json_detail result whose data is sound. */
  z.strictObject({ kind: z.literal("warnings"), message: z.string().optional(), ...aimAtRun }),
] as const;

const aimAtRender = {
  ...limits,
  /** Only this content: `looks/42`, `queries/1003`, `dashboards/7`, `dashboard_elements/701`. */
  of: z.string().optional(),
  /** Only this format: png, jpg or pdf. */
  format: z.string().optional(),
};

/** What happens to one render task: struck when the task is made. */
const renderFaults = [
  /** It never ends, and stays in this state (default rendering). */
  z.strictObject({
    kind: z.literal("render_stuck"),
    state: z.enum(["enqueued_for_query", "querying", "enqueued_for_render", "rendering"]).optional(),
    ...aimAtRender,
  }),
  z.strictObject({ kind: z.literal("render_failure"), detail: z.string().optional(), ...aimAtRender }),
  /** Polls say this word: so many times, or always. */
  z.strictObject({
    kind: z.literal("render_word"),
    word: z.string(),
    polls: z.int().positive().optional(),
    ...aimAtRender,
  }),
  /** Success, and yet so many fetches (default 1) are told to come back, after so many seconds (default 1). */
  z.strictObject({
    kind: z.literal("render_late"),
    fetches: z.int().positive().optional(),
    retryAfter: z.int().min(0).optional(),
    ...aimAtRender,
  }),
  /** Success, and the results are gone: 404. */
  z.strictObject({ kind: z.literal("render_expired"), ...aimAtRender }),
  /** The answer is whole, and the file in it is not: its first bytes (default half of them). */
  z.strictObject({
    kind: z.literal("render_truncated"),
    bytes: z.int().min(0).optional(),
    ...aimAtRender,
  }),
  /** 200 with a page in place of the picture. */
  z.strictObject({ kind: z.literal("render_page"), ...aimAtRender }),
] as const;

/** What the server is like until the fault is cleared. */
const settings = [
  /** Pending results answer 204, as older servers do. */
  z.strictObject({ kind: z.literal("pending_as_204") }),
  /** How many queries may run at once; the rest queue. */
  z.strictObject({ kind: z.literal("concurrency"), max: z.int().positive() }),
] as const;

const requestFault = z.discriminatedUnion("kind", requestFaults);
const lifeFault = z.discriminatedUnion("kind", lifeFaults);
const renderFault = z.discriminatedUnion("kind", renderFaults);
const answerFault = z.discriminatedUnion("kind", answerFaults);

export const faultSchema = z.discriminatedUnion("kind", [
  ...requestFaults,
  ...lifeFaults,
  ...answerFaults,
  ...renderFaults,
  ...settings,
]);

export type Fault = z.infer<typeof faultSchema>;
export type RequestFault = z.infer<typeof requestFault>;
export type LifeFault = z.infer<typeof lifeFault>;
export type AnswerFault = z.infer<typeof answerFault>;
export type RenderFault = z.infer<typeof renderFault>;

export function isRequestFault(fault: Fault): fault is RequestFault {
  return requestFault.safeParse(fault).success;
}

export function isLifeFault(fault: Fault): fault is LifeFault {
  return lifeFault.safeParse(fault).success;
}

export function isAnswerFault(fault: Fault): fault is AnswerFault {
  return answerFault.safeParse(fault).success;
}

export function isRenderFault(fault: Fault): fault is RenderFault {
  return renderFault.safeParse(fault).success;
}
