import type { Finding } from "../../core/ports/adapter.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import type { Looker } from "../http/client.ts";
import { objectsIn, textIn } from "../http/loose-json.ts";
import type { QueryBody } from "../query/body.ts";
import { type ExploreField, exploreFields } from "./explore.ts";
import { OutOfSight } from "./not-visible.ts";

/** What the query calls by names that its explore does not know, with the nearest that it does. */
export async function unknownNames(
  looker: Looker,
  body: QueryBody,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const fields = await exploreFields(looker, body.model, body.view, signal).catch((error: unknown) => {
    if (error instanceof OutOfSight) return error;
    throw error;
  });
  if (fields instanceof OutOfSight) {
    return [{ message: fields.message, advice: fields.advice ?? "", path: [fields.sought] }];
  }
  const own = dynamicNames(body.dynamic_fields);
  const known = new Set([...fields.map(({ name }) => name), ...own]);
  return namesIn(body)
    .filter(({ name }) => !known.has(name))
    .map((used) => finding(used, body, fields, own));
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
  const seen = new Set<string>();
  return [...listed, ...filtered].filter(({ name }) => !seen.has(name) && seen.add(name));
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

function finding(
  { name, path }: UsedName,
  body: QueryBody,
  fields: readonly ExploreField[],
  own: readonly string[],
): Finding {
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
