import { readFileSync } from "node:fs";
import type { Agent, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { AgentOptions } from "node:https";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ReportError } from "../../core/error.ts";

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The bytes as sent, unpacked. The caller reads or destroys it. */
  readonly body: Readable;
}

const REPEATABLE: ReadonlySet<string> = new Set(["GET", "DELETE"]);

/**
 * HTTP to one Looker, over connections of its own: node:http rather than fetch, because fetch takes a certificate
 * authority only for the whole process, and because its streams hold more in memory. Redirects are not followed: they
 * would carry the login elsewhere.
 */
export interface Exchange {
  /** Rejects with what the socket said, or with the signal's reason. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

/** `ca`: path of a PEM file that is trusted in addition to the usual authorities, or null. Throws ReportError `config`. */
export function openExchange(ca: string | null): Exchange {
  const authority = ca === null ? null : readAuthority(ca);
  const agents = new Map<string, Agent>();
  const agentFor = (protocol: string): Agent => {
    const agent = agents.get(protocol) ?? openAgent(protocol, authority);
    agents.set(protocol, agent);
    return agent;
  };

  async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    for (;;) {
      const sent = issue(request, signal);
      const answer = await sent.answered.catch((error: unknown) => {
        if (signal.aborted) throw signal.reason;
        // The server closed an idle connection just as it was used again. Whether it saw the request is unknown.
        if (sent.request.reusedSocket && isReset(error) && REPEATABLE.has(request.method)) return null;
        throw error;
      });
      if (answer !== null)
        return { status: answer.statusCode ?? 0, headers: answer.headers, body: unpacked(answer) };
    }
  }

  function issue(request: HttpRequest, signal: AbortSignal) {
    const url = new URL(request.url);
    const { request: open } = url.protocol === "https:" ? https() : http();
    const outgoing = open(url, {
      method: request.method,
      headers: { ...request.headers, "accept-encoding": "gzip" },
      agent: agentFor(url.protocol),
      signal,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve);
      // Stays: an abort after the answer came arrives here too, and must not end the process.
      outgoing.on("error", reject);
    });
    outgoing.end(request.body);
    return { request: outgoing, answered };
  }

  return {
    send,
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

/**
 * Not imported: the import of node:http reads each of its exports, and one of them, WebSocket, loads the whole of undici,
 * which is 13 MB of memory for nothing.
 */
const http = () => process.getBuiltinModule("node:http");
const https = () => process.getBuiltinModule("node:https");

function openAgent(protocol: string, authority: string | null): Agent {
  if (protocol !== "https:") return new (http().Agent)({ keepAlive: true });
  const options: AgentOptions = { keepAlive: true };
  if (authority !== null) {
    const { getCACertificates } = process.getBuiltinModule("node:tls");
    options.ca = [...getCACertificates("default"), authority];
  }
  return new (https().Agent)(options);
}

function unpacked(answer: IncomingMessage): Readable {
  // In any case of letters, and by its older name too (RFC 9110, 8.4.1).
  if (!/^(x-)?gzip$/i.test(answer.headers["content-encoding"] ?? "")) return answer;
  // The reader gets an error from the unpacked stream, which pipeline destroys with it.
  return pipeline(answer, createGunzip(), () => undefined);
}

function isReset(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ReportError(`The file of looker.ca cannot be read: ${path}`, {
      code: "config",
      advice: "Set looker.ca to a PEM file that exists and that the worker may read.",
      cause,
    });
  }
}
