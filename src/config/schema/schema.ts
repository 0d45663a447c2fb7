import { z } from "zod";
import type { Path, Problem } from "../../core/model/problem.ts";

type Schema = z.core.$ZodType;

/** What a schema says about itself in addition to its type. */
export interface Meta {
  readonly description?: string;
  /** true: never to be written in the file. "url": neither is the password in it. "hidden": it may be, and is never shown. */
  readonly secret?: boolean | "url" | "hidden";
  /** The environment variable to advise for a secret, where it has a name of its own. */
  readonly variable?: string;
  /** "a whole number, or -1 for all rows": completes "has to be". */
  readonly wants?: string;
}

/** A schema together with everything it wraps or chooses from: optional, default, transform, union … */
export function opened(schema: Schema): Schema[] {
  return [schema, ...within((schema as z.core.$ZodTypes)._zod.def).flatMap(opened)];
}

/** The schemas that may read what is at `path` below `schema`. */
export function schemasAt(schema: Schema, path: Path): Schema[] {
  let found = opened(schema);
  for (const key of path) found = found.flatMap((parent) => childrenAt(parent, key).flatMap(opened));
  return found;
}

/** The keys that mappings read by `schemas` may have. */
export function keysOf(schemas: readonly Schema[]): string[] {
  return [
    ...new Set(schemas.flatMap((schema) => (isObject(schema) ? Object.keys(schema._zod.def.shape) : []))),
  ];
}

/** What `schemas` say about themselves; the outermost wins. */
export function metaOf(schemas: readonly Schema[]): Meta {
  const all = schemas.map((schema) => z.globalRegistry.get(schema) as Meta | undefined);
  return Object.assign({}, ...all.toReversed());
}

export function childrenAt(schema: Schema, key: string | number): Schema[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === "object") {
    const child = Object.hasOwn(def.shape, key) ? def.shape[key] : def.catchall;
    return child && child._zod.def.type !== "never" ? [child] : [];
  }
  if (def.type === "record") return [def.valueType];
  if (def.type === "array") return [def.element];
  if (def.type === "tuple") return [def.items[Number(key)] ?? def.rest].filter((item) => item != null);
  return [];
}

/** The schemas of everything that may be directly below. */
export function allChildren(schema: Schema): Schema[] {
  const keys = isObject(schema) ? Object.keys(schema._zod.def.shape) : [];
  return [...keys, 0].flatMap((key) => childrenAt(schema, key));
}

function isObject(schema: Schema): schema is z.core.$ZodObject {
  return (schema as z.core.$ZodTypes)._zod.def.type === "object";
}

function within(def: z.core.$ZodTypes["_zod"]["def"]): readonly Schema[] {
  switch (def.type) {
    case "optional":
    case "nullable":
    case "nonoptional":
    case "default":
    case "prefault":
    case "catch":
    case "readonly":
      return [def.innerType];
    // Only the input side reads the file.
    case "pipe":
      return [def.in];
    case "union":
      return def.options;
    case "intersection":
      return [def.left, def.right];
    case "lazy":
      return [def.getter()];
    default:
      return [];
  }
}

/** A string that `parse` understands; what is wrong with it becomes the issue. */
export function word(parse: (text: string) => unknown): z.ZodString {
  return z.string().check((context) => {
    const result = parse(context.value);
    if (!isProblem(result)) return;
    const { message, advice } = result;
    context.issues.push({ code: "custom", input: context.value, message, params: { advice } });
  });
}

function isProblem(result: unknown): result is Problem {
  return typeof result === "object" && result !== null && "advice" in result;
}

/** For the reference only: the value is filled in where the report is built, from the file's own `defaults` first. */
export function defaulted<S extends z.ZodType>(schema: S, otherwise: string): S {
  return schema.meta({ ...z.globalRegistry.get(schema), otherwise });
}
