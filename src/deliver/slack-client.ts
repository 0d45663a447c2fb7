import { LogLevel, WebClient } from "@slack/web-api";
import type { z } from "zod";
import type { SlackConnection } from "./slack-options.ts";

/** Nothing of what is posted takes longer; Slack itself gives up after about 30 s. */
const CALL_TIMEOUT_MS = 30_000;

/**
 * A client whose calls end with the signal. All retrying is off: the client's own would post again after a dropped
 * connection, and by default one 429 holds up every channel.
 */
export function slackClient(connection: SlackConnection, signal: AbortSignal): WebClient {
  return new WebClient(connection.token, {
    slackApiUrl: connection.apiUrl,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
    logger: silentLogger,
    fetch: (url, init) =>
      fetch(url, { ...init, signal: init?.signal ? AbortSignal.any([signal, init.signal]) : signal }),
  });
}

/** Calls one method and reads what is needed of its answer. Rejects with the client's errors, or z.ZodError. */
export async function call<T>(
  client: WebClient,
  method: string,
  args: Record<string, unknown>,
  answer: z.ZodType<T>,
): Promise<T> {
  return answer.parse(await client.apiCall(method, args));
}

const nothing = () => {};
const silentLogger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};
