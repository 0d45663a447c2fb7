import { z } from "zod";
import { parseDuration } from "../core/duration.ts";
import { ReportError } from "../core/error.ts";
import { secret } from "../core/secret.ts";
import { normaliseBaseUrl } from "./base-url.ts";
import { QUERIES_MAX_DEFAULT, VERIFY_SSL_ADVICE } from "./connection.ts";
import { TIMEOUT_DEFAULT } from "./request-timeout.ts";

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

function mistakeIn(baseUrl: string): ReportError | null {
  try {
    normaliseBaseUrl(baseUrl);
    return null;
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
}
