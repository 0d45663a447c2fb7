import { ReportError } from "../../core/error.ts";

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
