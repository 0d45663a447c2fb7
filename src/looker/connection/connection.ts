import { ReportError } from "../../core/error.ts";
import { parseDuration } from "../../core/rules/duration.ts";
import { inClear, isInClear, normaliseBaseUrl } from "./base-url.ts";
import { EMBED_SESSION, QUERIES_MAX_DEFAULT, TIMEOUT_DEFAULT, VERIFY_SSL_ADVICE } from "./limits.ts";
import type { LookerBlock } from "./schema.ts";

export interface Connection {
  /** Without `/api/4.0` and without a trailing slash: "https://acme.looker.com:19999". */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly maxConcurrentQueries: number;
  /** How long one request may take until its whole answer is in; for a result, until the answer begins. */
  readonly requestTimeoutMs: number;
  /** How long a result that streams in may pause. */
  readonly idleTimeoutMs: number;
  /** PEM file with a further certificate authority, or null. */
  readonly ca: string | null;
  /** What recipients may see who open it in a signed session; null: there are none. */
  readonly embed: Embed | null;
}

/** The user that a signed session is for, and what it may see: of models with permissions, and by groups; at least one of the two. */
export interface Embed {
  readonly models: readonly string[];
  readonly permissions: readonly string[];
  readonly groupIds: readonly string[];
  readonly sessionMs: number;
  /** What the external ids of its users begin with. */
  readonly user: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIXES = ["LOOKER", "LOOKERSDK"] as const;

/**
 * What the block says, then LOOKER_BASE_URL, LOOKER_CLIENT_ID, LOOKER_CLIENT_SECRET and LOOKER_PORT, then the names of
 * Looker's own SDK (LOOKERSDK_*). Throws ReportError `config` that names everything that is missing.
 */
export function resolveConnection(block: Partial<LookerBlock> | undefined, env: Environment): Connection {
  const address = block?.base_url ?? variable(env, "BASE_URL");
  const clientId = block?.client_id ?? variable(env, "CLIENT_ID");
  const clientSecret = block?.client_secret ?? variable(env, "CLIENT_SECRET");
  if (!address || !clientId || !clientSecret) throw missing({ address, clientId, clientSecret });
  refuseUnverified(block, env);
  const timeoutMs = requestTimeoutMs(block?.timeout, env.LOOKERSDK_TIMEOUT);
  const baseUrl = normaliseBaseUrl(
    address,
    port(block?.port ?? (block?.base_url ? undefined : variable(env, "PORT"))),
  );
  if (isInClear(baseUrl) && block?.insecure !== true) throw inClear();
  return {
    baseUrl,
    clientId: clientId.trim(),
    clientSecret: clientSecret.trim(),
    maxConcurrentQueries: block?.max_concurrent_queries ?? QUERIES_MAX_DEFAULT,
    requestTimeoutMs: timeoutMs,
    idleTimeoutMs: timeoutMs,
    ca: block?.ca ?? null,
    embed: embedOf(block?.embed),
  };
}

/**
 * How long one request may take, in milliseconds: what `looker.timeout` says, or else LOOKERSDK_TIMEOUT, in seconds. Throws
 * ReportError `config`.
 */
function requestTimeoutMs(written: string | undefined, seconds: string | undefined): number {
  const ofSdk = written === undefined && seconds?.trim() ? seconds.trim() : null;
  const read = parseDuration(ofSdk === null ? (written ?? TIMEOUT_DEFAULT) : `${ofSdk}s`);
  if (typeof read === "number") return read;
  if (ofSdk === null)
    throw new ReportError(`looker.timeout: ${read.message}.`, { code: "config", advice: read.advice });
  throw new ReportError(`LOOKERSDK_TIMEOUT is "${ofSdk}".`, {
    code: "config",
    advice: "Set it to a whole number of seconds from 1 to 86400, or set looker.timeout.",
  });
}

function embedOf(block: LookerBlock["embed"]): Embed | null {
  if (block === undefined) return null;
  const { models, permissions, group_ids: groupIds, session, user } = block;
  const sessionMs = parseDuration(session, EMBED_SESSION);
  if (typeof sessionMs !== "number")
    throw new ReportError(`looker.embed.session: ${sessionMs.message}.`, {
      code: "config",
      advice: sessionMs.advice,
    });
  return { models, permissions, groupIds, sessionMs, user };
}

/** The address that the environment names where the block has none, as far as it can be read; null: neither does. */
export function namedBaseUrl(block: Partial<LookerBlock> | undefined, env: Environment): string | null {
  const address = block?.base_url ?? variable(env, "BASE_URL");
  if (!address) return null;
  try {
    return normaliseBaseUrl(address);
  } catch {
    return null;
  }
}

function variable(env: Environment, name: string): string | undefined {
  for (const prefix of PREFIXES) {
    const value = env[`${prefix}_${name}`]?.trim().replace(/^(["'`])(.*)\1$/, "$2");
    if (value) return value;
  }
  return undefined;
}

function port(given: string | number | undefined): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw new ReportError(`The port of Looker's API is "${given}".`, {
    code: "config",
    advice: "Set looker.port (or LOOKER_PORT) to a number: 443 when hosted, 19999 when self-hosted.",
  });
}

/** Looker's SDK would switch certificate checks off for the whole process, mail and Slack included. */
function refuseUnverified(block: Partial<LookerBlock> | undefined, env: Environment): void {
  const word = env.LOOKERSDK_VERIFY_SSL?.trim().toLowerCase() ?? "true";
  if (block?.verify_ssl !== undefined || !["false", "f", "no", "n", "0"].includes(word)) return;
  throw new ReportError("LOOKERSDK_VERIFY_SSL asks for certificates not to be checked.", {
    code: "config",
    advice: `${VERIFY_SSL_ADVICE.replace("`ca`", "looker.ca")} Then unset LOOKERSDK_VERIFY_SSL.`,
  });
}

function missing(found: Record<"address" | "clientId" | "clientSecret", string | undefined>): ReportError {
  const names = [
    found.address ? [] : ["base_url"],
    found.clientId ? [] : ["client_id"],
    found.clientSecret ? [] : ["client_secret"],
  ].flat();
  const list = new Intl.ListFormat("en").format(names);
  const variables = names.map((name) => `LOOKER_${name.toUpperCase()}`);
  return new ReportError(`Looker's ${list} ${names.length === 1 ? "is" : "are"} not set.`, {
    code: "config",
    advice: `Set ${new Intl.ListFormat("en").format(variables)} in the environment, or name them under \`looker:\` in reports.yaml.`,
  });
}
