import { ReportError } from "../../core/error.ts";
import type { RenderSlack } from "../../core/model/digest.ts";
import type { Destination } from "../../core/ports/adapter.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { SlackCalls } from "./calls.ts";
import { describePlace, type SlackConnection, type SlackOptions } from "./options.ts";

export interface SlackDeps {
  readonly renderSlack: RenderSlack;
  readonly clock: Clock;
  /** How long one call of the Web API may take. */
  readonly callTimeoutMs?: number;
}

/** Nothing of what is posted takes longer; Slack itself gives up after about 30 s. */
const CALL_TIMEOUT_MS = 30_000;

/** Posts to a channel or a person: how, says `slack-calls`. */
export function openSlack(
  connection: SlackConnection,
  { renderSlack, clock, callTimeoutMs = CALL_TIMEOUT_MS }: SlackDeps,
): Destination<SlackOptions> & { close(): void } {
  const closing = new AbortController();
  const given = { connection, renderSlack, clock, callTimeoutMs, closed: closing.signal };
  let opened: Promise<SlackCalls> | null = null;
  // Slack's client is loaded when something is first asked of it: a service that waits for its first tick is to stay small.
  const calls = () => {
    opened ??= import("./calls.ts").then(({ slackCalls }) => slackCalls(given));
    return opened;
  };
  return {
    kind: "slack",
    describe: describePlace,
    // Slack's own limit, for one file.
    attachmentBytesMax: 1024 ** 3,
    // What a call has asked for may be done for as long as the call may take.
    lateArrivalMs: callTimeoutMs,
    deliver: async (...order) => (await calls()).deliver(...order),
    find: async (...sought) => (await calls()).find(...sought),
    preview: async (message, options) =>
      (await import("./preview/preview.ts")).previewSlack(message, options, renderSlack),
    checkConnection: async (signal) => (await calls()).checkConnection(signal),
    check: async (options, signal) => (await calls()).check(options, signal),
    /** Aborts what is still under way. */
    close: () => closing.abort(new ReportError("the Slack destination was closed", { code: "cancelled" })),
  };
}
