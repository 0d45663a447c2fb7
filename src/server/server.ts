import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ReportError } from "../core/error.ts";
import { later } from "../core/later.ts";
import { withoutEnd } from "../core/rules/trimmed.ts";
import { shortageOf } from "../core/shortage.ts";
import type { LinkHandler, LinkHandlerDeps } from "./link-handler.ts";
import { waitingConnections } from "./waiting-connections.ts";

/** That the process lives: an answer is all it takes. */
export interface Health {
  readonly status: "ok";
}

/** Whether reports that are due now would be carried out. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: {
    readonly ledger: Check;
    readonly schedule: Check;
    readonly config: Check;
  };
}

export interface Check {
  readonly ok: boolean;
  /** What is wrong, in words for a person. Free of secrets: anyone who reaches the port can read it. */
  readonly message?: string;
}

export interface ServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly health: () => Health;
  /** May reject, or take long: then the worker is not ready. */
  readonly ready: () => Promise<Readiness> | Readiness;
  /** Called with what goes wrong apart from a single request; the server goes on. */
  readonly trouble?: (thrown: unknown) => void;
  /** Where recipients reach this server (`server.url`), and what answers them. Absent: /files, /open and /unsubscribe are not served. */
  readonly links?: Omit<LinkHandlerDeps, "trouble"> & { readonly url: string };
}

/** The worker's own little server. */
export interface HealthServer {
  /** "http://127.0.0.1:8080", without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Probes ask every few seconds and give up after about one: no answer is worth keeping a socket open for longer. */
const READY_WAIT_MAX_MS = 5_000;
const HEADERS_WAIT_MAX_MS = 5_000;
const REQUEST_WAIT_MAX_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
const CLOSE_WAIT_MAX_MS = 1_000;
const HEADER_BYTES_MAX = 8_192;
/** How often connections are looked at for the waits above. */
const CONNECTIONS_LOOKED_AT_MS = 5_000;
/** Recipients served at the same time: the connections left over are for probes, which must always get an answer. */
const RECIPIENTS_MAX = 50;
const CONNECTIONS_MAX = 150;
/**
 * GET /healthz: 200 while the process answers at all. GET /readyz: 200 or 503, with what is wrong. GET /files/…, /open/… and /unsubscribe/…: what
 * recipients were given the address of. Rejects with ReportError `local` where the port cannot be opened.
 */
export async function startServer(options: ServerOptions): Promise<HealthServer> {
  // Not imported: the import of node:http reads each of its exports, and one of them, WebSocket, loads the whole of undici.
  const { createServer } = process.getBuiltinModule("node:http");
  const recipients = recipientsDoor(options);
  const waiting = waitingConnections();
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_WAIT_MAX_MS,
      requestTimeout: REQUEST_WAIT_MAX_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CONNECTIONS_LOOKED_AT_MS,
    },
    (request, response) => {
      waiting.leave(request.socket, response);
      answer(request, response, { ...options, recipients }).catch((thrown) => {
        options.trouble?.(thrown);
        response.destroy();
      });
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.on("connection", waiting.enter);
  await listen(server, options);
  return { url: urlOf(server), close: () => close(server) };
}

function listen(server: Server, { host, port, trouble }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (cause: NodeJS.ErrnoException) => reject(cannotListen(host, port, cause));
    server.once("error", refused);
    server.listen({ host, port }, () => {
      server.off("error", refused);
      // A connection that cannot be accepted (no file handles left) is no reason to end the worker.
      server.on("error", (thrown) => trouble?.(thrown));
      resolve();
    });
  });
}

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): ReportError {
  const place = `port ${port} of ${host}`;
  const known: Readonly<Record<string, readonly [why: string, advice: string]>> = {
    EADDRINUSE: [`${place} is taken`, "Stop the process that uses it, or name another port."],
    EACCES: [`this user may not open ${place}`, "Name a port above 1023."],
    EADDRNOTAVAIL: [
      `${host} is not an address of this machine`,
      "Name 127.0.0.1, or 0.0.0.0 for all of its addresses.",
    ],
    ENOTFOUND: [
      `${host} is not known`,
      "Name an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them.",
    ],
  };
  const shortage = shortageOf(cause);
  const [why, advice] = known[cause.code ?? ""] ?? [
    `${place}: ${shortage?.what ?? cause.code ?? cause.message}`,
    shortage?.advice ?? "Name another host or port.",
  ];
  return new ReportError(`The server for /healthz and /readyz cannot listen: ${why}.`, {
    code: "local",
    advice,
    cause,
  });
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions & { readonly recipients: RecipientsDoor },
): Promise<void> {
  const path = request.url?.split("?", 1)[0] ?? "";
  const linked = options.recipients.pathOf(path);
  if (linked === null && path !== "/healthz" && path !== "/readyz")
    return send(response, 404, { error: "not found" });
  const takesPost = linked !== null && /^\/(?:open|unsubscribe)\//.test(linked);
  const methods = takesPost ? ["GET", "HEAD", "POST"] : ["GET", "HEAD"];
  if (!methods.includes(request.method ?? "")) {
    response.setHeader("allow", methods.join(", "));
    return send(response, 405, { error: "method not allowed" });
  }
  if (linked !== null) return options.recipients.answer(request, response, linked);
  if (path === "/healthz") return send(response, 200, options.health());
  const readiness = await readinessOf(options);
  send(response, readiness.ready ? 200 : 503, readiness);
}

