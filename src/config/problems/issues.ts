import type { z } from "zod";
import { type Path, type Problem, problemAt } from "../../core/model/problem.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import { count } from "../../core/rules/quantity.ts";
import { keysOf, type Meta, metaOf, schemasAt } from "../schema/schema.ts";
import { type FlatIssue, UNSAID } from "./flat-issues.ts";
import { suggestion } from "./meant.ts";
import { NO_BREAK_SPACE, noBreakSpace } from "./no-break-space.ts";
import { isKeyNotYetBuilt, isValueNotYetBuilt, notYet } from "./not-yet.ts";
import { ourWord } from "./other-words.ts";
import { isMapping, oneOf, typeName, valueAt } from "./value.ts";

/** What an issue is about. */
interface Context {
  readonly schema: z.core.$ZodType;
  /** What the schema has read, and where that is in the file. */
  readonly value: unknown;
  readonly base: Path;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

/** zod's issues in the words of the file's author. Words that a schema brings along are left as they are. */
export function problemsOf(issues: readonly FlatIssue[], context: Context): Problem[] {
  return issues.flatMap((flat) => inWords(flat, context));
}

function inWords(flat: FlatIssue, context: Context): Problem[] {
  const { issue } = flat;
  const path = [...context.base, ...flat.path];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, flat, context));
  if (issue.code === "invalid_key")
    return [problemAt(path, `the key "${flat.path.at(-1)}" is not valid`, null, "key")];
  const about: About = {
    path,
    name: nameOf(path),
    input: valueAt(context.value, flat.path),
    meta: metaOf(schemasAt(context.schema, flat.path)),
    flat,
  };
  if (isValueNotYetBuilt(path, about.input))
    return [problemAt(path, notYet(String(about.input)), "Leave it out; it is planned.")];
  return [problemIn(about)];
}

interface About {
  readonly path: Path;
  readonly name: string;
  readonly input: unknown;
  readonly meta: Meta;
  readonly flat: FlatIssue;
}

function problemIn(about: About): Problem {
  const { issue } = about.flat;
  const { path, name, input } = about;
  if (input === undefined) return missing(about);
  if (input === null) return empty(about);
  if (issue.message !== UNSAID) return problemAt(path, ownWords(about), adviceOf(issue));
  switch (issue.code) {
    case "invalid_type":
    case "invalid_union":
      return wrongType(about);
    case "invalid_value":
      return problemAt(
        path,
        `${name} has to be ${oneOf(issue.values.map(String))}; it is ${shown(about)}`,
        suggestion(input, issue.values),
      );
    case "too_small":
      return outside(about, issue.origin, `at least ${count(Number(issue.minimum))}`);
    case "too_big":
      return outside(about, issue.origin, `at most ${count(Number(issue.maximum))}`);
    default:
      return problemAt(path, `${name} is not ${about.meta.wants ?? "valid"}`, about.meta.description ?? null);
  }
}

function unknownKey(key: string, flat: FlatIssue, { schema, base }: Context): Problem {
  const path = [...base, ...flat.path];
  if (isKeyNotYetBuilt(path, key))
    return problemAt([...path, key], notYet(key), "Leave it out; it is planned.", "key");
  const known = keysOf(schemasAt(schema, flat.path));
  if (key.includes(NO_BREAK_SPACE)) return noBreakSpace([...path, key]);
  const near =
    adviceOnPlace(path, key, schema) ?? adviceOnWord(path, key, known) ?? didYouMean(key, known).trim();
  return problemAt(
    [...path, key],
    `unknown key "${key}"`,
    near || (known.length > 0 ? `Known here: ${known.join(", ")}.` : null),
    "key",
  );
}

function adviceOnWord(path: Path, key: string, known: readonly string[]): string | null {
  const word = ourWord(key);
  if (word === null) return null;
  if (known.includes(word)) return `Did you mean "${word}"?`;
  return isKeyNotYetBuilt(path, word)
    ? `It is called "${word}", which this version does not support yet.`
    : null;
}

/** What each report says of itself. */
const OF_REPORTS = new Set([
  "title",
  "schedule",
  "owner",
  "look",
  "query",
  "dashboard",
  "sections",
  "filters",
  "deliver",
]);

