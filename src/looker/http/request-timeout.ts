import { ReportError } from "../../core/error.ts";
import { parseDuration } from "../../core/rules/duration.ts";

export const TIMEOUT_DEFAULT = "2m";

/**
 * How long one request may take, in milliseconds: what `looker.timeout` says, or else LOOKERSDK_TIMEOUT, in seconds. Throws
 * ReportError `config`.
 */
export function requestTimeoutMs(written: string | undefined, seconds: string | undefined): number {
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
