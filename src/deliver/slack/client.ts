import { LogLevel, WebClient } from "@slack/web-api";
import type { AnswerReader } from "./answer.ts";
import type { SlackConnection } from "./options.ts";

/** What the calls of one client are made under. */
export interface CallTerms {
  readonly signal: AbortSignal;
  /** Awaited right before a request is written that makes something visible. */
  commit(): Promise<unknown>;
  readonly timeoutMs: number;
}

/** The methods whose effect people see. */
const VISIBLE = /\/(?:chat\.(?:postMessage|update)|files\.completeUploadExternal)$/;

/** No byte of the request was written; `cause` is why. */
export class Unwritten extends Error {
  override readonly name = "Unwritten";
}

/**
 * A client whose calls end with the signal. All retrying is off: the client's own would post again after a dropped
 * connection, and by default one 429 holds up every channel.
 */
export function slackClient(connection: SlackConnection, terms: CallTerms): WebClient {
  return new WebClient(connection.token, {
    slackApiUrl: connection.apiUrl,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: terms.timeoutMs,
    logger: silentLogger,
    fetch: async (url, init) => {
      await leave(String(url), terms);
      const { signal } = terms;
      const either = init?.signal ? AbortSignal.any([signal, init.signal]) : signal;
      return limited(await fetch(url, { ...init, signal: either }));
    },
  });
}

/** The longest answers are pages of channels: 1,000 of them are about 2 MB. */
const ANSWER_BYTES_MAX = 20_000_000;

/** The same answer, which breaks off where more comes than any method answers with: the client holds it whole. */
function limited(response: Response): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > ANSWER_BYTES_MAX) throw new Error("the answer is larger than any of Slack's");
        controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

/** Rejects with Unwritten where the request is not to be made any more. */
async function leave(url: string, { signal, commit }: CallTerms): Promise<void> {
  try {
    signal.throwIfAborted();
    if (VISIBLE.test(url)) await commit();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Unwritten(why, { cause });
  }
}

/** Calls one method and reads what is needed of its answer. Rejects with the client's errors, or UnreadableAnswer. */
export async function call<T>(
  client: WebClient,
  method: string,
  args: Record<string, unknown>,
  answer: AnswerReader<T>,
): Promise<T> {
  return answer(await client.apiCall(method, args));
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
