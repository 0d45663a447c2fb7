import type { Finding, SourceRequest } from "../core/adapter.ts";
import { ReportError } from "../core/error.ts";
import type { Looker } from "./client.ts";
import { unknownNames } from "./names.ts";
import { overridden, type QueryBody } from "./query-body.ts";
import { contradictoryForm } from "./result-form.ts";

/**
 * What is known of a query without running it: that its files want it both ways, the names that its explore does not know, or
 * why that cannot be told. `read` brings its body, without the request's filters and limit.
 */
export async function checkQuery(
  looker: Looker,
  read: () => Promise<QueryBody>,
  request: SourceRequest,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    const body = overridden(await read(), request.filters, request.limit);
    const contradiction = contradictoryForm(body, request);
    const names = await unknownNames(looker, body, signal);
    return contradiction === null ? names : [findingOf(contradiction), ...names];
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    return [findingOf(error)];
  }
}

function findingOf({ message, advice }: ReportError): Finding {
  return { message, advice: advice ?? "", path: [] };
}
