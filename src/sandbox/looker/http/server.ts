import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Controlled, controlReply } from "../control.ts";
import { type WebSide, webPage } from "../web/pages.ts";
import { type Api, answerRequest, apiRoot, type Outcome, versionsJson } from "./api.ts";
import { ApiError, errorReply } from "./errors.ts";
import { json, type Reply, send, sendAndHangUp } from "./reply.ts";
import { bearerToken } from "./session.ts";

const bodyBytesMax = 4_000_000;

export interface Site extends Api, Controlled {
  web: WebSide;
  webUrl: () => string;
  now: () => Date;
}

/** A web server that answers for the site; it still has to be told to listen. */
export function siteServer(site: Site): Server {
  return createServer((request, response) => {
    // The client is gone, or rows broke off: it sees what it would see of a real server, a connection cut off.
    serve(request, response, site).catch(() => response.destroy());
  });
}

async function serve(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  const method = request.method ?? "GET";
  const url = new URL(`http://sandbox${request.url ?? "/"}`);
  const answered = site.log.note(method, url, site.now());
  const gone = goneSignal(response);
  const outcome = await outcomeOf({ method, url, gone, body: await readBody(request) }, request, site);
  if (outcome === "silence") return;
  if (outcome === "hang up") {
    response.socket?.destroy();
    return;
  }
  const { reply, cutAfterBytes } = outcome;
  answered(reply.status);
  if (cutAfterBytes === null) await send(reply, response);
  else await sendAndHangUp(reply, response, cutAfterBytes);
}

interface Asked {
  method: string;
  url: URL;
  gone: AbortSignal;
  body: string | null;
}

async function outcomeOf(
  { method, url, gone, body }: Asked,
  request: IncomingMessage,
  site: Site,
): Promise<Outcome> {
  const { pathname, searchParams: query } = url;
  if (body === null) {
    const tooLarge = new ApiError(413, `The body is larger than ${bodyBytesMax} bytes`);
    return { reply: errorReply(tooLarge, method, null), cutAfterBytes: null };
  }
  if (pathname !== apiRoot && !pathname.startsWith(`${apiRoot}/`)) {
    return { reply: await otherReply(method, url, body, site), cutAfterBytes: null };
  }
  const token = bearerToken(request.headers.authorization);
  return answerRequest({ method, path: pathname.slice(apiRoot.length), query, token, body, gone }, site);
}

/** What there is besides the API: the sandbox's own controls, Looker's root `/versions`, and the pages. */
async function otherReply(method: string, url: URL, body: string, site: Site): Promise<Reply> {
  const path = url.pathname;
  if (path === "/versions" && method === "GET") return json(versionsJson(site.webUrl()));
  return controlReply(method, path, body, site) ?? webPage(url, site.web);
}

function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** Null where the body is larger than 4 MB. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    // Read to its end, though not kept: who is cut off while writing never sees the answer.
    if (length <= bodyBytesMax) chunks.push(bytes);
  }
  return length > bodyBytesMax ? null : Buffer.concat(chunks).toString("utf8");
}
