import type { Faults } from "../faults.ts";
import type { Call } from "./call.ts";
import { ApiError, errorReply, notFound } from "./errors.ts";
import { selectFields } from "./partial-response.ts";
import type { Reply } from "./reply.ts";
import { findRoute, type Match, type Route } from "./router.ts";
import { authenticationRequired, type Sessions } from "./session.ts";
import { strike } from "./strike.ts";

export const apiRoot = "/api/4.0";

export interface Api {
  routes: readonly Route[];
  sessions: Sessions;
  faults: Faults;
}

/** An answer, whole or cut off after some bytes; or none at all. */
export type Outcome = { reply: Reply; cutAfterBytes: number | null } | "hang up" | "silence";

/** One request to the API, with whatever fault is due to it. */
export async function answerRequest(request: Omit<Call, "params">, api: Api): Promise<Outcome> {
  const match = findRoute(api.routes, request.method, request.path);
  const call: Call = { ...request, params: match?.params ?? {} };
  const fault = api.faults.takeForRequest(match?.route.operation ?? "", call.method, call.path);
  const struck =
    fault === null ? "answer" : await strike(fault, call, match?.route.path ?? null, api.sessions);
  if (struck === "hang up" || struck === "silence") return struck;
  const reply = struck === "answer" ? await answer(call, match, api.sessions) : struck;
  return { reply, cutAfterBytes: fault?.kind === "drop_mid_body" ? fault.afterBytes : null };
}

/** Whatever goes wrong becomes the error that Looker would send. */
async function answer(call: Call, match: Match | null, sessions: Sessions): Promise<Reply> {
  try {
    if (!match?.route.open && !sessions.isGood(call.token)) throw authenticationRequired();
    if (match === null) throw notFound();
    return selected(await match.route.answer(call), call.query.get("fields"));
  } catch (error) {
    const known =
      error instanceof ApiError ? error : new ApiError(500, `An error has occurred. ${String(error)}`);
    return errorReply(known, call.method, match?.route.path ?? null);
  }
}

function selected(reply: Reply, fields: string | null): Reply {
  return reply.kind === "json" && fields ? { ...reply, value: selectFields(reply.value, fields) } : reply;
}
