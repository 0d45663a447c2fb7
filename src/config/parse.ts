import type { z } from "zod";
import { type Fault, type Path, valueAt } from "./problems/fault.ts";
import { faultsOf } from "./problems/issues.ts";
import { type Leaf, leavesOf, UNSAID } from "./problems/leaves.ts";
import { type Spot, spotAt } from "./yaml/spot.ts";

/** Each round mends what the one before could not see yet: a union's branch, a value behind another. */
const ROUNDS_MAX = 4;
const NUMBER = /^[-+]?\d+(\.\d+)?$/;

export interface Parsed {
  /** What the schema made of it; undefined where it refused, even if all its faults are told already. */
  readonly data: unknown;
  readonly faults: readonly Fault[];
}

/**
 * Reads `value`, which stands at `base` of the file. Where a schema wants text and a plain number stands there, it is text as
 * written ("0123" stays "0123"); where it wants a number and a reference brought digits, they are a number. Changes `value` so.
 */
export function parse(schema: z.core.$ZodType & z.ZodType, value: unknown, root: Spot, base: Path): Parsed {
  for (let round = 1; ; round += 1) {
    const result = schema.safeParse(value, { error: () => UNSAID });
    if (result.success) return { data: result.data, faults: [] };
    const leaves = leavesOf(result.error.issues, value);
    const converted = leaves.filter((leaf) => convert(leaf, value, root, base));
    if (converted.length > 0 && round < ROUNDS_MAX) continue;
    const faults = faultsOf(leaves, { schema, value, base });
    return {
      data: undefined,
      faults: faults.filter(({ path, on }) => on === "key" || !spotAt(root, path).spot.isSpoilt),
    };
  }
}

function convert(leaf: Leaf, value: unknown, root: Spot, base: Path): boolean {
  const key = leaf.path.at(-1);
  const holder = valueAt(value, leaf.path.slice(0, -1));
  if (key === undefined || typeof holder !== "object" || holder === null) return false;
  const { spot } = spotAt(root, [...base, ...leaf.path]);
  const meant = meaning(valueAt(value, leaf.path), leaf, spot);
  if (meant === undefined) return false;
  (holder as Record<string | number, unknown>)[key] = meant;
  return true;
}

function meaning(input: unknown, leaf: Leaf, spot: Spot): unknown {
  if (typeof input === "number" || typeof input === "boolean")
    return leaf.expected.includes("string") && spot.written !== null ? spot.written : undefined;
  if (typeof input !== "string" || !spot.isInterpolated) return undefined;
  const wantsNumber = leaf.expected.includes("number") || leaf.expected.includes("int");
  if (wantsNumber && NUMBER.test(input)) return Number(input);
  return leaf.expected.includes("boolean") && /^(true|false)$/.test(input) ? input === "true" : undefined;
}
