import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from "@slack/web-api";
import { ReportError } from "../../core/error.ts";
import type { Again, Commitment, Outcome, Refused, Unknown } from "../../core/model/outcome.ts";
import {
  isCertificateError,
  NEW_SECRET_ADVICE,
  PRIVATE_CA_ADVICE,
} from "../../core/rules/secure-transport.ts";
import { shortageOf } from "../../core/shortage.ts";
import { Unwritten } from "./client.ts";

/** What became of a call that failed; the outcome of the delivery where the call decides it. */
export type Failure = Refused | Again | Unknown;

/** A failure, and for one whose end is open whether Slack as a whole seems to be out. */
type Trouble = Refused | Again | (Unknown & { readonly isServerOut: boolean });

/** The same as the outcome of the delivery. Where nothing was committed, no request that shows anything was written. */
export function outcomeOf(failure: Failure, committed: Commitment | null): Outcome {
  if (failure.kind !== "unknown") return failure;
  return committed?.unknown(failure.reason) ?? again(failure.reason);
}

/**
 * What an error of a Slack call means. `posts`: whether the call makes something visible, so that an ambiguous end leaves
 * the outcome unknown; any other call may simply be made again. `place`: where it was to go, as a person knows it.
 */
export function failureOf(thrown: unknown, posts: boolean, place: string): Failure {
  const trouble = troubleOf(thrown, place);
  if (trouble.kind !== "unknown") return trouble;
  const { reason, isServerOut } = trouble;
  return posts ? { kind: "unknown", reason } : again(reason, null, isServerOut);
}

/** The word Slack gave for it ("not_in_channel"), or null where it gave none. */
export function slackErrorCode(thrown: unknown): string | null {
  return errorData(thrown)?.error ?? null;
}

function troubleOf(thrown: unknown, place: string): Trouble {
  const data = errorData(thrown);
  if (data !== null) return troubleOfCode(data, place);
  if (thrown instanceof ReportError) {
    return thrown.retryable
      ? again(thrown.message, thrown.retryAfterMs)
      : { kind: "refused", reason: thrown.message, advice: thrown.advice ?? "Look at the file." };
  }
  if (thrown instanceof WebAPIRateLimitedError) return again(LIMITED, thrown.retryAfter * 1000);
  if (thrown instanceof WebAPIHTTPError) return troubleOfStatus(thrown);
  if (thrown instanceof WebAPIRequestError) {
    const { original } = thrown;
    return original instanceof Unwritten ? again(stoppedWords(original)) : troubleOfConnection(original);
  }
  // How fetch ends where the connection breaks while the answer's body comes (undici).
  if (thrown instanceof TypeError && thrown.message === "terminated") return troubleOfConnection(thrown);
  // How the client ends on a 429 whose Retry-After it cannot read.
  if (thrown instanceof Error && thrown.message.startsWith("Retry header did not contain"))
    return again(LIMITED);
  // HTTP 200 with a body that is not JSON, or not what the method answers: something answered, perhaps not Slack.
  const isPage = thrown instanceof WebAPIPlatformError;
  const what = isPage ? "with something that is not JSON" : "in a way that makes no sense";
  return {
    kind: "unknown",
    reason: `Slack answered ${what}. If this stays so, check slack.api_url and any proxy between.`,
    isServerOut: isPage,
  };
}

/** Where no request was written: the reason to end with. */
function stoppedWords({ message }: Error): string {
  return `Stopped before anything was posted: ${message.replace(/\.$/, "")}.`;
}

const LIMITED = "Slack asks to slow down (ratelimited).";

/** Surely not done, and worth another try. */
const TRANSIENT = new Set([
  "ratelimited",
  "rate_limited",
  "message_limit_exceeded",
  "service_unavailable",
  "team_added_to_org",
]);
/** Slack's servers lost track: it may have been posted. */
const AMBIGUOUS = new Set(["internal_error", "fatal_error", "request_timeout"]);

function troubleOfCode({ error, retryAfterS, ...data }: ErrorData, place: string): Trouble {
  const reason = `Slack answered ${error} for ${place}.`;
  if (TRANSIENT.has(error))
    return again(reason, retryAfterS === null ? null : retryAfterS * 1000, error === "service_unavailable");
  if (AMBIGUOUS.has(error)) return { kind: "unknown", reason, isServerOut: false };
  const details = data.messages.length === 0 ? "" : ` ${data.messages.join("; ")}`;
  return {
    kind: "refused",
    reason: `${reason}${details}`,
    advice: adviceFor(error, data.needed, place),
    ...(LOGIN.test(error) && { isLogin: true }),
  };
}

/** Slack's words for a token that it does not, or no longer, take (https://api.slack.com/methods/chat.postMessage#errors). */
const LOGIN = /_auth|not_authed|token_|account_inactive|no_permission|ekm_access|org_login/;

