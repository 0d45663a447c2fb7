import { whatThereIs } from "../core/model/table.ts";
import { didYouMean } from "../core/rules/nearest.ts";

type Spec = Readonly<Record<string, unknown>>;

/** A longer spec contains data that belongs in the query. */
const SPEC_CHARS_MAX = 500_000;
const DEPTH_MAX = 60;
/** In CSS pixels, of the whole and of each view. */
const SIDE_MAX = 2_000;
const SEQUENCE_MAX = 10_000;

/** https://vega.github.io/vega-lite/docs/mark.html */
const MARKS = new Set(
  "arc area bar boxplot circle errorband errorbar geoshape image line point rect rule square text tick trail".split(
    " ",
  ),
);

/**
 * Why a spec is refused before it is compiled, in a sentence that names the place; null if it is not. Nothing is ever loaded, so
 * anything that names a URL is a mistake.
 */
export function specRefusal(spec: Spec): string | null {
  const top = spec.data;
  if (isObject(top) && Object.keys(top).some((key) => key !== "name" && key !== "format" && key !== "url")) {
    return "vega_lite.data: the result's rows are its data. Leave it out, or give it a name only.";
  }
  if (JSON.stringify(spec).length > SPEC_CHARS_MAX) return "vega_lite is larger than 500 kB.";
  return refusalIn(spec, ["vega_lite"]);
}

function refusalIn(value: unknown, path: readonly string[]): string | null {
  if (path.length > DEPTH_MAX) return `vega_lite is nested more than ${DEPTH_MAX} deep.`;
  if (Array.isArray(value)) {
    return first(
      value.map((item, index) => [String(index), item]),
      path,
    );
  }
  if (!isObject(value)) return null;
  return first(Object.entries(value), path);
}

function first(entries: readonly (readonly [string, unknown])[], path: readonly string[]): string | null {
  for (const [key, value] of entries) {
    const here = [...path, key];
    const refusal = refusalOf(key, value, here.join("."));
    if (refusal !== null) return refusal;
    // These contain data, which is not part of the chart.
    if (key === "values" || key === "datasets" || key === "usermeta") continue;
    const below = refusalIn(value, here);
    if (below !== null) return below;
  }
  return null;
}

function refusalOf(key: string, value: unknown, place: string): string | null {
  if (key === "url") return `${place}: a chart fetches nothing. The result's rows are its data.`;
  if (key === "href") return `${place}: a picture has no links.`;
  if (key === "usermeta" && isObject(value) && "embedOptions" in value)
    return `${place}: nothing is embedded.`;
  const isImage = value === "image" || (isObject(value) && value.type === "image");
  const mark = key === "mark" ? (isObject(value) ? value.type : value) : undefined;
  if (typeof mark === "string" && !MARKS.has(mark))
    return `${place}: there is no mark "${mark}".${didYouMean(mark, [...MARKS])}`;
  if (key === "mark" && isImage) return `${place}: a chart fetches nothing, so there are no image marks.`;
  if ((key === "width" || key === "height") && typeof value === "number" && !(value <= SIDE_MAX)) {
    return `${place}: ${value} is more than ${SIDE_MAX} pixels.`;
  }
  if ((key === "sequence" || key === "keyvals") && isObject(value)) return tooLong(value, place);
  return null;
}

function tooLong({ start = 0, stop, step = 1 }: Spec, place: string): string | null {
  const length = (Number(stop) - Number(start)) / Number(step);
  return length <= SEQUENCE_MAX ? null : `${place}: it has more than ${SEQUENCE_MAX} numbers.`;
}

/** A field that a spec names and nothing has, in a sentence, with suggestions; null if there is none. */
export function unknownField(
  spec: Spec,
  fields: readonly string[],
): { message: string; advice: string } | null {
  const known = new Set(fields);
  const made = madeIn(spec);
  // A pivot makes fields named after values, and a lookup brings its own.
  if (made === null) return null;
  const isKnown = (name: string) => known.has(name) || made.has(name) || parents(fields).has(name);
  const found = namesIn(spec, ["vega_lite"]).find(({ name }) => !isKnown(name));
  if (found === undefined) return null;
  return {
    message: `The chart's spec names a field "${found.name}" (${found.place}) that the result does not have.`,
    advice: whatThereIs(found.name, fields),
  };
}

/** "flights" of "flights.count", which an expression may name as well. */
function parents(fields: readonly string[]): Set<string> {
  return new Set(
    fields.flatMap((field) => (field.includes(".") ? [field.slice(0, field.indexOf("."))] : [])),
  );
}

interface Named {
  readonly name: string;
  readonly place: string;
}

const FIELD_KEYS = new Set([
  "field",
  "groupby",
  "fold",
  "flatten",
  "impute",
  "density",
  "quantile",
  "regression",
  "loess",
]);
const EXPRESSION_KEYS = new Set(["calculate", "filter", "expr", "test", "labelExpr"]);

/** Every place where a field is named, and every `datum["name"]` of an expression. */
function namesIn(value: unknown, path: readonly string[]): Named[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => namesIn(item, [...path, String(index)]));
  if (!isObject(value)) return [];
  // Views with their own data name its fields.
  if (path.length > 1 && isObject(value.data) && !("name" in value.data)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === "values" || key === "datasets" || key === "usermeta" || key === "config") return [];
    const here = [...path, key];
    const own = FIELD_KEYS.has(key) ? [item].flat().filter((word) => typeof word === "string") : [];
    const place = here.join(".");
    if (EXPRESSION_KEYS.has(key) && typeof item === "string")
      return bracketed(item).map((name) => ({ name, place }));
    return [...own.map((name) => ({ name: plainName(name), place })), ...namesIn(item, here)];
  });
}

/** "flights\\.count" and "[flights.count]" are Vega-Lite's ways to write a name with a dot. */
function plainName(name: string): string {
  return name
    .replaceAll("\\", "")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/^["'](.*)["']$/, "$1");
}

function bracketed(expression: string): string[] {
  return [...expression.matchAll(/datum\[(["'])(.{1,200}?)\1\]/g)].map(([, , name = ""]) => plainName(name));
}

/** Names that the spec makes itself (`as`, and the defaults of transforms); null if they cannot be known. */
function madeIn(spec: Spec): Set<string> | null {
  const made = new Set(["key", "value", "density", "prob", "count", "*"]);
  const parts = objectsIn(spec);
  if (parts.some((part) => "pivot" in part || "lookup" in part || "flatten" in part)) return null;
  for (const part of parts) {
    for (const name of [part.as].flat()) if (typeof name === "string") made.add(name);
  }
  return made;
}

function objectsIn(value: unknown): Spec[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (!isObject(value)) return [];
  const below = Object.entries(value).filter(([key]) => key !== "values" && key !== "datasets");
  return [value, ...below.flatMap(([, item]) => objectsIn(item))];
}

export function isObject(value: unknown): value is Spec {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
