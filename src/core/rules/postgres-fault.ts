import { type ErrorCode, ReportError } from "../error.ts";

interface Fault {
  readonly code: ErrorCode;
  readonly advice: string;
}

const REACH: Fault = {
  code: "unavailable",
  advice:
    "See that Postgres runs and can be reached from here; a running service goes on by itself once it can be.",
};
const READ_ONLY: Fault = {
  code: "unavailable",
  advice:
    "The database is read-only, as a standby is: name the primary in the store's URL, or set `default_transaction_read_only` to off. `lookpost history` reads it as it is; a running service goes on by itself once it can write.",
};
const LOGIN: Fault = {
  code: "auth",
  advice: "Correct user and password in the store's URL (`store:` or DATABASE_URL).",
};
const RIGHTS: Fault = {
  code: "auth",
  advice:
    "Grant the store's user CREATE on the database: the ledger and the queue each have a schema of their own in it.",
};
const DATABASE: Fault = {
  code: "config",
  advice: "Create the database, or name another in the store's URL (`store:` or DATABASE_URL).",
};
const TLS: Fault = {
  code: "config",
  advice:
    "Set `sslmode` in the store's URL to what the server speaks, and have its certificate trusted here.",
};
const UNEXPECTED: Fault = {
  code: "local",
  advice: "This is unexpected: please report it, with the command and the log around it.",
};

/** What an SQLSTATE means here, by its beginning (PostgreSQL, appendix A). */
const BY_STATE: readonly (readonly [string, Fault])[] = [
  ["08", REACH], // connection exception
  ["25006", READ_ONLY], // a standby that is not promoted yet, or a setting
  ["25P03", REACH], // stood still within a transaction
  ["28", LOGIN],
  ["3D000", DATABASE],
  ["40", REACH], // serialization, deadlock: after several tries
  ["42501", RIGHTS],
  ["53", REACH], // out of connections, memory, disk
  ["55P03", REACH], // lock not available
  ["57", REACH], // shutdown, start-up, cancelled by a timeout
  ["58", REACH], // the server's own I/O
];

/** What pg throws without a code when a connection breaks or takes too long. */
const BROKEN = /connection terminated|timeout|connection error|not queryable|closed the connection/i;

/** What went wrong with Postgres, as ReportError. `what` says what could not be done; the password is in no text. */
export function postgresFault(what: string, cause: unknown, password: string): ReportError {
  if (cause instanceof ReportError) return cause;
  const { code, advice } = faultOf(cause);
  const reason = withoutPassword(reasonOf(cause), password);
  return new ReportError(`${what}: ${reason}`, { code, advice, cause });
}

export function stateOf(cause: unknown): string {
  return textIn(cause, "code") ?? "";
}

/** The password in a store's URL, as it may be in what a server says; "": there is none, or the URL is not one. */
export function passwordOf(url: string): string {
  const parsed = URL.parse(url);
  const encoded = parsed?.password || encodeURIComponent(parsed?.searchParams.get("password") ?? "");
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** Of an error, or of what pg-boss makes of one: an object with its fields. */
function textIn(cause: unknown, name: "code" | "message"): string | null {
  const value = typeof cause === "object" && cause !== null ? (cause as Record<string, unknown>)[name] : null;
  return typeof value === "string" ? value : null;
}

function faultOf(cause: unknown): Fault {
  if (cause instanceof AggregateError && cause.errors.length > 0) return faultOf(cause.errors[0]);
  const state = stateOf(cause);
  // Some statements say so by another state, and poolers and pg-boss may pass on the text alone.
  if (/\bread-only transaction\b/.test(reasonOf(cause))) return READ_ONLY;
  if (/\b\w+ authentication failed\b/.test(reasonOf(cause))) return LOGIN;
  // Five characters: an SQLSTATE; else a name of node's.
  if (/^[0-9A-Z]{5}$/.test(state))
    return BY_STATE.find(([beginning]) => state.startsWith(beginning))?.[1] ?? UNEXPECTED;
  if (/CERT|SSL|TLS/.test(state) || /SSL/.test(reasonOf(cause))) return TLS;
  const isSocket = typeof cause === "object" && cause !== null && "syscall" in cause;
  return isSocket || BROKEN.test(reasonOf(cause)) ? REACH : UNEXPECTED;
}

/** A name with several addresses fails with one error for each, and an empty text of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return textIn(cause, "message") ?? String(cause);
}

function withoutPassword(text: string, password: string): string {
  return password === "" ? text : text.replaceAll(password, "***");
}
