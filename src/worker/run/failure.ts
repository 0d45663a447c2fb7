import { asBeginning, type DiskRefusal, diskRefusalOf } from "../../core/disk.ts";
import { ReportError, toReportError } from "../../core/error.ts";
import { shortageOf } from "../../core/shortage.ts";

/** This worker stops; what it has in hand goes on elsewhere, or at its next start. */
export function stopping(): ReportError {
  return new ReportError("The worker was stopped.", { code: "cancelled", retryable: true });
}

/** A person does not want it any more. */
export function cancelledByPerson(): ReportError {
  return new ReportError("It was cancelled.", {
    code: "cancelled",
    advice: "Leave it, or `lookpost retry` it.",
    retryable: false,
  });
}

/** Whether the work goes on elsewhere: the opposite of an end. */
export function isHandBack(error: ReportError): boolean {
  return error.code === "cancelled" && error.retryable;
}

/** What the operating system says of a folder that a person has to mend. */
const FORBIDDEN = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "ELOOP"]);

/**
 * What kept work from being done before anything could arrive. What the machine has run out of passes, wherever it was met; so may what
 * was not foreseen: it is tried again, since trying is safe and an end is not. A room's own word that it is final is believed.
 */
export function makingFailure(thrown: unknown): ReportError {
  const error = toReportError(thrown);
  if (error.retryable || error.code === "cancelled") return error;
  const cause = error.code === "local" ? systemError(error) : null;
  const shortage = shortageOf(error);
  if (shortage !== null && cause !== null) {
    const { what, advice } = shortage;
    return again(error, { message: `${what}: ${error.message}`, advice });
  }
  const refusal = diskRefusalOf(error, "the data folder");
  if (refusal !== null && cause !== null) return refused(error, refusal);
  if (cause === null) return error === thrown ? error : again(error, error);
  const advice = "Check that the worker may read and write its data folder.";
  if (FORBIDDEN.has(cause.code))
    return new ReportError(error.message, { code: "local", advice, cause: error });
  return again(error, { message: error.message, advice });
}

/** What a person has to mend first. Said once, however often the error is passed on. */
function refused(error: ReportError, { code, what, advice }: DiskRefusal): ReportError {
  if (error.message.includes(`(${code})`))
    return new ReportError(error.message, { code: "local", advice: error.advice ?? advice, cause: error });
  const message = `${asBeginning(what)} (${code}): ${error.message}`;
  return new ReportError(message, { code: "local", advice, cause: error });
}

function again(
  cause: ReportError,
  { message, advice }: Pick<ReportError, "message" | "advice">,
): ReportError {
  return new ReportError(message, { code: "local", advice, retryable: true, cause });
}

/** A failed call of the operating system, among what caused the error. */
function systemError(error: unknown): { readonly code: string } | null {
  if (!(error instanceof Error)) return null;
  if ("syscall" in error && "code" in error && typeof error.code === "string") return { code: error.code };
  return systemError(error.cause);
}

/** A server's own words often lack their full stop. */
export function asSentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}
