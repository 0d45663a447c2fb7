import type { IncomingMessage, ServerResponse } from "node:http";
import { toReportError } from "../core/error.ts";
import type { Link, LinkTarget } from "../core/model/memory.ts";
import { asPathPart, GUARDED } from "./headers.ts";
import { type HourlyLimit, hourlyLimit } from "./hourly-limit.ts";
import { hashOf, isToken } from "./link-store.ts";
import { type LinkOrigin, sendFilePage, sendOpenPage } from "./page.ts";
import { sendFile } from "./send-file.ts";
import { openSpoolFile } from "./spool-file.ts";
import {
  sendBusy,
  sendGone,
  sendNoSession,
  sendNotSetUp,
  sendTooOften,
  sendUnknown,
} from "./trouble-page.ts";
import { openUnsubscribing, type UnsubscribeDeps } from "./unsubscribe.ts";

/** What answering the addresses that recipients were given needs. */
export interface LinkHandlerDeps extends UnsubscribeDeps {
  /** The ledger's `link`. */
  readonly find: (tokenHash: string, at: Date) => Promise<Link | null>;
  readonly origin: (runId: string) => Promise<LinkOrigin | null>;
  /** The folder of all spools. */
  readonly spoolRoot: string;
  readonly now: () => Date;
  /** A signed address for one of Looker's pages, made at this moment and good for one use; null where embedding is not set up. */
  readonly embed: (url: string, signal: AbortSignal) => Promise<string | null>;
  readonly trouble?: (thrown: unknown) => void;
}

/** Looker sessions that are started at the same time. */
const EMBEDS_MAX = 10;
const EMBED_MS_MAX = 20_000;
/** Through one link within an hour: all of a team may click on Monday morning, and a program that found the link may not go on and on. */
const SESSIONS_PER_HOUR = 60;

/**
 * Answers for /files/TOKEN, /files/TOKEN/NAME, /open/TOKEN and /unsubscribe/TOKEN. `path` is as it was asked for, without the query; POST is for
 * the last two.
 */
export type LinkHandler = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

export function openLinkHandler(deps: LinkHandlerDeps): LinkHandler {
  const sessions = { underWay: 0, hourly: hourlyLimit(SESSIONS_PER_HOUR) };
  const unsubscribing = openUnsubscribing(deps);
  return async (request, response, path) => {
    const asked = parse(path);
    const link = asked === null ? null : await deps.find(hashOf(asked.token), deps.now()).catch(failed(deps));
    if (link === undefined) return sendBusy(response, null);
    // One answer for all that leads nowhere: it does not say that an address was good once.
    if (asked === null || link === null || link.target.kind !== asked.kind) return sendUnknown(response);
    if (link.target.kind === "file")
      return answerFile({ request, response, asked, link, target: link.target }, deps);
    if (link.target.kind === "unsubscribe") {
      const { who } = link.target;
      const { token, name } = asked;
      const ask = { request, response, token, isUndo: name !== null, who, tokenHash: link.tokenHash };
      const asking = unsubscribing({ ...ask, origin: () => originOf(link, deps) }, deps.now());
      // Nothing is answered before the ledger has it: who is told that it was stopped relies on it.
      return asking.catch(async (thrown) => {
        deps.trouble?.(thrown);
        sendBusy(response, await originOf(link, deps));
      });
    }
    // Mail scanners, link previews and prefetching browsers follow every link: a session takes a click on the page.
    if (request.method !== "POST")
      return sendOpenPage(response, {
        url: link.target.url,
        expiresAt: link.expiresAt,
        origin: await originOf(link, deps),
      });
    await openSession(response, link, link.target.url, sessions, deps);
  };
}

interface Sessions {
  underWay: number;
  readonly hourly: HourlyLimit;
}

/** Sends the browser into a signed session of its own. */
async function openSession(
  response: ServerResponse,
  link: Link,
  url: string,
  sessions: Sessions,
  deps: LinkHandlerDeps,
): Promise<void> {
  // Whatever came with the click is not read.
  response.setHeader("connection", "close");
  if (sessions.underWay >= EMBEDS_MAX) return sendBusy(response, await originOf(link, deps));
  const taking = sessions.hourly.take(link.tokenHash, deps.now());
  if (taking !== "taken") {
    const limit = { times: SESSIONS_PER_HOUR, waitMs: taking.waitMs };
    return sendTooOften(response, await originOf(link, deps), "opened", limit);
  }
  sessions.underWay += 1;
  try {
    const location = await deps.embed(url, AbortSignal.timeout(EMBED_MS_MAX));
    if (location === null) return sendNotSetUp(response, await originOf(link, deps));
    response.writeHead(303, { ...GUARDED, location, "content-length": 0 });
    response.end();
  } catch (thrown) {
    sessions.hourly.giveBack(link.tokenHash);
    deps.trouble?.(thrown);
    sendNoSession(response, await originOf(link, deps), toReportError(thrown).retryable);
  } finally {
    sessions.underWay -= 1;
  }
}

interface Asked {
  readonly kind: LinkTarget["kind"];
  readonly token: string;
  /** As it is in the address, encoded; null: the page about the file. */
  readonly name: string | null;
}

function parse(path: string): Asked | null {
  const [, kind, token = "", name, ...rest] = path.split("/");
  if (!isToken(token) || rest.length > 0) return null;
  if (kind === "open") return name === undefined ? { kind: "embed", token, name: null } : null;
  if (kind === "unsubscribe")
    return name === undefined || name === "undo" ? { kind, token, name: name ?? null } : null;
  return kind === "files" ? { kind: "file", token, name: name ?? null } : null;
}

function failed({ trouble }: LinkHandlerDeps): (thrown: unknown) => undefined {
  return (thrown) => {
    trouble?.(thrown);
  };
}

/** The page says less where this fails. */
function originOf({ runId }: Link, deps: LinkHandlerDeps): Promise<LinkOrigin | null> {
  return deps.origin(runId).catch((thrown) => {
    deps.trouble?.(thrown);
    return null;
  });
}

interface FileAnswer {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly asked: Asked;
  readonly link: Link;
  readonly target: Extract<LinkTarget, { kind: "file" }>;
}

async function answerFile(answer: FileAnswer, deps: LinkHandlerDeps): Promise<void> {
  const { request, response, asked, link, target } = answer;
  const isDownload = asked.name !== null && decoded(asked.name) === decoded(asPathPart(target.filename));
  if (asked.name !== null && !isDownload) return sendUnknown(response);
  const file = await openSpoolFile(deps.spoolRoot, target.path);
  if (file === null) return sendGone(response, await originOf(link, deps));
  if (isDownload) return sendFile(request, response, file, target);
  await file.handle.close();
  const { filename, rows } = target;
  const { expiresAt } = link;
  const origin = await originOf(link, deps);
  sendFilePage(response, { filename, rows, bytes: file.bytes, expiresAt, origin, token: asked.token });
}

/** Browsers and proxies encode more of a name or less than it was given out with. What cannot be decoded is not a name of ours. */
function decoded(name: string): string | null {
  try {
    return decodeURIComponent(name);
  } catch {
    return null;
  }
}
