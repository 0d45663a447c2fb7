import { shortageOf } from "./shortage.ts";

/**
 * What went wrong, in the words of the person who has to act on it. The one error type of the project: rooms wrap what
 * they catch into it, with the original as `cause`.
 */
export type ErrorCode =
  | "config" // reports.yaml or the call is wrong
  | "auth" // credentials are refused, or lack a permission
  | "not_found" // a Look, explore, field, channel … that is not there or not visible
  | "invalid_query" // Looker will not run it: unknown field, bad filter, a limit it refuses
  | "database" // the database behind Looker reported an error
  | "too_large" // more than the report, or lookpost, takes
  | "unavailable" // unreachable, 5xx, a dropped connection
  | "rate_limited" // 429
  | "timeout" // the report's own timeout
  | "cancelled" // shutdown, or a person
  | "protocol" // an answer that makes no sense
  | "local"; // disk, ledger, spool

export interface ErrorDetails {
  code: ErrorCode;
  /** What to do about it: an imperative sentence. */
  advice?: string | null;
  /** Whether the same call may succeed later without anybody changing anything. */
  retryable?: boolean;
  /** How long the other side asked us to wait, in milliseconds (Retry-After). */
  retryAfterMs?: number;
  /** HTTP status, where there was one. */
  status?: number;
  /** The time that was not kept, in milliseconds, where there was one. */
  limitMs?: number;
  /** The line breaks of the message are ours, and are to be kept: a list. */
  isList?: boolean;
  cause?: unknown;
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(["unavailable", "rate_limited"]);

export class ReportError extends Error {
  override readonly name = "ReportError";
  readonly code: ErrorCode;
  readonly advice: string | null;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly status: number | null;
  readonly limitMs: number | null;
  readonly isList: boolean;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.advice = details.advice ?? null;
    this.retryable = details.retryable ?? RETRYABLE.has(details.code);
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.status = details.status ?? null;
    this.limitMs = details.limitMs ?? null;
    this.isList = details.isList ?? false;
  }

  /** The same failure with its place in front: `Section 2, "Delays": Looker …`. */
  under(place: string): ReportError {
    return new ReportError(`${place}: ${this.message}`, {
      code: this.code,
      retryable: this.retryable,
      cause: this.cause ?? this,
      ...(this.advice !== null && { advice: this.advice }),
      ...(this.retryAfterMs !== null && { retryAfterMs: this.retryAfterMs }),
      ...(this.status !== null && { status: this.status }),
      ...(this.limitMs !== null && { limitMs: this.limitMs }),
    });
  }
}

/** Any thrown value as a ReportError: what the machine has run out of is `local`, and passes; all else is a fault of ours, and says so. */
export function toReportError(thrown: unknown): ReportError {
  if (thrown instanceof ReportError) return thrown;
  const message = messageOf(thrown);
  const shortage = shortageOf(thrown);
  if (shortage !== null) {
    const { what, advice } = shortage;
    return new ReportError(`${what}: ${message}`, { code: "local", advice, retryable: true, cause: thrown });
  }
  return new ReportError(message, {
    code: "local",
    advice: "This is unexpected: please report it, with the command and the log around it.",
    cause: thrown,
  });
}

/** Some libraries emit plain objects as errors. */
function messageOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  return "message" in thrown ? String(thrown.message) : "an object that is not an error";
}

/** How often the same trouble is reported: an outage is one line in the log, not one for each poll. */
const SAME_TEXT_MS = 30_000;
const TEXTS_MAX = 100;

/** Reports what went wrong, the same text at most every 30 s. */
export function throttled(trouble: (thrown: unknown) => void): (thrown: unknown) => void {
  const reportedAt = new Map<string, number>();
  return (thrown) => {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const now = performance.now();
    const before = reportedAt.get(text);
    if (before !== undefined && now - before < SAME_TEXT_MS) return;
    if (reportedAt.size >= TEXTS_MAX) reportedAt.clear();
    reportedAt.set(text, now);
    trouble(thrown);
  };
}
