import type { DurationLimits } from "../../core/rules/duration.ts";

/* Shared by the schema of `looker:` and by what reads the block. A file of their own, since the service loads no schema. */

export const VERIFY_SSL_ADVICE =
  "Certificate checks cannot be switched off: set `ca` to the PEM file of the authority that signed Looker's certificate.";

export const QUERIES_MAX_DEFAULT = 10;

export const TIMEOUT_DEFAULT = "2m";

/** Looker takes up to 30 days (EmbedSsoParams.session_length). */
export const EMBED_SESSION: DurationLimits = { least: "1m", most: "30d" };
