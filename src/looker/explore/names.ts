import { ReportError } from "../../core/error.ts";
import { type Problem, problemOf } from "../../core/model/problem.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import type { Looker } from "../http/client.ts";
import { objectsIn, textIn } from "../http/loose-json.ts";
import type { QueryBody } from "../query/content.ts";
import { isUnknownName } from "../query/verdict.ts";
import { type ExploreField, exploreFields } from "./explore.ts";
import { NotVisible } from "./not-visible.ts";

/** What the query calls by names that its explore does not know, with the nearest that it does. */
export async function unknownNames(
  looker: Looker,
  body: QueryBody,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const fields = await exploreFields(looker, body.model, body.view, signal).catch((error: unknown) => {
    if (error instanceof NotVisible) return error;
    throw error;
  });
  if (fields instanceof NotVisible) {
    return [problemOf(fields, [fields.sought])];
  }
  const own = dynamicNames(body.dynamic_fields);
  const known = new Set([...fields.map(({ name }) => name), ...own]);
  return namesIn(body)
    .filter(({ name }) => !known.has(name))
    .map((used) => unknownName(used, body, fields, own));
}

interface UsedName {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

function namesIn(body: QueryBody): UsedName[] {
  const listed = (["fields", "pivots", "sorts", "fill_fields", "subtotals"] as const).flatMap((property) =>
    (body[property] ?? []).map((text, index) => ({ name: bare(text), path: [property, index] })),
  );
  const filtered = Object.keys(body.filters ?? {}).map((name) => ({ name, path: ["filters", name] }));
  return [...listed, ...filtered];
}

/** "flights.count desc 0" -> "flights.count": a sort's direction and, for pivots, its column follow the name. */
function bare(text: string): string {
  return text.trim().split(/\s+/)[0] ?? text;
}

/** Custom fields and table calculations: names that only this query knows. */
function dynamicNames(dynamicFields: string | null | undefined): string[] {
  if (!dynamicFields) return [];
  try {
    return objectsIn(JSON.parse(dynamicFields)).flatMap(
      (field) => textIn(field.table_calculation) ?? textIn(field.measure) ?? textIn(field.dimension) ?? [],
    );
  } catch {
    return [];
  }
}

function unknownName(
  { name, path }: UsedName,
  body: QueryBody,
  fields: readonly ExploreField[],
  own: readonly string[],
): Problem {
  const isFilter = path[0] === "filters";
  const usable = fields
    .filter(({ kind }) => isFilter || kind === "dimension" || kind === "measure")
    .map((field) => field.name);
  const what = isFilter ? "The filter" : "The field";
  return {
    message: `${what} "${name}" is not known to the explore "${body.view}" of model "${body.model}".${didYouMean(name, [...usable, ...own])}`,
    advice: `Names are case-sensitive, view.field. See all of them: lookpost fields ${body.model} ${body.view}`,
    path,
  };
}

const LOOKUP_TIMEOUT_MS = 15_000;
const PROBLEMS_MAX = 3;

/**
 * The error a query ended with, and where it may be about a name: which name, and what is near it. Costs a call or two of
 * the API, only after a failure. Returns what to throw.
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
  const problems = await unknownNames(looker, body, limited).catch(() => []);
  const [first] = problems;
  if (first === undefined) return error;
  // A name may be unknown in several places.
  const named = [...new Set(problems.map(({ message }) => message))].slice(0, PROBLEMS_MAX);
  const status = error.status === null ? {} : { status: error.status };
  // Looker's own sentence on a name says less than the problems do; on anything else it comes first.
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
