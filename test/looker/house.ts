import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { ReportError } from "../../src/core/error.ts";
import type { Progress } from "../../src/core/model/event.ts";
import type { SharedTasks, SourceContext, SourceRequest } from "../../src/core/ports/adapter.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { Connection } from "../../src/looker/connection/connection.ts";
import { type Looker, type LookerDeps, openLooker } from "../../src/looker/http/client.ts";
import {
  type SandboxLooker,
  type SandboxLookerOptions,
  startSandboxLooker,
} from "../../src/sandbox/looker/index.ts";

/** What the tests build on: a sandbox or a server of one's own, a Looker opened on it, a context that remembers. */

/** A clock that jumps over every sleep, and remembers them. */
export interface JumpingClock extends Clock {
  readonly slept: number[];
}

export function jumpingClock(): JumpingClock {
  let aheadMs = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(Date.now() + aheadMs),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      aheadMs += ms;
      // Lets real servers answer in between.
      await new Promise((resolve) => setTimeout(resolve, 2));
      signal?.throwIfAborted();
    },
  };
}

export function connectionTo(url: string, changes: Partial<Connection> = {}): Connection {
  return {
    baseUrl: url,
    clientId: "sandbox",
    clientSecret: "sandbox-secret",
    maxConcurrentQueries: 10,
    requestTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    ca: null,
    embed: null,
    ...changes,
  };
}

export function openedLooker(
  url: string,
  changes: Partial<Connection> = {},
  deps: Partial<LookerDeps> = {},
): Looker {
  const looker = openLooker(connectionTo(url, changes), {
    clock: jumpingClock(),
    random: () => 0.5,
    ...deps,
  });
  onTestFinished(() => looker.close());
  return looker;
}

export interface House {
  readonly sandbox: SandboxLooker;
  readonly looker: Looker;
  readonly clock: JumpingClock;
  /** "GET /looks/42" and so on, in order, without the logins and logouts. */
  calls(): string[];
}

export async function openHouse(
  options: SandboxLookerOptions = {},
  changes: Partial<Connection> = {},
): Promise<House> {
  const sandbox = await startSandboxLooker({ queryMs: 1, ...options });
  onTestFinished(() => sandbox.close());
  const clock = jumpingClock();
  const looker = openedLooker(sandbox.url, changes, { clock });
  return { sandbox, looker, clock, calls: () => callsOf(sandbox) };
}

export function callsOf(sandbox: SandboxLooker): string[] {
  return sandbox.requests
    .map(({ method, path }) => `${method} ${path.replace("/api/4.0", "").replace(/[0-9a-f]{32}/, "ID")}`)
    .filter((call) => !/log(in|out)$/.test(call));
}

/** The tasks of one tick, kept as the ledger keeps them; `made` are all that were ever told of. */
export interface TaskBook extends SharedTasks {
  readonly made: string[];
  /** What stands now, by its query. */
  readonly standing: Map<string, { readonly taskId: string; readonly since: Date }>;
  /** Each query that was dropped, with its task. */
  readonly dropped: (readonly [string, string | null])[];
}

export function taskBook(clock: { now(): Date } = { now: () => new Date() }): TaskBook {
  const standing: TaskBook["standing"] = new Map();
  const claimed = new Map<string, PromiseWithResolvers<void>>();
  const made: string[] = [];
  const dropped: (readonly [string, string | null])[] = [];
  const letIn = (query: string) => {
    claimed.get(query)?.resolve();
    claimed.delete(query);
  };
  return {
    made,
    standing,
    dropped,
    async find(query, signal) {
      for (;;) {
        signal.throwIfAborted();
        const found = standing.get(query);
        if (found !== undefined) return found;
        const claim = claimed.get(query);
        if (claim === undefined) {
          claimed.set(query, Promise.withResolvers());
          return null;
        }
        await claim.promise;
      }
    },
    async created(query, taskId) {
      made.push(taskId);
      standing.set(query, { taskId, since: clock.now() });
      letIn(query);
    },
    async drop(query, taskId) {
      dropped.push([query, taskId]);
      if (taskId === null || standing.get(query)?.taskId === taskId) standing.delete(query);
      letIn(query);
    },
  };
}

export interface Context extends SourceContext {
  readonly told: Progress[];
  readonly tasks: TaskBook;
}

export function contextFor(changes: Partial<Context> = {}): Context {
  const directory = mkdtempSync(path.join(tmpdir(), "lookpost-looker-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const told: Progress[] = [];
  return {
    told,
    tasks: taskBook(),
    spool: { directory, path: (name) => path.join(directory, name), ensureRoom: async () => undefined },
    prefix: "0-",
    headRowsMax: 20,
    resultBytesMax: 2e9,
    signal: new AbortController().signal,
    expectedMs: null,
    progress: (progress) => void told.push(progress),
    ...changes,
  };
}

export function request(changes: Partial<SourceRequest> = {}): SourceRequest {
  return { filters: {}, limit: null, csv: "formatted", ...changes };
}

export type Handler = (
  request: IncomingMessage & { readonly url: string },
  response: ServerResponse,
  body: string,
) => void;

export interface TinyServer {
  readonly url: string;
  /** "POST /api/4.0/login" and so on. */
  readonly seen: string[];
}

/** A server of the test's own. Logins and logouts are answered as Looker would unless `handle` does so first. */
export async function tinyServer(handle: Handler): Promise<TinyServer> {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const url = request.url ?? "";
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push(`${request.method} ${url}`);
    handle(Object.assign(request, { url }), response, Buffer.concat(chunks).toString());
    if (response.headersSent) return;
    if (url.endsWith("/login")) {
      sendJson(response, { access_token: `token-${seen.length}`, token_type: "Bearer", expires_in: 3600 });
    } else if (url.endsWith("/logout")) response.writeHead(204).end();
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

export function sendJson(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json;charset=utf-8", ...headers });
  response.end(JSON.stringify(value));
}

/** The ReportError that `work` rejects with. */
export async function failureOf(work: Promise<unknown>): Promise<ReportError> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome && outcome.error instanceof ReportError) return outcome.error;
  throw new Error("Expected a ReportError", { cause: "error" in outcome ? outcome.error : undefined });
}
