import { ReportError } from "../../core/error.ts";
import { later } from "../../core/later.ts";
import { type Destination, defineDestination } from "../../core/ports/destination.ts";
import type { SlackCalls } from "./calls.ts";
import { describePlace, type SlackConnection, type SlackDeps, type SlackOptions } from "./options.ts";

export const slack = defineDestination({
  kind: "slack",
  open: (connection: SlackConnection, { renderSlack, clock }): Destination<SlackOptions> =>
    openSlack(connection, { renderSlack, clock }),
  needsConnection: true,
  describe: describePlace,
  identity: (options) => describePlace(options).toLowerCase(),
  recipients: (options) => [describePlace(options)],
  server: (_options, { apiUrl }) => apiUrl,
  onSandbox: {
    connection: (_connection, { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl }) => ({ token, apiUrl }),
    // The sandbox has every channel and person that it is asked for.
    options: (options) => options,
  },
  words: {
    server: (server) => (server === "https://slack.com/api/" ? "Slack" : `Slack at ${server}`),
    // A post has one recipient: what was refused of it are files.
    refusals: "files",
    looksUp: true,
  },
});

/** Nothing of what is posted takes longer; Slack itself gives up after about 30 s. */
const CALL_TIMEOUT_MS = 30_000;

const client = later(() => import("./calls.ts"));
const previewing = later(() => import("./preview/preview.ts"));

/** Posts to a channel or a person: `calls` says how. */
export function openSlack(
  connection: SlackConnection,
  { renderSlack, clock, callTimeoutMs = CALL_TIMEOUT_MS }: SlackDeps,
): Destination<SlackOptions> {
  const closing = new AbortController();
  const deps = { connection, renderSlack, clock, callTimeoutMs, closed: closing.signal };
  let opened: SlackCalls | null = null;
  const calls = async () => {
    const { slackCalls } = await client();
    opened ??= slackCalls(deps);
    return opened;
  };
  return {
    // Slack's own limit, for one file.
    attachmentBytesMax: 1024 ** 3,
    // What a call has asked for may be done for as long as the call may take.
    lateArrivalMs: callTimeoutMs,
    deliver: async (...args) => (await calls()).deliver(...args),
    find: async (...args) => (await calls()).find(...args),
    preview: async (message, options) => (await previewing()).previewSlack(message, options, renderSlack),
    checkConnection: async (signal) => (await calls()).checkConnection(signal),
    check: async (options, signal) => (await calls()).check(options, signal),
    close: () => closing.abort(new ReportError("the Slack destination was closed", { code: "cancelled" })),
  };
}