interface RecipientsDoor {
  /** "/files/…", "/open/…" or "/unsubscribe/…", without the path of `server.url`; null: it is not for recipients. */
  pathOf(path: string): string | null;
  answer: LinkHandler;
}

const answering = later(() => import("./link-handler.ts"));

function recipientsDoor({ links, trouble }: ServerOptions): RecipientsDoor {
  if (links === undefined) return { pathOf: () => null, answer: async () => undefined };
  const prefix = withoutEnd(new URL(links.url).pathname, "/");
  let handler: LinkHandler | null = null;
  let served = 0;
  return {
    pathOf(path) {
      const own = path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
      return /^\/(?:files|open|unsubscribe)\//.test(own) ? own : null;
    },
    async answer(request, response, path) {
      if (served >= RECIPIENTS_MAX) {
        response.setHeader("retry-after", "30");
        return send(response, 503, { error: "too busy at the moment: try again in a minute" });
      }
      served += 1;
      response.once("close", () => {
        served -= 1;
      });
      const { openLinkHandler } = await answering();
      handler ??= openLinkHandler({ ...links, ...(trouble !== undefined && { trouble }) });
      await handler(request, response, path);
    },
  };
}

/** Never rejects. A check that throws is reported to `trouble` and not in the answer: its message may hold secrets. */
async function readinessOf({ ready, trouble }: ServerOptions): Promise<Readiness | Unanswered> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Unanswered>((resolve) => {
    timer = setTimeout(() => resolve(unanswered("gave no answer in time")), READY_WAIT_MAX_MS);
  });
  try {
    return await Promise.race([ready(), tooLate]);
  } catch (thrown) {
    trouble?.(thrown);
    return unanswered("failed; the log says why");
  } finally {
    clearTimeout(timer);
  }
}

/** What /readyz says where the checks themselves could not be made. */
interface Unanswered {
  readonly ready: false;
  readonly checks: { readonly worker: Check };
}

function unanswered(words: string): Unanswered {
  return { ready: false, checks: { worker: { ok: false, message: `The check ${words}.` } } };
}

/** Node leaves the body out of the answer to HEAD by itself. */
function send(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}

/** Idle connections are closed at once, those with a request under way when it is answered. */
async function close(server: Server): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_WAIT_MAX_MS);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(timer);
}
