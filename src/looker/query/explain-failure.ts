import { ReportError } from "../../core/error.ts";
import { unknownNames } from "../explore/names.ts";
import type { Looker } from "../http/client.ts";
import type { QueryBody } from "./body.ts";
import { isUnknownName } from "./verdict.ts";

const LOOKUP_TIMEOUT_MS = 15_000;
const FINDINGS_MAX = 3;

/**
 * The error a query ended with, and where it may be about a name: which name, and what is near it. Costs a call or two of
 * the API, only upon failure. Returns what to throw.
 */
export async function explained(
  looker: Looker,
  body: QueryBody,
  error: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted || !(error instanceof ReportError) || !mayBeName(error)) return error;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LOOKUP_TIMEOUT_MS)]);
  // The lookup is a courtesy: what it fails with is not what the query failed with.
  const findings = await unknownNames(looker, body, limited).catch(() => []);
  const [first] = findings;
  if (first === undefined) return error;
  const named = findings.slice(0, FINDINGS_MAX).map(({ message }) => message);
  const status = error.status === null ? {} : { status: error.status };
  // Looker's own sentence on a name says less than the findings do; on anything else it comes first.
  const message = isUnknownName(error.message) ? named.join(" ") : [ended(error.message), ...named].join(" ");
  return new ReportError(message, {
    code: "invalid_query",
    advice: first.advice,
    ...status,
    cause: error,
  });
}

function mayBeName({ code, message, status }: ReportError): boolean {
  if (code === "invalid_query") return true;
  if (code === "not_found") return status === 404;
  return code === "database" && /\b(field|dimension|measure|explore|model|view|filter)s?\b/i.test(message);
}

function ended(sentence: string): string {
  return /[.!?)…]$/.test(sentence) ? sentence : `${sentence}.`;
}
