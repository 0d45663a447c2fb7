import type { Finding, SourceRequest } from "../core/adapter.ts";
import { ReportError } from "../core/error.ts";
import type { Looker } from "./client.ts";
import { unknownNames } from "./names.ts";
import { overridden, type QueryBody } from "./query-body.ts";

/**
 * What is known of a query without running it: the names that its explore does not know, or why that cannot be told. `read` brings its body, without the request's filters and limit.
 */
export async function checkQuery(
  looker: Looker,
  read: () => Promise<QueryBody>,
  request: SourceRequest,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    const body = overridden(await read(), request.filters, request.limit);
    return await unknownNames(looker, body, signal);
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    return [findingOf(error)];
  }
}

export function findingOf({ message, advice }: ReportError): Finding {
  return { message, advice: advice ?? "", path: [] };
}
