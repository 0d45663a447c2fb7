import http, { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { openDocument } from "../../sandbox/looker/openapi.ts";
import { openRequests, type SentRequest } from "./requests.ts";

export interface ValidatingProxy {
  readonly url: string;
  /** What the document does not allow, in words that name the call; empty where all is well. */
  readonly complaints: string[];
  /** `operation status` of each call, in order: "look 200". */
  readonly calls: string[];
  /** Bodies that were sent, by operation. */
  readonly sent: { readonly operation: string; readonly body: string }[];
  close(): Promise<void>;
}

/**
 * Stands between the worker and a Looker below a path `prefix`, passes all on, and holds every request and every answer
 * against Looker's OpenAPI document.
 */
export async function startValidatingProxy(target: string, prefix = ""): Promise<ValidatingProxy> {
  const requests = openRequests();
  const document = openDocument();
  const proxy = {
    complaints: [] as string[],
    calls: [] as string[],
    sent: [] as { operation: string; body: string }[],
  };

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = incoming;
    const body = await text(incoming);
    const { pathname, searchParams: query } = new URL(url, target);
    const root = `${prefix}/api/4.0`;
    const complain = (problem: string) => proxy.complaints.push(`${method} ${url}: ${problem}`);
    if (!pathname.startsWith(`${root}/`)) complain("it is not below the API's root");
    const path = pathname.slice(root.length);
    const request: SentRequest = { method, path, query, headers, body };
    for (const problem of requests.problems(request)) complain(problem);
    const operation = requests.operationOf(method, path) ?? "unknown";
    proxy.sent.push({ operation, body });
    const answer = await forward(new URL(url.slice(prefix.length), target), incoming, body);
    const status = answer.statusCode ?? 0;
    proxy.calls.push(`${operation} ${status}`);
    for (const problem of await answerProblems(operation, answer, outgoing))
      complain(`${status}: ${problem}`);
  }

  /** Sends the answer on as it comes, and says what is wrong with it. */
  async function answerProblems(
    operation: string,
    answer: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<string[]> {
    const { statusCode: status = 0, headers } = answer;
    outgoing.writeHead(status, headers);
    const type = headers["content-type"] ?? "";
    const types = status === 200 ? fileTypes(operation) : null;
    if (types !== null) {
      await pipeline(answer, outgoing);
      return types.test(type) ? [] : [`the content type is "${type}"`];
    }
    const body = await text(answer);
    outgoing.end(body);
    // Authentication is no part of any one operation: the document lists 401 nowhere.
    if (status === 401) return [];
    if (body === "")
      return status === 204 || status === 202 ? listed(operation, status) : ["the body is empty"];
    if (!type.startsWith("application/json")) return [`the content type is "${type}"`];
    return document.problems(operation, status, JSON.parse(body));
  }

  /** The types of answers that are files, which are passed on as bytes; null for others. */
  function fileTypes(operation: string): RegExp | null {
    // The document says nothing of a result's shape, and its size is anybody's guess.
    if (operation === "query_task_results") return /^(application\/json|text\/[a-z]+)\b/;
    if (operation !== "render_task_results") return null;
    const types = Object.keys(document.operation(operation).responses[200]?.content ?? {});
    return new RegExp(`^(${types.join("|")})$`);
  }

  function listed(operation: string, status: number): string[] {
    return document.operation(operation).responses[status] === undefined ? ["it is not listed"] : [];
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch((error: unknown) => {
      proxy.complaints.push(`${incoming.method} ${incoming.url}: ${String(error)}`);
      outgoing.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...proxy,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(url: URL, incoming: IncomingMessage, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { ...incoming.headers, host: url.host };
    const request = http.request(url, { method: incoming.method ?? "GET", headers, agent: false });
    request.once("response", resolve);
    request.once("error", reject);
    request.end(body);
  });
}
