import type { IncomingHttpHeaders } from "node:http";
import { type ErrorCode, type ErrorDetails, ReportError } from "../../core/error.ts";
import { excerptOf } from "../../core/rules/redact.ts";
import { RETRY_AFTER_MS_MAX } from "../../core/rules/retry.ts";

/** A request as errors name it: `GET /looks/42`. */
export interface Call {
  readonly method: string;
  /** Below `/api/4.0`, without the query string. */
  readonly path: string;
  /** Host and port, for what has to be checked there. */
  readonly host: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const MESSAGE_CHARS_MAX = 600;
/** What is read of an answer that failed: its reason is at its beginning, and the rest of it may be megabytes. */
export const BODY_CHARS_MAX = 100_000;

/** An answer that is not a success, in Looker's words: `{message, errors[]}`, or the text of an HTML page. */
export function failedAnswer(call: Call, answer: Answer, now: Date): ReportError {
  const page = htmlText(answer);
  const said = page ?? saidIn(answer.body);
  const words = said === "" ? "" : page === null ? `: ${said}` : ` with an HTML page (${said})`;
  const details: ErrorDetails = {
    code: page !== null && answer.status < 500 && answer.status !== 429 ? "config" : codeOf(answer.status),
    status: answer.status,
    advice: adviceOn(call, answer, page !== null),
  };
  // Credentials that are wrong fail the login. A token that Looker has just given out, and does not know, may pass.
  if (answer.status === 401 && page === null) details.retryable = true;
  const retryAfterMs = retryAfter(answer.headers["retry-after"], now);
  if (retryAfterMs !== null) details.retryAfterMs = retryAfterMs;
  if (said !== "") details.cause = new LookerWords(said);
  return new ReportError(`Looker answered ${answer.status} to ${call.method} ${call.path}${words}`, details);
}

/** What Looker itself said in an answer that is an error, without lookpost's words around it. */
export function wordsOfLooker(error: ReportError): string | null {
  return error.cause instanceof LookerWords ? error.cause.message : null;
}

/** The cause of an error that is an answer. */
class LookerWords extends Error {
  override readonly name = "LookerWords";
}

/** An answer to "make one" that does not say which one was made. `made`: "query task". */
export function withoutId(made: string): ReportError {
  return new ReportError(`Looker made a ${made} without an id.`, {
    code: "protocol",
    advice: "Run the report again. If this keeps happening, check whether a proxy changes Looker's answers.",
  });
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3) as milliseconds from `now`: a day at most. */
export function retryAfter(header: string | undefined, now: Date): number | null {
  if (header === undefined || header.trim() === "") return null;
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - now.getTime() : seconds * 1000;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(0, waitMs), RETRY_AFTER_MS_MAX);
}

/** The text of an HTML page in a few words, or null where the answer is none. */
export function htmlText(answer: Pick<Answer, "headers" | "body">): string | null {
  const body = answer.body.slice(0, BODY_CHARS_MAX);
  const isHtml =
    /\bhtml\b/.test(answer.headers["content-type"] ?? "") || /^\s*<(!doctype|html|head|body)\b/i.test(body);
  if (!isHtml) return null;
  const title = /<(title|h1)[^<>]*>([^<]*)/i.exec(body)?.[2]?.trim();
  return short((title || bareText(body)).replace(/\s+/g, " ").trim(), 120);
}

/** Without tags, and without what scripts and styles hold. Each character is looked at once: a page of `<` takes no longer than another. */
function bareText(page: string): string {
  let hidden: string | null = null;
  let text = "";
  for (const [index, piece] of page.split("<").entries()) {
    const [, closes = "", name = ""] = /^(\/?)(script|style)\b/i.exec(piece) ?? [];
    if (hidden === null && name !== "" && closes === "") hidden = name.toLowerCase();
    else if (closes !== "" && name.toLowerCase() === hidden) hidden = null;
    if (hidden === null) text += ` ${index === 0 ? piece : piece.slice(piece.indexOf(">") + 1)}`;
  }
  return text;
}

function saidIn(whole: string): string {
  const body = whole.slice(0, BODY_CHARS_MAX);
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null) return short(saidBy(parsed), MESSAGE_CHARS_MAX);
  } catch {
    // Not JSON: the text itself is what was said.
  }
  return short(body.replace(/\s+/g, " ").trim(), MESSAGE_CHARS_MAX);
}

function saidBy(body: object): string {
  const message = "message" in body && typeof body.message === "string" ? body.message : "";
  const errors: unknown[] = "errors" in body && Array.isArray(body.errors) ? body.errors : [];
  const fields = errors.map(fieldProblem).filter((text) => text !== "");
  return fields.length === 0 ? message : `${message || "Validation failed"} (${fields.join("; ")})`;
}

function fieldProblem(entry: unknown): string {
  if (typeof entry !== "object" || entry === null) return "";
  const { field, message, code } = entry as Record<string, unknown>;
  return [field, message ?? code].filter((word) => typeof word === "string" && word !== "").join(" ");
}

function short(text: string, charsMax: number): string {
  return excerptOf(text, charsMax);
}

function codeOf(status: number): ErrorCode {
  if (status === 429) return "rate_limited";
  if (status === 401 || status === 403) return "auth";
  if (status === 404) return "not_found";
  if (status === 400 || status === 422) return "invalid_query";
  if (status >= 500 || status === 408) return "unavailable";
  return status >= 300 && status < 400 ? "config" : "protocol";
}

function adviceOn(call: Call, answer: Answer, isPage: boolean): string {
  const { status } = answer;
  if (status === 429)
    return "Looker limits how often it may be asked. Lower looker.max_concurrent_queries or spread the schedules.";
  if (status >= 500 || status === 408)
    return "Looker, or a proxy in front of it, is in trouble. If this keeps happening, ask the Looker admin.";
  if (status >= 300 && status < 400) {
    return `${call.host} redirects the API${destination(answer)}: set looker.base_url to the address of the API itself.`;
  }
  if (isPage) {
    return `${call.host} answers with a web page, not with the API. Check host and port of looker.base_url: the API is on port 443 when hosted, 19999 when self-hosted.`;
  }
  if (status === 401)
    return "Looker accepts the login, but not the token that it gave out. If this keeps happening, check whether a proxy removes the Authorization header.";
  if (status === 403)
    return "The API user lacks a permission for this. Check its roles and model sets in Looker's admin pages.";
  if (status === 404) return "Check that it exists and that the API user may see it.";
  return "Looker does not accept the request as it is.";
}

function destination(answer: Answer): string {
  const { location } = answer.headers;
  if (location === undefined || !URL.canParse(location)) return "";
  const url = new URL(location);
  return ` (${url.origin})`;
}
