import type { z } from "zod";
import type { Path, Problem } from "../core/model/problem.ts";
import { type FlatIssue, flatIssues, UNSAID } from "./problems/flat-issues.ts";
import { problemsOf } from "./problems/issues.ts";
import { valueAt } from "./problems/value.ts";
import { type Spot, spotAt } from "./yaml/spot.ts";

/** Each round mends what the one before could not see yet: a union's branch, a value behind another. */
const ROUNDS_MAX = 4;
const NUMBER = /^[-+]?\d+(\.\d+)?$/;

export interface Parsed {
  /** What the schema made of it; undefined where it refused, even if all its problems are known already. */
  readonly data: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Reads `value`, which is at `base` of the file. Where a schema wants text and finds a plain number, it is text as
 * written ("0123" stays "0123"); where it wants a number and a reference brought digits, they are a number. Changes `value` so.
 */
export function parse(schema: z.core.$ZodType & z.ZodType, value: unknown, root: Spot, base: Path): Parsed {
  for (let round = 1; ; round += 1) {
    const result = schema.safeParse(value, { error: () => UNSAID });
    if (result.success) return { data: result.data, problems: [] };
    const issues = flatIssues(result.error.issues, value);
    const converted = issues.filter((issue) => convert(issue, value, root, base));
    if (converted.length > 0 && round < ROUNDS_MAX) continue;
    const problems = problemsOf(issues, { schema, value, base });
    return {
      data: undefined,
      problems: problems.filter(
        ({ path = [], range }) => range === "key" || !spotAt(root, path).spot.isInvalid,
      ),
    };
  }
}

function convert(issue: FlatIssue, value: unknown, root: Spot, base: Path): boolean {
  const key = issue.path.at(-1);
  const holder = valueAt(value, issue.path.slice(0, -1));
  if (key === undefined || typeof holder !== "object" || holder === null) return false;
  const { spot } = spotAt(root, [...base, ...issue.path]);
  const meant = meaning(valueAt(value, issue.path), issue, spot);
  if (meant === undefined) return false;
  (holder as Record<string | number, unknown>)[key] = meant;
  return true;
}

function meaning(input: unknown, issue: FlatIssue, spot: Spot): unknown {
  if (typeof input === "number" || typeof input === "boolean")
    return issue.expected.includes("string") && spot.written !== null ? spot.written : undefined;
  if (typeof input !== "string" || !spot.isInterpolated) return undefined;
  const wantsNumber = issue.expected.includes("number") || issue.expected.includes("int");
  if (wantsNumber && NUMBER.test(input)) return Number(input);
  return issue.expected.includes("boolean") && /^(true|false)$/.test(input) ? input === "true" : undefined;
}
