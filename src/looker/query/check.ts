import { ReportError } from "../../core/error.ts";
import { type Path, type Problem, problemOf } from "../../core/model/problem.ts";
import { whatThereIs } from "../../core/model/table.ts";
import type { SourceRequest } from "../../core/ports/adapter.ts";
import { unknownNames } from "../explore/names.ts";
import type { Looker } from "../http/client.ts";
import { ownFields } from "../result/column-facts.ts";
import { hiddenFields } from "../result/presentation.ts";
import { fieldOrder, overridden } from "./body.ts";
import type { QueryBody } from "./content.ts";

/** A query as the YAML has it. */
export interface CheckedQuery {
  /** Brings its body, without the request's filters and limit. */
  readonly read: () => Promise<QueryBody>;
  /** Where the section has the body; null: Looker has it. */
  readonly place: Path | null;
  /** How its page shows it, where that is not in the body. */
  readonly visConfig?: unknown;
}

/** What is known of a query without running it: the names that its explore does not know, or why they are not known. */
export async function checkQuery(
  looker: Looker,
  { read, place, visConfig }: CheckedQuery,
  request: SourceRequest,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  try {
    const body = overridden(await read(), request.filters, request.limit);
    const unknown = await unknownNames(looker, body, signal);
    const placed = unknown.map((problem) => ({
      ...problem,
      path: written(problem.path ?? [], place, request),
    }));
    return [...placed, ...strayFields(body, request), ...hiddenFieldsNamed(body, request, visConfig)];
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    return [problemOf(error)];
  }
}

/** Filters may be the section's own; what else a query of Looker's names is written nowhere here. */
function written(path: Path, place: Path | null, { filters }: SourceRequest): Path {
  const [property, name] = path;
  if (property === "filters" && typeof name === "string" && Object.hasOwn(filters, name)) return path;
  return place === null ? [] : [...place, ...path];
}

/** Fields that the section shows and the query does not bring: the whole run would fail for them. */
function strayFields(body: QueryBody, { named = [] }: SourceRequest): Problem[] {
  const brought = [...fieldOrder(body), ...ownFields(body.dynamic_fields).map(({ name }) => name)];
  // A query without fields of its own is one that cannot be looked into.
  if (brought.length === 0) return [];
  return named
    .filter(({ field }) => !brought.includes(field))
    .map(({ field, path }) => ({
      message: `the result has no field "${field}", which ${path[0]} names`,
      advice: whatThereIs(field, brought),
      path,
    }));
}

/** Such a field serves as it is asked to, and its column is not shown: its author may have meant otherwise. */
export function hiddenFieldsNamed(
  body: QueryBody,
  { named = [], asInLooker }: SourceRequest,
  visConfig: unknown,
): Problem[] {
  if (asInLooker !== true) return [];
  const hidden = new Set(hiddenFields(visConfig ?? body.vis_config));
  return named
    .filter(({ field }) => hidden.has(field))
    .map(({ field, path }) => ({
      message: `Looker hides "${field}", which ${path[0]} names: it counts there, and its column is not shown`,
      advice: "To show all columns, write as_in_looker: false.",
      path,
      isNote: true,
    }));
}
