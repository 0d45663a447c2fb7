import { ReportError } from "./error.ts";
import { shortageOf } from "./shortage.ts";

/**
 * What kept a file of the installation itself from being read, in words: ReportError `local`, retryable, since an upgrade may be
 * putting it in place. What the machine has run out of stays as it is.
 */
export function notWhole(cause: unknown): unknown {
  if (cause instanceof ReportError || shortageOf(cause) !== null) return cause;
  const { code = "", path } = cause as NodeJS.ErrnoException;
  // Node lists after the first line who wanted the module.
  const [why = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
  const what = path === undefined ? why.replace(/\.$/, "") : `${path} cannot be read (${code})`;
  return new ReportError(`The installation is not whole: ${what}.`, {
    code: "local",
    advice:
      "Install it again: `npm ci && npm run build` in a checkout. A copy of one needs package.json, dist, fonts and node_modules.",
    retryable: true,
    cause,
  });
}
