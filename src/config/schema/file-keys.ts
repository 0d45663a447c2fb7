import { isIP } from "node:net";
import { z } from "zod";
import type { Problem } from "../../core/model/problem.ts";
import { parseDuration } from "../../core/rules/duration.ts";
import { isLoopback } from "../../core/rules/secure-transport.ts";
import { withoutEnd } from "../../core/rules/trimmed.ts";
import { defaulted, word } from "./schema.ts";

const FONTS_MAX = 20;

export const fonts = z
  .array(word(parseFont))
  .min(1)
  .max(FONTS_MAX)
  .meta({
    description:
      "Font files for charts, TTF or OTF, relative to this file, for letters that the bundled ones do not have: Inter (Latin, Cyrillic, Greek), and Noto for Chinese, Japanese, Korean, Arabic, Hebrew, Thai, symbols and emoji.",
    examples: [["./fonts/NotoSansGeorgian.ttf"]],
  });

function parseFont(path: string): string | Problem {
  if (/\.(ttf|otf)$/i.test(path)) return path;
  return {
    message: `"${path}" is not a TTF or OTF file`,
    advice:
      "Name a file that ends in .ttf or .otf. With other formats (woff, woff2) its letters would be missing from pictures.",
  };
}

const HEARTBEAT_ADVICE = `Write the whole URL of the check, as in https://hc-ping.com/\${HEARTBEAT_ID}.`;

export const heartbeat = word(parseHeartbeat).meta({
  description:
    "URL to ping every minute while the scheduler is healthy, as Healthchecks expects it; when it is not, /fail is appended to the path.",
  examples: [`https://hc-ping.com/\${HEARTBEAT_ID}`],
  secret: "hidden",
  variable: "HEARTBEAT_URL",
});

/** A URL to ping, or what is wrong with it. Never repeats what it read. */
export function parseHeartbeat(text: string): { readonly url: string } | Problem {
  const written = text.trim();
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    return { message: "heartbeat has to be an http or https URL", advice: HEARTBEAT_ADVICE };
  if (url.hash !== "")
    return {
      message: "heartbeat has a # in it: what follows it is never sent",
      advice: HEARTBEAT_ADVICE,
    };
  return { url: written };
}

const HISTORY_DEFAULT = "400d";
const FILES_DEFAULT = "7d";
const HISTORY_LIMITS = { least: "7d", most: "3650d" } as const;
const FILES_LIMITS = { least: "1d", most: "3650d" } as const;

/** How long things are kept, in milliseconds. */
export interface Keep {
  /** Ended runs with all that belongs to them, in the ledger. */
  readonly historyMs: number;
  /** The files of runs, in the spool. */
  readonly filesMs: number;
}

const history = word((text) => parseDuration(text, HISTORY_LIMITS)).meta({
  description: "How long ended runs are kept in the ledger: at least 7d.",
});

const files = word((text) => parseDuration(text, FILES_LIMITS)).meta({
  description:
    "How long the files of runs (results, attachments, messages) are kept on the worker's disk: at least 1d, and no longer than history.",
});

export const keep = z
  .union([
    history,
    z
      .strictObject({
        history: defaulted(history, HISTORY_DEFAULT).optional(),
        files: defaulted(files, FILES_DEFAULT).optional(),
      })
      .check(({ value, issues }) => {
        const { historyMs, filesMs } = keepOf(value);
        if (filesMs <= historyMs) return;
        issues.push({
          code: "custom",
          input: value.files,
          path: ["files"],
          message: "files would be kept for longer than the history that lists them",
          params: { advice: `Write at most ${value.history ?? HISTORY_DEFAULT}, or a longer history.` },
        });
      }),
  ])
  .meta({
    description: "How long things are kept: 400d for the history, or {history: 400d, files: 7d}.",
    wants: "a duration, as in 400d, or a mapping {history: 400d, files: 7d}",
    otherwise: `{history: ${HISTORY_DEFAULT}, files: ${FILES_DEFAULT}}`,
  });

export type KeepText = z.output<typeof keep>;

/** What the schema has read, with its defaults filled in. */
export function keepOf(text: KeepText = {}): Keep {
  const written = typeof text === "string" ? { history: text } : text;
  const of = (duration: string, limits: typeof HISTORY_LIMITS | typeof FILES_LIMITS) => {
    const ms = parseDuration(duration, limits);
    // The schema has refused what is not a duration.
    return typeof ms === "number" ? ms : 0;
  };
  return {
    historyMs: of(written.history ?? HISTORY_DEFAULT, HISTORY_LIMITS),
    filesMs: of(("files" in written ? written.files : undefined) ?? FILES_DEFAULT, FILES_LIMITS),
  };
}

const HOST_DEFAULT = "127.0.0.1";
const HOST_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** Where `/healthz` and `/readyz` are served, and what recipients fetch. */
export interface Server {
  /** An address, IPv6 without brackets, or a name. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** How recipients reach it, without a slash at its end; null: they do not, and get no addresses of it. */
  readonly url: string | null;
}

const PORT_RANGE = "a port is a whole number from 0 to 65535";

const port = z
  .int()
  .min(0, { error: PORT_RANGE })
  .max(65_535, { error: PORT_RANGE })
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
    url: written.url === undefined ? null : withoutEnd(written.url, "/"),
  };
}

function parseHost(text: string): string | Problem {
  if (isIP(withoutBrackets(text)) > 0 || HOST_NAME.test(text)) return text;
  return {
    message: `"${text}" is not an address to listen at`,
    advice: "Write only an IP address or a name, as in 127.0.0.1 or 0.0.0.0; the port has a key of its own.",
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
      message: "server.url has to be https: files would cross the network unencrypted",
      advice: "Put a proxy with TLS in front; http is for this machine only, as in http://127.0.0.1:8080.",
    };
  if (read.username !== "" || read.password !== "" || read.search !== "" || read.hash !== "")
    return {
      message: "server.url has a user, a query or a fragment",
      advice: "Write only the address, with a path at most: what recipients fetch is added to it.",
    };
  return text;
}

function withoutBrackets(text: string): string {
  return text.replace(/^\[(.*)\]$/, "$1");
}
