import { ReportError } from "../core/error.ts";
import { didYouMean } from "../core/nearest.ts";
import type { Looker } from "./client.ts";
import { type JsonObject, objectIn, objectsIn, textIn } from "./loose-json.ts";

/** A field of an explore, as people look for it. */
export interface ExploreField {
  /** `view.field`, case-sensitive. */
  readonly name: string;
  readonly label: string;
  readonly kind: "dimension" | "measure" | "filter" | "parameter";
  /** Looker's type: string, number, date_week, count, … */
  readonly type: string;
  readonly description: string | null;
}

export interface Model {
  readonly name: string;
  readonly explores: readonly string[];
}

const KINDS = [
  ["dimensions", "dimension"],
  ["measures", "measure"],
  ["filters", "filter"],
  ["parameters", "parameter"],
] as const;

const FIELD_PROPERTIES = "name,label,label_short,type,description,hidden";
const WANTED = `fields(${KINDS.map(([group]) => `${group}(${FIELD_PROPERTIES})`).join(",")})`;
const KEPT_MS = 300_000;
const KEPT_MAX = 200;

type Kept = Map<string, { at: number; fields: Promise<readonly ExploreField[]> }>;
const keptFields = new WeakMap<Looker, Kept>();

/** The explore's fields, asked for once in five minutes. Rejects with ReportError `not_found` that names what is near. */
export function exploreFields(
  looker: Looker,
  model: string,
  explore: string,
  signal: AbortSignal,
): Promise<readonly ExploreField[]> {
  const kept = keptFields.get(looker) ?? new Map();
  keptFields.set(looker, kept);
  const key = JSON.stringify([model, explore]);
  const now = looker.clock.now().getTime();
  const known = kept.get(key);
  if (known !== undefined && now - known.at < KEPT_MS) return known.fields;
  const fields = askFields(looker, model, explore, signal);
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(key, { at: now, fields });
  fields.catch(() => kept.delete(key));
  return fields;
}

/** The models that the API user sees, with their explores. */
export async function models(looker: Looker, signal: AbortSignal): Promise<readonly Model[]> {
  const answer = await looker.call(
    (sdk, options) => sdk.all_lookml_models({ fields: "name,explores(name)" }, options),
    signal,
  );
  return objectsIn(answer).flatMap((model) => {
    const name = textIn(model.name);
    return name === null
      ? []
      : [{ name, explores: objectsIn(model.explores).flatMap(({ name }) => textIn(name) ?? []) }];
  });
}

async function askFields(
  looker: Looker,
  model: string,
  explore: string,
  signal: AbortSignal,
): Promise<ExploreField[]> {
  try {
    const answer = await looker.call(
      (sdk, options) =>
        sdk.lookml_model_explore(
          { lookml_model_name: model, explore_name: explore, fields: WANTED },
          options,
        ),
      signal,
    );
    const groups = objectIn(objectIn(answer).fields);
    return KINDS.flatMap(([group, kind]) =>
      objectsIn(groups[group]).flatMap((field) => fieldOf(field, kind)),
    );
  } catch (error) {
    if (!(error instanceof ReportError) || (error.status !== 404 && error.status !== 403)) throw error;
    throw unknownExplore(model, explore, await models(looker, signal), error);
  }
}

function fieldOf(field: JsonObject, kind: ExploreField["kind"]): ExploreField[] {
  const name = textIn(field.name);
  if (name === null) return [];
  const label = textIn(field.label) ?? textIn(field.label_short) ?? name;
  return [{ name, label, kind, type: textIn(field.type) ?? "", description: textIn(field.description) }];
}

function unknownExplore(
  model: string,
  explore: string,
  known: readonly Model[],
  cause: ReportError,
): ReportError {
  const found = known.find(({ name }) => name === model);
  const names = found?.explores ?? known.map(({ name }) => name);
  const what = found === undefined ? `The model "${model}"` : `The explore "${explore}" of model "${model}"`;
  const hint = didYouMean(found === undefined ? model : explore, names);
  const status = cause.status === null ? {} : { status: cause.status };
  return new ReportError(`${what} does not exist, or the API user may not see it.${hint}`, {
    code: "not_found",
    advice: "Names are case-sensitive. If the name is right, check the model set of the API user's role.",
    ...status,
    cause,
  });
}
