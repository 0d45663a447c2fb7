import { z } from "zod";
import { type FaultList, faultList, limits } from "../fault-list.ts";

const aim = {
  ...limits,
  /** A Web API method, or "upload" for the POST to an upload URL; absent, any call. */
  method: z.string().min(1).optional(),
  /** "after": the call has first taken effect (the post is in the channel), and only its answer goes wrong. */
  when: z.enum(["before", "after"]).optional(),
};

/**
 * One thing that goes wrong with a call. `error` answers `{ok: false, error}` with HTTP 200; `status` answers that
 * HTTP status, with Retry-After if given, and a body that is by default what Slack sends with 429 and a web page
 * otherwise (also for 200).
 */
const slackFault = z.union([
  z.strictObject({ error: z.string().min(1), ...aim }),
  z.strictObject({
    status: z.int().min(200).max(599),
    retryAfterS: z.number().min(0).optional(),
    body: z.string().optional(),
    ...aim,
  }),
  z.strictObject({ drop: z.literal(true), ...aim }),
  z.strictObject({ hang: z.literal(true), ...aim }),
  z.strictObject({ delayMs: z.int().min(0).max(3_600_000), ...aim }),
  /** A connection cut in the middle of an upload's body, once some bytes have come. */
  z.strictObject({
    ...limits,
    method: z.literal("upload"),
    when: z.literal("midway"),
    drop: z.literal(true),
  }),
]);

export type AnyFault = z.infer<typeof slackFault>;

export type SlackFaults = Omit<FaultList<AnyFault>, "strike"> & {
  /** What strikes a call of this method. */
  take(method: string): { delayMs: number; fault?: AnyFault };
};

export function slackFaults(initial: readonly AnyFault[] = []): SlackFaults {
  const active = faultList(slackFault, initial);
  return { ...active, take: (method) => active.strike((fault) => (fault.method ?? method) === method) };
}
