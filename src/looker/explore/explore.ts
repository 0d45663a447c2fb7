import type { ReportError } from "../../core/error.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import type { Looker } from "../http/client.ts";
import { keptBriefly } from "../http/client.ts";
import { type JsonObject, objectIn, objectsIn, textIn } from "../http/loose-json.ts";
import { isNotVisible, NotVisible } from "./not-visible.ts";

/** A field of an explore, as people look for it. */
export interface ExploreField {
  /** `view.field`, case-sensitive. */
  readonly name: string;
  readonly label: string;
  readonly kind: "dimension" | "measure" | "filter" | "parameter";
  /** Looker's type: string, number, date_week, count, … */
  readonly type: string;
  readonly description: string | null;
  /** It is hidden from Looker's field picker; queries may name it all the same. */
  readonly isHidden: boolean;
  readonly isNumeric: boolean;
  /** Looker's value_format (Excel-like), or null. */
  readonly valueFormat: string | null;
}

export interface Model {
  readonly name: string;
  readonly explores: readonly string[];
}

/** An explore of a model, as people look for it. */
export interface FoundExplore {
  readonly model: string;
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  /** It is not in Looker's menu of explores. */
  readonly isHidden: boolean;
}

const KINDS = [
  ["dimensions", "dimension"],
  ["measures", "measure"],
  ["filters", "filter"],
  ["parameters", "parameter"],
] as const;

const FIELD_PROPERTIES = "name,label,label_short,type,description,hidden,is_numeric,value_format";
const WANTED = `fields(${KINDS.map(([group]) => `${group}(${FIELD_PROPERTIES})`).join(",")})`;
const KEPT_MS = 300_000;
const KEPT_MAX = 200;

const briefly = keptBriefly<readonly ExploreField[]>(KEPT_MS, KEPT_MAX);

/**
 * The explore's fields, asked for once in five minutes, for all who want them: the signal ends only the caller's own waiting.
 * Rejects with NotVisible that names what is near.
 */
export function exploreFields(
  looker: Looker,
  model: string,
  explore: string,
  signal: AbortSignal,
): Promise<readonly ExploreField[]> {
  const key = JSON.stringify([model, explore]);
  return briefly(looker, key, signal, () => askFields(looker, model, explore));
}

/** The models that the API user sees, with their explores. */
export async function models(looker: Looker, signal?: AbortSignal): Promise<readonly Model[]> {
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

/** The explores of a model, or of all that the API user sees. Rejects with NotVisible that names the nearest model. */
export async function exploresOf(
  looker: Looker,
  model: string | null,
  signal: AbortSignal,
): Promise<readonly FoundExplore[]> {
  const fields = "name,explores(name,label,description,hidden)";
  const answer = await looker.call((sdk, options) => sdk.all_lookml_models({ fields }, options), signal);
  const all = objectsIn(answer).map((one) => ({
    name: textIn(one.name) ?? "",
    explores: objectsIn(one.explores),
  }));
  if (model !== null && !all.some(({ name }) => name === model))
    throw unknownModel(
      model,
      all.map(({ name }) => name),
      null,
    );
  return all
    .filter(({ name }) => model === null || name === model)
    .flatMap(({ name: ofModel, explores }) =>
      explores.flatMap((explore) => {
        const name = textIn(explore.name);
        if (name === null) return [];
        const [label, description] = [textIn(explore.label) ?? name, textIn(explore.description)];
        return [{ model: ofModel, name, label, description, isHidden: explore.hidden === true }];
      }),
    );
}

/** Has no signal: others may wait for the answer too. The time limit of each request ends it. */
async function askFields(looker: Looker, model: string, explore: string): Promise<ExploreField[]> {
  try {
    const names = { lookml_model_name: model, explore_name: explore };
    const answer = await looker.call((sdk, options) =>
      sdk.lookml_model_explore({ ...names, fields: WANTED }, options),
    );
    const groups = objectIn(objectIn(answer).fields);
    return KINDS.flatMap(([group, kind]) =>
      objectsIn(groups[group]).flatMap((field) => fieldOf(field, kind)),
    );
  } catch (error) {
    if (!isNotVisible(error)) throw error;
    throw unknownExplore(model, explore, await models(looker), error);
  }
}

function fieldOf(field: JsonObject, kind: ExploreField["kind"]): ExploreField[] {
  const name = textIn(field.name);
  if (name === null) return [];
  const label = textIn(field.label) ?? textIn(field.label_short) ?? name;
  return [
    {
      name,
      label,
      kind,
      type: textIn(field.type) ?? "",
      description: textIn(field.description),
      isHidden: field.hidden === true,
      isNumeric: field.is_numeric === true,
      valueFormat: textIn(field.value_format),
    },
  ];
}

function unknownExplore(
  model: string,
  explore: string,
  known: readonly Model[],
  cause: ReportError,
): NotVisible {
  const found = known.find(({ name }) => name === model);
  if (found === undefined)
    return unknownModel(
      model,
      known.map(({ name }) => name),
      cause,
    );
  const hint = didYouMean(explore, found.explores);
  const words = { hint, advice: NAMES_ADVICE };
  return new NotVisible("explore", `The explore "${explore}" of model "${model}"`, words, cause);
}

function unknownModel(model: string, known: readonly string[], cause: ReportError | null): NotVisible {
  const words = { hint: didYouMean(model, known), advice: NAMES_ADVICE };
  return new NotVisible("model", `The model "${model}"`, words, cause);
}

const NAMES_ADVICE =
  "Names are case-sensitive. If the name is right, check the model set of the API user's role.";
