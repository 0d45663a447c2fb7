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

export type SlackFaults = {
  add(fault: AnyFault): void;
  clear(): void;
  /** The faults that still stand. */
  list(): readonly AnyFault[];
  /** Uses up one strike of every delay, and of the first other fault, that fits. */
  take(method: string): { delayMs: number; fault?: AnyFault };
};

export function slackFaults(initial: readonly AnyFault[] = []): SlackFaults {
  let standing = initial.map(counted);
  return {
    add(fault) {
      standing.push(counted(fault));
    },
    clear() {
      standing = [];
    },
    list: () => standing.map((entry) => ({ ...entry.fault, times: entry.left })),
    take(method) {
      const taken: { delayMs: number; fault?: AnyFault } = { delayMs: 0 };
      for (const entry of standing) {
        if ((entry.fault.method ?? method) !== method) continue;
        if ("delayMs" in entry.fault) taken.delayMs += entry.fault.delayMs;
        else if (taken.fault !== undefined) continue;
        else taken.fault = entry.fault;
        entry.left -= 1;
      }
      standing = standing.filter((entry) => entry.left > 0);
      return taken;
    },
  };
}

function counted(fault: AnyFault): { fault: AnyFault; left: number } {
  return { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
}
