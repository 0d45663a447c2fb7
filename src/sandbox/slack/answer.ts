import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Arguments, readArguments } from "./arguments.ts";
import type { AnyFault, SlackFaults } from "./faults.ts";
import { methods, openMethods } from "./methods/methods.ts";
import type { SlackOutbox } from "./outbox.ts";
import { SlackRefusal, UploadRefusal } from "./refusal.ts";
import type { Uploads } from "./uploads.ts";
import type { Workspace } from "./workspace.ts";

export type SlackRequest = {
  method: string;
  at: Date;
  args: Readonly<Record<string, unknown>>;
  /** The token that came with it, whether it was right or not. */
  token: string | undefined;
};

/** Everything that the answers draw on. */
export type SlackSandbox = {
  workspace: Workspace;
  outbox: SlackOutbox;
  uploads: Uploads;
  faults: SlackFaults;
  requests: SlackRequest[];
  token: string;
  scopes: readonly string[];
  editWindowMs: number;
  origin(): string;
};

const requestsMax = 10_000;

/** Answers one HTTP request: a method, an upload, or the download of a file. */
export async function answer(
  sandbox: SlackSandbox,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", sandbox.origin());
  const [root, ...rest] = url.pathname.split("/").slice(1);
  if (root === "api") return answerMethod(sandbox, request, response, url, rest.join("/"));
  if (root === "upload" && request.method === "POST")
    return answerUpload(sandbox, request, response, rest[1] ?? "");
  if (root === "files") return answerDownload(sandbox, request, response, rest[0] ?? "");
  send(response, 404, "<html><body>Not found</body></html>");
}

async function answerMethod(
  sandbox: SlackSandbox,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  name: string,
): Promise<void> {
  const args = await readArguments(request, url).catch((error: unknown) => refusalOf(error));
  if (args instanceof SlackRefusal) return sendJson(response, args.answer());
  const token = bearer(request) ?? args.token;
  remember(sandbox, { method: name, at: new Date(), args: args.all, token });
  const { delayMs, fault } = sandbox.faults.take(name);
  if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
  if (fault !== undefined && fault.when !== "after") return strike(fault, response);
  const result = await call(sandbox, name, args, token).catch(refusalOf);
  if (fault !== undefined) return strike(fault, response);
  response.setHeader("x-oauth-scopes", sandbox.scopes.join(","));
  sendJson(response, result instanceof SlackRefusal ? result.answer() : { ok: true, ...result });
}

async function call(sandbox: SlackSandbox, name: string, args: Arguments, token: string | undefined) {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) throw new SlackRefusal("unknown_method", { req_method: name });
  if (!openMethods.includes(name)) {
    if (token === undefined) throw new SlackRefusal("not_authed");
    if (token !== sandbox.token) throw new SlackRefusal("invalid_auth");
  }
  const needs = (scope: string) => {
    if (sandbox.scopes.includes(scope)) return;
    throw new SlackRefusal("missing_scope", { needed: scope, provided: sandbox.scopes.join(",") });
  };
  return method({ ...sandbox, origin: sandbox.origin(), args, needs });
}

async function answerUpload(
  sandbox: SlackSandbox,
  request: IncomingMessage,
  response: ServerResponse,
  ticket: string,
) {
  remember(sandbox, { method: "upload", at: new Date(), args: { ticket }, token: bearer(request) });
  const { delayMs, fault } = sandbox.faults.take("upload");
  if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
  if (fault?.when === "midway") request.once("data", () => request.destroy());
  else if (fault !== undefined && fault.when !== "after") return strike(fault, response);
  try {
    const bytes = await sandbox.uploads.receive(ticket, request);
    if (fault !== undefined) strike(fault, response);
    else send(response, 200, `OK - ${bytes}`, "text/plain");
  } catch (error) {
    response.setHeader("connection", "close");
    if (error instanceof UploadRefusal) send(response, error.status, error.message, "text/plain");
    else response.destroy();
  }
}

async function answerDownload(
  sandbox: SlackSandbox,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
) {
  const file = sandbox.uploads.files().find((each) => each.id === id);
  if (bearer(request) !== sandbox.token)
    return send(response, 403, "<html><body>Sign in to Slack</body></html>");
  if (file === undefined) return send(response, 404, "<html><body>Not found</body></html>");
  response.writeHead(200, { "content-type": file.mimetype, "content-length": file.size });
  await pipeline(createReadStream(path.join(sandbox.outbox.filesFolder, file.stored_as)), response);
}

function remember({ requests }: SlackSandbox, request: SlackRequest): void {
  requests.push(request);
  if (requests.length > requestsMax) requests.shift();
}

function strike(fault: AnyFault, response: ServerResponse): void {
  if ("drop" in fault) response.destroy();
  else if ("error" in fault) sendJson(response, { ok: false, error: fault.error });
  else if ("status" in fault) {
    if (fault.retryAfterS !== undefined) response.setHeader("retry-after", String(fault.retryAfterS));
    if (fault.status === 429 && fault.body === undefined)
      sendJson(response, { ok: false, error: "ratelimited" }, 429);
    else
      send(
        response,
        fault.status,
        fault.body ?? "<!doctype html><html><body>Something went wrong</body></html>",
      );
  }
}

function refusalOf(error: unknown): SlackRefusal {
  if (error instanceof SlackRefusal) return error;
  throw error;
}

function bearer(request: IncomingMessage): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  send(response, status, JSON.stringify(value), "application/json; charset=utf-8");
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = "text/html; charset=utf-8",
): void {
  response.writeHead(status, { "content-type": type }).end(body);
}
