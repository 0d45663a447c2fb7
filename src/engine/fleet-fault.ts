import { type ErrorCode, ReportError } from "../core/error.ts";

interface Fault {
  readonly code: ErrorCode;
  readonly advice: string;
}

const REACH: Fault = {
  code: "unavailable",
  advice: "See that Postgres runs and can be reached from here; lookpost goes on by itself when it does.",
};
const LOGIN: Fault = {
  code: "auth",
  advice: "Correct user and password in the store's URL (`store:` or DATABASE_URL).",
};
const RIGHTS: Fault = { code: "auth", advice: "Grant the store's user CREATE on the database." };
const DATABASE: Fault = {
  code: "config",
  advice: "Create the database, or name another in the store's URL (`store:` or DATABASE_URL).",
};
const UNEXPECTED: Fault = {
  code: "local",
  advice: "This is unexpected: please report it, with the command and the log around it.",
};

/** What an SQLSTATE means here, by its beginning (PostgreSQL, appendix A). */
const BY_STATE: readonly (readonly [string, Fault])[] = [
  ["08", REACH], // connection exception
  ["25006", REACH], // read-only: a standby that is not promoted yet
  ["28", LOGIN],
  ["3D000", DATABASE],
  ["40", REACH], // serialization, deadlock
  ["42501", RIGHTS],
  ["53", REACH], // out of connections, memory, disk
  ["55P03", REACH], // lock not available
  ["57", REACH], // shutdown, start-up, cancelled by a timeout
];

/** What pg throws without a code when a connection breaks or takes too long. */
const BROKEN = /connection terminated|timeout|connection error|not queryable|closed the connection/i;

/** What went wrong with Postgres, as ReportError. `what` says what could not be done; the password is in no text. */
export function fleetFault(what: string, cause: unknown, password: string): ReportError {
  const { code, advice } = faultOf(cause);
  const reason = password === "" ? reasonOf(cause) : reasonOf(cause).replaceAll(password, "***");
  return new ReportError(`${what}: ${reason}`, { code, advice, cause });
}

function faultOf(cause: unknown): Fault {
  if (cause instanceof AggregateError && cause.errors.length > 0) return faultOf(cause.errors[0]);
  const state = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const known = /^[0-9A-Z]{5}$/.test(state) && BY_STATE.find(([beginning]) => state.startsWith(beginning));
  if (known) return known[1];
  const isSocket = cause instanceof Error && "syscall" in cause;
  return isSocket || BROKEN.test(reasonOf(cause)) ? REACH : UNEXPECTED;
}

/** A name with several addresses fails with one error for each, and an empty text of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}

/** Where the queue is, in words without the password. Throws ReportError `config` where the URL is not one. */
export function readStore(url: string): { readonly place: string; readonly password: string } {
  if (!URL.canParse(url))
    throw new ReportError("The store's URL is not one.", {
      code: "config",
      advice:
        "Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.",
    });
  const { host, pathname, password } = new URL(url);
  return { place: `${host}${pathname}`, password: decodeURIComponent(password) };
}
