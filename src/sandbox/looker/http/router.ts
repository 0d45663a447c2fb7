import type { Call } from "./call.ts";
import type { Reply } from "./reply.ts";

export interface Route {
  /** The operation's name in Looker's OpenAPI document; faults are aimed by it. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the API root, with `{names}`: `/looks/{look_id}`. */
  readonly path: string;
  /** Answers without a token. */
  readonly open?: boolean;
  answer(call: Call): Reply | Promise<Reply>;
}

export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

export function findRoute(routes: readonly Route[], method: string, path: string): Match | null {
  const segments = path.split("/").map(decode);
  let best: Match | null = null;
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = matchSegments(route.path.split("/"), segments);
    if (params === null) continue;
    // `/looks/search` beats `/looks/{look_id}`: the fewer names, the closer the match.
    if (best === null || Object.keys(params).length < Object.keys(best.params).length)
      best = { route, params };
  }
  return best;
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined && segment !== "") params[name] = segment;
    else if (part !== segment) return null;
  }
  return params;
}

/** What is not percent-encoded UTF-8 stays as it came: it will be found nowhere. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