function adviceFor(error: string, needed: string | null, place: string): string {
  if (LOGIN.test(error)) {
    return `Set slack.token to a valid bot token: the app's page, "OAuth & Permissions". ${NEW_SECRET_ADVICE}`;
  }
  if (error === "missing_scope") {
    return `Add the scope ${needed ?? "the method needs"} to the app ("OAuth & Permissions") and install it again.`;
  }
  if (/blocks|msg_too_long|metadata/.test(error)) return "Show fewer rows, and attach the data as a file.";
  if (error.startsWith("restricted_action"))
    return `A rule of the workspace forbids it: ask who runs ${place}.`;
  return ADVICE[error]?.(place) ?? "Look the word up in Slack's documentation of chat.postMessage.";
}

const ADVICE: Readonly<Record<string, (place: string) => string>> = {
  not_in_channel: (place) => `Invite the bot: type /invite and its name in ${place}.`,
  channel_not_found: () => "Check the id. A private channel can only be seen once the bot has been invited.",
  is_archived: (place) => `Unarchive ${place}, or send the report elsewhere.`,
  users_not_found: () => "Nobody in this workspace has this address in the profile: check it.",
  user_disabled: () => "The account is deactivated: send the report to somebody else.",
  file_uploads_disabled: () => "The workspace allows no file uploads: ask its administrators.",
  storage_limit_reached: () => "The workspace is full: delete files, or ask its administrators.",
  accesslimited: () => "The workspace limits who may call its API: ask its administrators.",
};

function troubleOfStatus({ statusCode, headers }: WebAPIHTTPError): Trouble {
  const reason = `Slack answered HTTP ${statusCode}.`;
  const retryAfterS = Number(new Headers(asHeaders(headers)).get("retry-after") ?? Number.NaN);
  // 503 says that the request was not handled (RFC 9110, 15.6.4); the other 5xx do not.
  if (statusCode === 503)
    return again(reason, Number.isFinite(retryAfterS) ? retryAfterS * 1000 : null, true);
  if (statusCode >= 500) return { kind: "unknown", reason, isServerOut: true };
  return { kind: "refused", reason, advice: "Check slack.api_url, and any proxy between." };
}

function troubleOfConnection(error: Error): Trouble {
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code = "" }: NodeJS.ErrnoException = cause;
  if (isCertificateError(code)) {
    const advice = `Check slack.api_url. ${PRIVATE_CA_ADVICE}`;
    return { kind: "refused", reason: `Slack's certificate is not accepted (${code}).`, advice };
  }
  const why = cause.message === "" ? code : cause.message.replace(/\.$/, "");
  const reason = `The connection to Slack failed: ${why}.`;
  // What has run out here says nothing of Slack.
  const isServerOut = shortageOf(error) === null;
  return isUnsent(cause) ? again(reason, null, isServerOut) : { kind: "unknown", reason, isServerOut };
}

/** Whether no connection was made. Node tries all of a name's addresses, and tells of them in one AggregateError. */
function isUnsent(cause: Error): boolean {
  if (cause instanceof AggregateError) return cause.errors.every(isUnsent);
  const { code = "", syscall = "" }: NodeJS.ErrnoException = cause;
  return (
    ["connect", "getaddrinfo"].includes(syscall) ||
    ["ECONNREFUSED", "ENOTFOUND", "UND_ERR_CONNECT_TIMEOUT"].includes(code) ||
    /before secure TLS connection was established/.test(cause.message)
  );
}

function again(reason: string, afterMs: number | null = null, isServerOut = false): Again {
  return {
    kind: "again",
    reason,
    ...(afterMs !== null && { afterMs }),
    ...(isServerOut && { isServerOut }),
  };
}

interface ErrorData {
  readonly error: string;
  readonly needed: string | null;
  /** Seconds. */
  readonly retryAfterS: number | null;
  /** What Slack says of single arguments, with JSON pointers for blocks. */
  readonly messages: readonly string[];
}

/** What Slack itself said, with HTTP 200 or not; null where the body is not one of its answers. */
function errorData(thrown: unknown): ErrorData | null {
  const body: unknown =
    thrown instanceof WebAPIPlatformError
      ? thrown.data
      : thrown instanceof WebAPIHTTPError
        ? thrown.body
        : null;
  if (!isRecord(body) || typeof body.error !== "string" || !/^[a-z0-9_:-]{1,80}$/.test(body.error))
    return null;
  const about = isRecord(body.response_metadata) ? body.response_metadata : {};
  const told = [body.errors, about.messages].find(Array.isArray) ?? [];
  return {
    error: body.error,
    needed: typeof body.needed === "string" ? body.needed : null,
    retryAfterS: typeof about.retryAfter === "number" ? about.retryAfter : null,
    messages: told.filter((message) => typeof message === "string").slice(0, 3),
  };
}

function asHeaders(headers: unknown): Record<string, string> {
  return isRecord(headers)
    ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
