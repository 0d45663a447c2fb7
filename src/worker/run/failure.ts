import { ReportError, toReportError } from "../../core/error.ts";

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

/**
 * What kept the files of a run from being made. Wherever the system's own error comes from, a full disk is a thing that passes:
 * the work is tried again.
 */
export function makingFailure(thrown: unknown): ReportError {
  const error = toReportError(thrown);
  // What passes has its words already.
  const cause = error.code === "local" && !error.retryable ? systemError(error) : null;
  if (cause === null) return error;
  const isFull = cause.code === "ENOSPC" || cause.code === "EDQUOT";
  return new ReportError(isFull ? `The disk is full: ${error.message}` : error.message, {
    code: "local",
    advice: isFull
      ? "Free some space on the disk of the data folder: what is due is tried again by itself."
      : "Check that the worker may read and write its data folder.",
    retryable: isFull,
    cause: error,
  });
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
