import { ReportError, toReportError } from "../../core/error.ts";

/**
 * What kept the files of a run from being made. Whatever room of the house the system's own error comes from, a disk without
 * room is a thing that passes: the work is tried again.
 */
export function spoolFault(thrown: unknown): ReportError {
  const error = toReportError(thrown);
  const fault = error.code === "local" ? systemError(error) : null;
  if (fault === null) return error;
  const isFull = fault.code === "ENOSPC" || fault.code === "EDQUOT";
  return new ReportError(isFull ? `The disk is full: ${error.message}` : error.message, {
    code: "local",
    advice: isFull
      ? "Make room on the disk of the data folder: what is due is tried again by itself."
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
