import { z } from "zod";
import { parseDuration } from "../core/duration.ts";
import { ReportError } from "../core/error.ts";
import { secret } from "../core/secret.ts";
import { normaliseBaseUrl } from "./base-url.ts";
import { requestTimeoutMs, TIMEOUT_DEFAULT } from "./request-timeout.ts";

const VERIFY_SSL_ADVICE =
  "Certificate checks cannot be switched off: set `ca` to the PEM file of the authority that signed Looker's certificate.";

const QUERIES_MAX_DEFAULT = 10;

/** The `looker:` block of reports.yaml. What is left out is looked for in the environment. */
export const lookerConnection = z
  .strictObject({
    base_url: z
      .string()
      .min(1)
      .check((context) => {
        const mistake = context.value === "" ? null : mistakeIn(context.value);
        if (mistake === null) return;
        const { message, advice } = mistake;
        context.issues.push({ code: "custom", input: context.value, message, params: { advice } });
      })
      .meta({
        description: "Address of Looker's API in any form: with or without scheme, port or /api/4.0.",
        secret: "url",
      })
      .optional(),
    client_id: z.string().min(1).describe("Client id of the API key (Admin > Users > Edit keys).").optional(),
    client_secret: secret("Client secret of the API key.").optional(),
    port: z
      .union([z.int().min(1).max(65_535), z.string().regex(/^\d{1,5}$/)])
      .describe("Port of the API where base_url has another: 443 when hosted, 19999 when self-hosted.")
      .optional(),
    max_concurrent_queries: z
      .int()
      .min(1)
      .max(100)
      .default(QUERIES_MAX_DEFAULT)
      .describe(
        "How many queries may be under way at this Looker at once. Looker's own limit is 15 per user by default.",
      ),
    verify_ssl: z
      .literal(true, { error: VERIFY_SSL_ADVICE })
      .describe("Only true is accepted; see `ca`.")
      .optional(),
    ca: z
      .string()
      .min(1)
      .describe("Path of a PEM file with a certificate authority to trust for Looker, beside the usual ones.")
      .optional(),
    timeout: z
      .string()
      .check((context) => {
        const read = parseDuration(context.value);
        if (typeof read === "number") return;
        const { message, advice } = read;
        context.issues.push({ code: "custom", input: context.value, message, params: { advice } });
      })
      .meta({
        description:
          "How long one request to Looker may take: 45s, 2m, 1h; at most 24h. Queries have the report's own timeout.",
        // Not a default of the schema: LOOKERSDK_TIMEOUT goes before it.
        default: TIMEOUT_DEFAULT,
      })
      .optional(),
  })
  .describe("How to reach Looker.");

export type LookerBlock = z.infer<typeof lookerConnection>;

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
  return {
    baseUrl: normaliseBaseUrl(
      address,
      port(block?.port ?? (block?.base_url ? undefined : variable(env, "PORT"))),
    ),
    clientId: clientId.trim(),
    clientSecret: clientSecret.trim(),
    maxConcurrentQueries: block?.max_concurrent_queries ?? QUERIES_MAX_DEFAULT,
    requestTimeoutMs: timeoutMs,
    idleTimeoutMs: timeoutMs,
    ca: block?.ca ?? null,
  };
}

function mistakeIn(baseUrl: string): ReportError | null {
  try {
    normaliseBaseUrl(baseUrl);
    return null;
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
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
