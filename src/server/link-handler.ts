import type { IncomingMessage, ServerResponse } from "node:http";
import { toReportError } from "../core/error.ts";
import type { Link, LinkTarget } from "../core/model/memory.ts";
import { asPathPart } from "./file-name.ts";
import { GUARDED } from "./guarded.ts";
import { type LinkOrigin, sendFilePage, sendWords } from "./page.ts";
import { sendFile } from "./send-file.ts";
import { openSpoolFile } from "./spool-file.ts";
import { hashOf, isToken } from "./token.ts";

/** What the addresses that recipients were given need. */
export interface LinkDesk {
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

/** Sessions of Looker's that are made at the same time. */
const EMBEDS_MAX = 10;
const EMBED_MS_MAX = 20_000;

/** Answers for /files/<token>, /files/<token>/<name> and /open/<token>. `path` is as it was asked for, without the query. */
export type AnswerLink = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

export function openLinkDesk(desk: LinkDesk): AnswerLink {
  let embeds = 0;
  return async (request, response, path) => {
    const asked = parse(path);
    const link = asked === null ? null : await desk.find(hashOf(asked.token), desk.now()).catch(failed(desk));
    if (link === undefined) return sendBusy(response);
    // One answer for all that leads nowhere: that an address was good once is nobody's business.
    if (asked === null || link === null || link.target.kind !== asked.kind) return sendUnknown(response);
    if (link.target.kind === "file")
      return answerFile({ request, response, asked, link, target: link.target }, desk);
    // Programs that check links ask so: no session is begun for them.
    if (request.method === "HEAD") return sendHead(response);
    if (embeds >= EMBEDS_MAX) return sendBusy(response);
    embeds += 1;
    try {
      const location = await desk.embed(link.target.url, AbortSignal.timeout(EMBED_MS_MAX));
      if (location === null) return sendNotSetUp(response);
      response.writeHead(303, { ...GUARDED, location, "content-length": 0 });
      response.end();
    } catch (thrown) {
      desk.trouble?.(thrown);
      sendNoSession(response, toReportError(thrown).retryable);
    } finally {
      embeds -= 1;
    }
  };
}

interface Asked {
  readonly kind: LinkTarget["kind"];
  readonly token: string;
  /** As it stands in the address, encoded; null: the page about the file. */
  readonly name: string | null;
}

function parse(path: string): Asked | null {
  const [, kind, token = "", name, ...rest] = path.split("/");
  if (!isToken(token) || rest.length > 0) return null;
  if (kind === "open") return name === undefined ? { kind: "embed", token, name: null } : null;
  return kind === "files" ? { kind: "file", token, name: name ?? null } : null;
}

function failed({ trouble }: LinkDesk): (thrown: unknown) => undefined {
  return (thrown) => {
    trouble?.(thrown);
  };
}

/** The page says less where that cannot be had. */
function originOf({ runId }: Link, desk: LinkDesk): Promise<LinkOrigin | null> {
  return desk.origin(runId).catch((thrown) => {
    desk.trouble?.(thrown);
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

async function answerFile(answer: FileAnswer, desk: LinkDesk): Promise<void> {
  const { request, response, asked, link, target } = answer;
  const isDownload = asked.name !== null && decoded(asked.name) === decoded(asPathPart(target.filename));
  if (asked.name !== null && !isDownload) return sendUnknown(response);
  const file = await openSpoolFile(desk.spoolRoot, target.path);
  if (file === null) return sendGone(response, await originOf(link, desk));
  if (isDownload) return sendFile(request, response, file, target);
  await file.handle.close();
  const { filename, rows } = target;
  const { expiresAt } = link;
  const origin = await originOf(link, desk);
  sendFilePage(response, { filename, rows, bytes: file.bytes, expiresAt, origin, token: asked.token });
}

/** Browsers and proxies encode more of a name or less than it was given out with. What cannot be decoded is no name of ours. */
function decoded(name: string): string | null {
  try {
    return decodeURIComponent(name);
  } catch {
    return null;
  }
}

function sendHead(response: ServerResponse): void {
  response.writeHead(200, { ...GUARDED, "content-type": "text/html; charset=utf-8" });
  response.end();
}

function sendUnknown(response: ServerResponse): void {
  sendWords(response, 404, "This link leads nowhere", [
    "It has expired, or it was not copied whole.",
    "Ask whoever sent you the report: it can be sent once more, with a new link.",
  ]);
}

function sendGone(response: ServerResponse, origin: LinkOrigin | null): void {
  const who = origin?.owner ?? "whoever sent you the report";
  sendWords(response, 404, "The file is not here", [
    "It has been tidied away on this server, or it lies on another one.",
    `Try again in a minute; if it stays so, ask ${who} to have ${origin === null ? "the report" : `“${origin.title}”`} sent once more.`,
  ]);
}

function sendNotSetUp(response: ServerResponse): void {
  sendWords(response, 404, "This link cannot be opened any more", [
    "Reports are not opened in Looker from here any more.",
    "Ask whoever sent you the report.",
  ]);
}

function sendNoSession(response: ServerResponse, isPassing: boolean): void {
  sendWords(response, isPassing ? 503 : 502, "Looker cannot be opened now", [
    isPassing
      ? "It did not answer. Try again in a minute."
      : "It refused to begin a session. Whoever looks after the reports finds the reason in the log.",
    "The report that brought you here is whole all the same.",
  ]);
}

function sendBusy(response: ServerResponse): void {
  sendWords(response, 503, "Too busy at the moment", ["Try again in a minute."], { "retry-after": "30" });
}
