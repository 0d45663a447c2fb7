import { ReportError } from "../../core/error.ts";
import type { Column } from "../../core/model/table.ts";
import { exploreFields } from "../explore/explore.ts";
import type { Looker } from "../http/client.ts";
import { type JsonObject, objectsIn, textIn } from "../http/loose-json.ts";
import { fieldOrder } from "../query/body.ts";
import type { QueryBody } from "../query/content.ts";

/** What Looker's metadata says of a column of a CSV, which itself has only a label. */
export type KnownColumn = Pick<Column, "name" | "kind" | "isNumeric" | "valueFormat" | "type">;

type LabelledColumn = KnownColumn & { readonly label: string };

const KIND_ORDER: readonly Column["kind"][] = ["dimension", "measure", "calculation"];

/**
 * The columns under these labels, from left to right; null for one that is not known. Empty where Looker does not describe the
 * explore at all. `isNeeded`: without them a hidden column would be shown, so that a failure that passes is thrown. Costs one call of the
 * API in five minutes for each explore.
 */
export async function knownColumns(
  looker: Looker,
  body: QueryBody,
  { labels, isNeeded }: { readonly labels: readonly string[]; readonly isNeeded: boolean },
  signal: AbortSignal,
): Promise<readonly (KnownColumn | null)[]> {
  const columns = await columnsOfQuery(looker, body, isNeeded, signal);
  if (columns === null) return [];
  const isPivoted = (body.pivots?.length ?? 0) > 0;
  // The file has dimensions first, then measures, then calculations, each in the query's order.
  const inFile = KIND_ORDER.flatMap((kind) => columns.filter((column) => column.kind === kind));
  const isInOrder =
    inFile.length === labels.length && inFile.every(({ label }, index) => label === labels[index]);
  if (!isPivoted && isInOrder) return inFile;
  return labels.map((label) => {
    const bearing = columns.filter((column) => column.label === label);
    return bearing.length === 1 ? (bearing[0] ?? null) : null;
  });
}

/** Those that make columns of the file: pivoted dimensions are above them. */
async function columnsOfQuery(
  looker: Looker,
  body: QueryBody,
  isNeeded: boolean,
  signal: AbortSignal,
): Promise<readonly LabelledColumn[] | null> {
  const known = await exploreFields(looker, body.model, body.view, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    if (isNeeded && error instanceof ReportError && error.retryable) throw error;
    return null;
  });
  if (known === null) return null;
  const own = ownFields(body.dynamic_fields);
  const all = [
    ...known.map(({ kind, ...field }) => ({
      ...field,
      kind: kind === "measure" ? kind : ("dimension" as const),
    })),
    ...own,
  ];
  const calculations = own.filter(({ kind }) => kind === "calculation").map(({ name }) => name);
  const names = new Set([...fieldOrder(body), ...calculations]);
  for (const pivot of body.pivots ?? []) names.delete(pivot);
  return [...names].flatMap((name) => all.find((field) => field.name === name) ?? []);
}

/** Custom fields and table calculations, as Looker's pages write them into a query. */
export function ownFields(dynamicFields: string | null | undefined): LabelledColumn[] {
  if (!dynamicFields) return [];
  try {
    return objectsIn(JSON.parse(dynamicFields)).flatMap(ownField);
  } catch {
    return [];
  }
}

function ownField(field: JsonObject): LabelledColumn[] {
  const [calculation, measure] = [textIn(field.table_calculation), textIn(field.measure)];
  const name = calculation ?? measure ?? textIn(field.dimension);
  if (name === null) return [];
  const type = textIn(field._type_hint) ?? (measure === null ? null : "number");
  return [
    {
      name,
      label: textIn(field.label) ?? name,
      kind: calculation !== null ? "calculation" : measure !== null ? "measure" : "dimension",
      isNumeric: type === "number",
      valueFormat: textIn(field.value_format),
      type,
    },
  ];
}

/**
 * Field names for the columns of a CSV, which has only labels; empty where they are not known. A label that is simply the
 * name in words ("Flights Count" for flights.count) tells. Only where labels repeat, so that names must tell them apart, is
 * Looker asked: the file has dimensions first, then measures, each in the query's order.
 */
export async function columnNames(
  looker: Looker,
  body: QueryBody,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = fieldOrder(body);
  if ((body.pivots?.length ?? 0) > 0 || names.length !== labels.length) return [];
  if (new Set(labels).size === labels.length) {
    const named = new Map(names.map((name) => [name.replace(/[._]+/g, " ").toLowerCase(), name]));
    const told = labels.map((label) => named.get(label.toLowerCase()));
    return told.every((name) => name !== undefined) ? told : [];
  }
  const known = await exploreFields(looker, body.model, body.view, signal).catch(() => null);
  if (known === null) return [];
  const measures = new Set(known.filter(({ kind }) => kind === "measure").map(({ name }) => name));
  return [...names.filter((name) => !measures.has(name)), ...names.filter((name) => measures.has(name))];
}
