import { isIP } from "node:net";
import { z } from "zod";
import type { Problem } from "../../core/model/problem.ts";
import { isLoopback } from "../../core/rules/loopback.ts";
import { defaulted, word } from "./word.ts";

const HOST_DEFAULT = "127.0.0.1";
const NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** Where `/healthz` and `/readyz` are served, and what recipients fetch. */
export interface Server {
  /** An address, IPv6 without brackets, or a name. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** How recipients reach it, without a slash at its end; null: they do not, and get no addresses of it. */
  readonly url: string | null;
}

const PORT = "a port is a whole number from 0 to 65535";

const port = z
  .int()
  .min(0, { error: PORT })
  .max(65_535, { error: PORT })
  .meta({ description: "TCP port; 0: any free one.", wants: "a whole number from 0 to 65535" });

const host = word(parseHost).meta({
  description: "Address to listen at; 0.0.0.0 for probes from other machines.",
});

const url = word(parseUrl).meta({
  description:
    "Address at which recipients reach this server, through a proxy with TLS for instance. With it, files that are too large to be attached are offered for download, and link: embed works; all workers of a fleet answer at it.",
  examples: ["https://lookpost.example.com"],
});

export const server = z
  .union([
    port,
    z.strictObject({ port, host: defaulted(host, HOST_DEFAULT).optional(), url: url.optional() }),
  ])
  .meta({
    description:
      "Serves /healthz (the process is alive) and /readyz (it can take work) at this port of 127.0.0.1, or as {port: 8080, host: 0.0.0.0}; with url, also what recipients fetch. Default: nothing is served.",
    wants: "a port, as in 8080, or a mapping {port: 8080, host: 0.0.0.0}",
    examples: [8080],
  });

export function serverOf(text: z.output<typeof server> | undefined): Server | null {
  if (text === undefined) return null;
  const written = typeof text === "number" ? { port: text, host: undefined, url: undefined } : text;
  return {
    host: withoutBrackets(written.host ?? HOST_DEFAULT),
    port: written.port,
    url: written.url?.replace(/\/+$/, "") ?? null,
  };
}

function parseHost(text: string): string | Problem {
  if (isIP(withoutBrackets(text)) > 0 || NAME.test(text)) return text;
  return {
    message: `"${text}" is not an address to listen at`,
    advice: "Write an IP address or a name alone, as in 127.0.0.1 or 0.0.0.0; the port has a key of its own.",
  };
}

function parseUrl(text: string): string | Problem {
  const read = URL.canParse(text) ? new URL(text) : null;
  if (read === null || !/^https?:$/.test(read.protocol))
    return {
      message: `server.url is not the address of a web page: "${text}"`,
      advice: "Write it as in https://lookpost.example.com.",
    };
  if (read.protocol === "http:" && !isLoopback(read.hostname))
    return {
      message: "server.url has to be https: files would cross the network in the clear",
      advice: "Put a proxy with TLS in front; http is for this machine alone, as in http://127.0.0.1:8080.",
    };
  if (read.username !== "" || read.password !== "" || read.search !== "" || read.hash !== "")
    return {
      message: "server.url has a user, a query or a fragment",
      advice: "Write the address alone, with a path at most: what recipients fetch is added to it.",
    };
  return text;
}

function withoutBrackets(text: string): string {
  return text.replace(/^\[(.*)\]$/, "$1");
}
