import { setTimeout as delay } from "node:timers/promises";
import type { RequestFault } from "../fault-kinds.ts";
import type { Call } from "./call.ts";
import { ApiError, errorReply } from "./errors.ts";
import { page, type Reply } from "./reply.ts";
import type { Sessions } from "./session.ts";

/** What a fault leaves of a request: an answer of its own, the connection hung up or left silent, or the real answer. */
export type Struck = Reply | "hang up" | "silence" | "answer";

export async function strike(
  fault: RequestFault,
  call: Call,
  pattern: string | null,
  sessions: Sessions,
): Promise<Struck> {
  switch (fault.kind) {
    case "slow":
      await delay(fault.ms, undefined, { signal: call.gone }).catch(() => {});
      return "answer";
    case "hang":
      return "silence";
    case "drop":
      return "hang up";
    case "not_json":
      return page(
        "<!DOCTYPE html><html><head><title>Log in</title></head><body><form>Please log in</form></body></html>",
      );
    case "token_expired":
      sessions.revoke(call.token);
      return "answer";
    case "login_refused":
      return refusal(fault.status ?? 404, call, pattern);
    case "status":
      return withRetryAfter(statusReply(fault, call, pattern), fault.retryAfter);
    case "drop_mid_body":
      return "answer";
  }
}

function statusReply(
  fault: Extract<RequestFault, { kind: "status" }>,
  call: Call,
  pattern: string | null,
): Reply {
  const message = fault.message ?? statusMessages[fault.status] ?? "An error has occurred.";
  if (fault.html)
    return page(
      `<html><head><title>${fault.status}</title></head><body><h1>${message}</h1></body></html>`,
      fault.status,
    );
  return errorReply(new ApiError(fault.status, message), call.method, pattern);
}

const statusMessages: Record<number, string> = {
  429: "API calls have exceeded the rate limit",
  500: "An error has occurred.",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

function withRetryAfter(reply: Reply, retryAfter: number | string | undefined): Reply {
  if (retryAfter === undefined || reply.kind === "chunks") return reply;
  return { ...reply, headers: { "retry-after": String(retryAfter) } };
}

function refusal(status: number, call: Call, pattern: string | null): Reply {
  const message = status === 404 ? "Not found" : status === 401 ? "Requires authentication." : "Forbidden";
  return errorReply(new ApiError(status, message), call.method, pattern);
}
