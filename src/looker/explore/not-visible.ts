import { ReportError } from "../../core/error.ts";

/** What was looked for and not found, by the word that the YAML has for it. */
export type Sought = "look" | "dashboard" | "query" | "model" | "explore";

/** Looker answers the same for what does not exist and for what the API user may not see: so does its reader. */
export class NotVisible extends ReportError {
  readonly sought: Sought;

  /** `named`: "Look 42". `hint`: what may have been meant, with a space before it, or "". `cause`: Looker's answer, or null. */
  constructor(
    sought: Sought,
    named: string,
    words: { hint?: string; advice: string },
    cause: ReportError | null,
  ) {
    super(`${named} does not exist, or the API user may not see it.${words.hint ?? ""}`, {
      code: "not_found",
      advice: words.advice,
      ...(cause?.status != null && { status: cause.status }),
      ...(cause !== null && { cause }),
    });
    this.sought = sought;
  }
}

/** Whether Looker, not a web server before it with a page of its own, answered so when it was asked for one thing. */
export function isNotVisible(error: unknown): error is ReportError {
  if (!(error instanceof ReportError) || error.code === "config") return false;
  return error.status === 404 || error.status === 403;
}
