import { z } from "zod";
import { ReportError } from "../../core/error.ts";
import type { Problem } from "../../core/model/problem.ts";
import { parseDuration } from "../../core/rules/duration.ts";
import { secret } from "../../core/rules/secret.ts";
import { inClear, isInClear, normaliseBaseUrl } from "./base-url.ts";
import { EMBED_SESSION, QUERIES_MAX_DEFAULT, TIMEOUT_DEFAULT, VERIFY_SSL_ADVICE } from "./limits.ts";

const names = z.array(z.string().min(1)).default([]);

/** What a signed embed session may see (https://cloud.google.com/looker/docs/signed-embedding). */
const embed = z
  .strictObject({
    models: names.describe("LookML models that recipients may see."),
    permissions: names.describe("What they may do there: access_data, see_looks, see_user_dashboards, …"),
    group_ids: z
      .array(z.union([z.string().min(1), z.int().positive()]).transform(String))
      .default([])
      .describe(
        "Ids of Looker's groups that they belong to, instead of models and permissions or in addition to them.",
      ),
    session: z
      .string()
      .check((context) => refuse(context, parseDuration(context.value, EMBED_SESSION)))
      .default("1h")
      .describe("How long a session lasts once it is opened: 30m, 8h, 1d; at most 30d."),
    user: z
      .string()
      .regex(/^[\w.@-]{1,100}$/)
      .default("lookpost-recipient")
      .describe(
        "What the ids of the embed users begin with, at Looker. A few are made, so that recipients do not end each other's sessions.",
      ),
  })
  .check((context) => {
    const { models, permissions, group_ids: groups } = context.value;
    if (groups.length > 0 || (models.length > 0 && permissions.length > 0)) return;
    context.issues.push({
      code: "custom",
      input: context.value,
      message: "does not say what recipients may see",
      params: { advice: "Write models and permissions, or group_ids." },
    });
  })
  .describe(
    "For `link: embed`: what people without a Looker account see when they open a link. Needs signed embedding at Looker.",
  );

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
      .max(500)
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
      .describe(
        "Path of a PEM file with a certificate authority to trust for Looker, in addition to the usual ones.",
      )
      .optional(),
    insecure: z
      .boolean()
      .meta({
        description:
          "true: Looker may be asked over http:// beyond this machine, on a private network. Said at each start and by check.",
        otherwise: "false",
      })
      .optional(),
    timeout: z
      .string()
      .check((context) => refuse(context, parseDuration(context.value)))
      .meta({
        description:
          "How long one request to Looker may take: 45s, 2m, 1h; at most 24h. Queries have the report's own timeout.",
        // Not a default of the schema: LOOKERSDK_TIMEOUT goes before it.
        default: TIMEOUT_DEFAULT,
      })
      .optional(),
    embed: embed.optional(),
  })
  .check((context) => {
    const { base_url: written = "", insecure } = context.value;
    if (insecure === true || mistakeIn(written) !== null || !isInClear(normaliseBaseUrl(written))) return;
    const { message, advice } = inClear();
    context.issues.push({
      ...{ code: "custom", input: written, path: ["base_url"] },
      ...{ message: message.replace(/\.$/, ""), params: { advice } },
    });
  })
  .describe("How to reach Looker.");

export type LookerBlock = z.infer<typeof lookerConnection>;

/** `read`: the duration, or what is wrong with it. */
function refuse(context: z.core.ParsePayload<string>, read: number | Problem): void {
  if (typeof read === "number") return;
  const { message, advice } = read;
  context.issues.push({ code: "custom", input: context.value, message, params: { advice } });
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
