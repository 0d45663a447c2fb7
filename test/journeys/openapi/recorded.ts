import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { sendJson, type TinyServer, tinyServer } from "../../looker/house.ts";

export const CAPTURES = join(import.meta.dirname, "../../../../shared/looker/captures");

/** The answer in one of the recordings. */
export function recorded(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(CAPTURES, name), "utf8")).response;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface OldLooker {
  /** What the query "abc" is made of beside its id. */
  readonly query?: object;
  readonly login?: Answer;
  readonly creation?: Answer;
  /** What polls say, one after another; the last for ever. */
  readonly statuses?: readonly string[];
  readonly results: Answer;
}

/** A Looker of API 3.1's manners (ids are numbers) that knows one query, by the slug "abc", and one task of it. */
export function startOldLooker({
  query,
  login,
  creation,
  statuses = ["complete"],
  results,
}: OldLooker): Promise<TinyServer> {
  const polls = [...statuses];
  return tinyServer((request, response) => {
    const [path = ""] = request.url.replace("/api/4.0", "").split("?");
    const call = `${request.method} ${path}`;
    if (call === "POST /login") login?.(response, request);
    else if (call === "GET /queries/slug/abc") {
      sendJson(response, { id: 31, slug: "abc", model: "shop", view: "orders", limit: "500", ...query });
    } else if (call === "POST /query_tasks") {
      if (creation !== undefined) creation(response, request);
      else sendJson(response, { id: 77, query_id: 31, status: "added" });
    } else if (call === "GET /query_tasks/77") {
      sendJson(response, { id: 77, status: polls.length > 1 ? polls.shift() : polls[0] });
    } else if (call === "GET /query_tasks/77/results") results(response, request);
    else if (!path.endsWith("/logout"))
      sendJson(response, { message: "Not found", documentation_url: "" }, 404);
  });
}
