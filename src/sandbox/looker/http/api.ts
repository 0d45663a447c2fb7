import type { Faults } from "../faults.ts";
import { type Call, isObject } from "./call.ts";
import { ApiError, errorReply, notFound } from "./errors.ts";
import { json, type Reply } from "./reply.ts";
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

export function versionsJson(url: string) {
  const current = {
    version: "4.0",
    full_version: "4.0.26.12",
    status: "current",
    swagger_url: `${url}/api/4.0/swagger.json`,
  };
  return {
    looker_release_version: "26.12.0",
    current_version: current,
    supported_versions: [current],
    api_server_url: url,
    web_server_url: url,
  };
}

export function versionRoutes(url: () => string): Route[] {
  return [
    { operation: "versions", method: "GET", path: "/versions", answer: () => json(versionsJson(url())) },
  ];
}

type Selection = Map<string, Selection | null>;

/** Keeps what the `fields` parameter names: `id,title,query(id,model)`. Names that do not exist are ignored, as in Looker. */
export function selectFields(value: unknown, fields: string): unknown {
  const selection = parse(fields);
  return selection.size === 0 ? value : pick(value, selection);
}

function pick(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, selection));
  if (!isObject(value)) return value;
  const picked: Record<string, unknown> = {};
  for (const [name, inner] of selection) {
    if (name in value) picked[name] = inner === null ? value[name] : pick(value[name], inner);
  }
  return picked;
}

function parse(fields: string): Selection {
  const top: Selection = new Map();
  const open = [top];
  for (const [, name, bracket] of fields.matchAll(/\s*([\w$.-]*)\s*([(),]|$)/g)) {
    const current = open.at(-1) ?? top;
    if (bracket === "(" && name) {
      const inner: Selection = new Map();
      current.set(name, inner);
      open.push(inner);
      continue;
    }
    if (name) current.set(name, null);
    if (bracket === ")" && open.length > 1) open.pop();
  }
  return top;
}
