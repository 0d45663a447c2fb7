import { z } from "zod";
import type { Problem } from "../../core/model/problem.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import { isMapping, oneOf } from "../problems/value.ts";
import { postgresTransport } from "./postgres-transport.ts";

/** Where the ledger is kept. */
export type StoreAddress =
  | { readonly kind: "file"; readonly directory: string }
  /** `directory` is this worker's own: it holds the spool. */
  | { readonly kind: "postgres"; readonly url: string; readonly directory: string };

const FOLDER_DEFAULT = "./data";
const FILE = /^file:(?:\/\/(?=\/))?(.+)$/s;
const POSTGRES = /^postgres(?:ql)?:/i;
/** Those that pg knows (pg-connection-string). */
const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"];
const ADVICE = `Write postgres://USER:\${PASSWORD}@HOST:5432/DATABASE, and @ / # ? in a password as %40 %2F %23 %3F.`;

const address = z.string().min(1);

export const store = z
  .union([
    address.meta({ secret: "url", variable: "DATABASE_URL" }),
    z.strictObject({
      url: address.meta({
        description: "file:FOLDER or a Postgres URL, as where store is text.",
        secret: "url",
        variable: "DATABASE_URL",
      }),
      insecure: z
        .boolean()
        .meta({
          description:
            "true: Postgres may be spoken to without TLS, on a private network. Said at each start and by check.",
          otherwise: "false",
        })
        .optional(),
    }),
  ])
  .meta({
    description: `Where runs and deliveries are kept. \`file:FOLDER\`, relative to this file: one service on one machine. \`postgres://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full\`: a fleet of workers, each with a folder \`${FOLDER_DEFAULT}\` next to this file for the files of its runs. Default: what the environment names in LOOKPOST_STORE, or else in DATABASE_URL, or \`file:${FOLDER_DEFAULT}\`. Postgres beyond this machine needs TLS (\`sslmode\`), or a mapping with \`url\` and \`insecure\` (true, for a private network; said at each start and by check).`,
    examples: [`\${DATABASE_URL}`],
    wants: "file:FOLDER or a Postgres URL",
  });

export interface FoundStore {
  readonly store: StoreAddress;
  /** What is wrong with the text it comes from: then `store` is the default. */
  readonly problem: Problem | null;
  /** The environment's text that names it, which may hold a password; null where the file does, or nothing. */
  readonly fromEnvironment: string | null;
}

/** What the file says, or else LOOKPOST_STORE, or else DATABASE_URL, which many platforms set by themselves. */
export function findStore(written: unknown, env: Readonly<Record<string, string | undefined>>): FoundStore {
  const { LOOKPOST_STORE: named, DATABASE_URL: database } = env;
  const standard: StoreAddress = { kind: "file", directory: FOLDER_DEFAULT };
  const { url: text, insecure } = writtenStore(written);
  if (text !== "") {
    const found = parseStore(text, env, insecure);
    // A container image names its volume in LOOKPOST_STORE: the files of runs belong there all the same.
    const volume = named ? parseStore(named, env) : standard;
    if (!("kind" in found)) return { store: standard, problem: found, fromEnvironment: null };
    const directory = found.kind === "postgres" && "kind" in volume ? volume.directory : found.directory;
    return { store: { ...found, directory }, problem: null, fromEnvironment: null };
  }
  const [variable, ofEnvironment] = named ? ["LOOKPOST_STORE", named] : ["DATABASE_URL", database];
  if (!ofEnvironment) return { store: standard, problem: null, fromEnvironment: null };
  const isOther = variable === "DATABASE_URL" && !POSTGRES.test(ofEnvironment.trim());
  const found = isOther ? NOT_POSTGRES : parseStore(ofEnvironment, env);
  if ("kind" in found) return { store: found, problem: null, fromEnvironment: ofEnvironment };
  const message = `${variable} in the environment: ${found.message}`;
  return { store: standard, problem: { ...found, message }, fromEnvironment: ofEnvironment };
}

/** As text, or as a mapping with `url`; "" where neither is there. */
function writtenStore(written: unknown): { readonly url: string; readonly insecure: boolean } {
  if (typeof written === "string") return { url: written, insecure: false };
  if (!isMapping(written) || typeof written.url !== "string") return { url: "", insecure: false };
  return { url: written.url, insecure: written.insecure === true || written.insecure === "true" };
}

const NOT_POSTGRES: Problem = {
  message: "it is not a Postgres URL",
  advice: `Write store: file:${FOLDER_DEFAULT} into the file, or unset it.`,
};

/** `file:FOLDER`, a Postgres URL, or what is wrong with it. Never repeats what it read: it may hold a password. */
function parseStore(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  insecure = false,
): StoreAddress | Problem {
  const trimmed = text.trim();
  const folder = FILE.exec(trimmed)?.[1];
  if (folder !== undefined) return { kind: "file", directory: folder };
  if (POSTGRES.test(trimmed)) return parsePostgres(trimmed, env, insecure);
  return {
    message: "store has to be file:FOLDER or a Postgres URL",
    advice: `Write file:${/^[./~\w-]+$/.test(trimmed) ? trimmed : FOLDER_DEFAULT}, or the URL of a Postgres database.`,
  };
}

function parsePostgres(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  insecure: boolean,
): StoreAddress | Problem {
  // A socket is named by ?host=/run/postgresql, and nothing follows the @: pg takes it, URL does not.
  const withHost = text.replace(/^([a-z]+:\/\/[^/@]*)@\//i, "$1@localhost/");
  const url = URL.canParse(withHost) ? new URL(withHost) : null;
  if (url === null || !/^[a-z]+:\/\//i.test(text) || !isDecodable(url))
    return { message: "this Postgres URL cannot be read", advice: ADVICE };
  // A password that is not encoded ends up as a part of what follows it.
  if (url.hash !== "" || `${url.pathname}${url.search}`.includes("@"))
    return { message: "this Postgres URL has a # or @ where none can be", advice: ADVICE };
  if (!/^\/[^/]+$/.test(url.pathname))
    return { message: "this Postgres URL names no database", advice: ADVICE };
  const sslMode = url.searchParams.get("sslmode");
  if (sslMode !== null && !SSL_MODES.includes(sslMode))
    return {
      message: "this Postgres URL has an sslmode that does not exist",
      advice: `${didYouMean(sslMode, SSL_MODES)} It may be ${oneOf(SSL_MODES)}.`.trim(),
    };
  if (postgresTransport(url, env) === "clear" && !insecure)
    return {
      message:
        "this Postgres URL leaves the machine without TLS: the password's proof, titles, recipients and queries can be read on the way",
      advice: `Add ?sslmode=verify-full to it${url.search === "" ? "" : " (or &sslmode=verify-full)"}; on a private network write store: {url: "\${DATABASE_URL}", insecure: true}.`,
    };
  return { kind: "postgres", url: withHost, directory: FOLDER_DEFAULT };
}

function isDecodable({ username, password, pathname }: URL): boolean {
  try {
    for (const part of [username, password, pathname]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