/** Known keys in another place than theirs. At the top of the file that is a setting of all reports. */
function adviceOnPlace(path: Path, key: string, schema: z.core.$ZodType): string | null {
  if (path[0] === "reports" && path.length === 2 && key === "attach")
    return "Write it below deliver, next to the destination that gets the files, or in one of several sections.";
  if (path.at(-1) === "chart" && VEGA_LITE.has(key))
    return "A whole Vega-Lite specification goes under vega_lite, instead of chart.";
  if (path.length === 1 && path[0] === "defaults" && OF_REPORTS.has(key))
    return "Write it in each report, or in one of bases, which reports extend.";
  const isSetting = path.length === 0 && keysOf(schemasAt(schema, ["defaults"])).includes(key);
  return isSetting ? "Write it below defaults, or in a report." : null;
}

const VEGA_LITE = new Set([
  "$schema",
  "data",
  "encoding",
  "layer",
  "transform",
  "hconcat",
  "vconcat",
  "facet",
  "repeat",
]);

function missing({ path, name, meta }: About): Problem {
  return problemAt(
    path,
    `${name} is missing`,
    meta.description === undefined ? null : `${name}: ${meta.description}`,
  );
}

function empty({ path, name, meta }: About): Problem {
  const advice = path.includes("filters")
    ? 'Write "" for any value, NULL for rows without one.'
    : meta.description;
  return problemAt(path, `${name} is empty`, advice ?? null);
}

function wrongType(about: About): Problem {
  const { path, name, input, meta, flat } = about;
  const types = [...new Set(flat.expected.map((type) => TYPES[type] ?? type))];
  const space = typeof input === "string" ? input.indexOf(`:${NO_BREAK_SPACE}`) : -1;
  if (space >= 0 && types.includes("a mapping")) return noBreakSpace(path, String(input), space + 1);
  return problemAt(
    path,
    `${name} has to be ${meta.wants ?? oneOf(types)}; it is ${typeName(input)}`,
    typeAdvice(path, input, types),
  );
}

function typeAdvice(path: Path, input: unknown, types: readonly string[]): string | null {
  if (Array.isArray(input) && path.includes("filters"))
    return `Write "${input.map(String).join(",")}": a comma in a filter expression means "or".`;
  if (Array.isArray(input) && typeof path.at(-1) === "number" && types.includes("text"))
    return `Write its entries here: YAML cannot join lists.${path.some((key) => key === "deliver" || key === "on_failure") ? " Recipients that are named once go under audiences." : ""}`;
  if (isMapping(input) && types.includes("a list") && !types.includes("a mapping"))
    return 'Begin each of its entries with "- ".';
  if (Array.isArray(input) && types.includes("a mapping") && !types.includes("a list"))
    return 'Write it without "- " and brackets.';
  if (typeof input !== "string") return null;
  if (types.includes("true or false") && /^(on|off|yes|no|y|n)$/i.test(input))
    return `Write ${/^(on|y|yes)$/i.test(input) ? "true" : "false"}: since YAML 1.2, ${input} is text.`;
  return types.some((type) => type.endsWith("number")) && /^-?\d+$/.test(input)
    ? `Write ${input}, without quotes.`
    : null;
}

function outside(about: About, origin: string, bound: string): Problem {
  const { path, name, input, meta } = about;
  if (origin === "array" || origin === "string") {
    const size = Array.isArray(input) ? input.length : String(input).length;
    if (size === 0) return empty(about);
    const unit = origin === "array" ? "entries" : "characters";
    return problemAt(path, `${name} has to have ${bound} ${unit}; it has ${count(size)}`, null);
  }
  return problemAt(
    path,
    `${name} has to be ${meta.wants ?? bound}; it is ${shown(about)}`,
    meta.description ?? null,
  );
}

/** Words from a schema may quote what it read: of a secret they may not. */
function ownWords({ flat, meta, name }: About): string {
  return meta.secret === true ? `${name} is not valid` : flat.issue.message.replace(/\.$/, "");
}

function adviceOf(issue: z.core.$ZodIssue): string | null {
  const advice: unknown = issue.code === "custom" ? issue.params?.advice : undefined;
  return typeof advice === "string" ? advice : null;
}

function shown({ input, meta }: About): string {
  if (meta.secret !== undefined) return typeName(input);
  if (typeof input === "number") return count(input);
  return typeof input === "string" && input.length <= 60 ? `"${input}"` : typeName(input);
}

/** "limit"; "entry 2 of to" for what is in a list. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "the file";
  return typeof last === "string" ? last : `entry ${last + 1} of ${path.at(-2) ?? "the list"}`;
}
