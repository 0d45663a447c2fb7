import { ReportError } from "../core/error.ts";

const MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** As for every time in reports.yaml: a whole number and one unit. */
const DURATION = /^(\d{1,9})([smh])$/;
const TIMEOUT_MS_MAX = 24 * MS.h;

export const TIMEOUT_DEFAULT = "2m";

export interface TimeoutComplaint {
  readonly message: string;
  readonly advice: string;
}

/**
 * How long one request may take, in milliseconds: what `looker.timeout` says, or else LOOKERSDK_TIMEOUT, in seconds. Throws
 * ReportError `config`.
 */
export function requestTimeoutMs(written: string | undefined, seconds: string | undefined): number {
  const ofSdk = written === undefined && seconds?.trim() ? seconds.trim() : null;
  const read = parseTimeout(ofSdk === null ? (written ?? TIMEOUT_DEFAULT) : `${ofSdk}s`);
  if (typeof read === "number") return read;
  if (ofSdk === null)
    throw new ReportError(`looker.timeout: ${read.message}.`, { code: "config", advice: read.advice });
  throw new ReportError(`LOOKERSDK_TIMEOUT is "${ofSdk}".`, {
    code: "config",
    advice: `Set it to a whole number of seconds from 1 to ${TIMEOUT_MS_MAX / MS.s}, or set looker.timeout.`,
  });
}

/** "45s", "2m", "1h" in milliseconds, or what is wrong with it. */
export function parseTimeout(text: string): number | TimeoutComplaint {
  const match = DURATION.exec(text.trim());
  const unit = match?.[2] as keyof typeof MS | undefined;
  if (!match || !unit) {
    return {
      message: `"${text.trim()}" is not a duration`,
      advice: "Write a whole number and one unit: 45s, 2m or 1h.",
    };
  }
  const ms = Number(match[1]) * MS[unit];
  if (ms === 0)
    return {
      message: "a timeout of 0 ends every request at once",
      advice: `Write a time such as ${TIMEOUT_DEFAULT}.`,
    };
  if (ms > TIMEOUT_MS_MAX) return { message: `"${text.trim()}" is too long`, advice: "Write at most 24h." };
  return ms;
}
