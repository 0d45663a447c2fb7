import { type StandingFaults, standingFaults } from "../standing-faults.ts";

/**
 * One thing that goes wrong with a call. `method` is a Web API method, or "upload" for the POST to an upload
 * URL; absent, any call. It strikes `times` times (default: always). With `when: "after"` the call has first
 * taken effect (the post stands in the channel), and only its answer goes wrong; for an upload, `drop` with
 * `when: "midway"` cuts the line once some bytes have come.
 *
 * `error` answers `{ok: false, error}` with HTTP 200; `status` answers that HTTP status, with Retry-After if
 * given, and a body that is by default what Slack sends with 429 and a web page otherwise (also for 200).
 */
export type SlackFault = { method?: string; times?: number; when?: "before" | "after" } & (
  | { error: string }
  | { status: number; retryAfterS?: number; body?: string }
  | { drop: true }
  | { hang: true }
  | { delayMs: number }
);

/** A connection cut in the middle of an upload's body. */
export type UploadFault = { method: "upload"; times?: number; when: "midway"; drop: true };

export type AnyFault = SlackFault | UploadFault;

export type SlackFaults = Omit<StandingFaults<AnyFault>, "strike"> & {
  /** What strikes a call of this method. */
  take(method: string): { delayMs: number; fault?: AnyFault };
};

export function slackFaults(initial: readonly AnyFault[] = []): SlackFaults {
  const standing = standingFaults(initial);
  return { ...standing, take: (method) => standing.strike((fault) => (fault.method ?? method) === method) };
}
