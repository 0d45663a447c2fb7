import type { z } from "zod";
import type { Path } from "../../core/model/problem.ts";
import { valueAt } from "./value.ts";

type Issue = z.core.$ZodIssue;

/** One thing that zod objects to, outside any union, with its whole path. */
export interface FlatIssue {
  readonly issue: Issue;
  readonly path: Path;
  /** What `invalid_type` would have taken; several where no branch of a union fits. */
  readonly expected: readonly string[];
}

/** What zod puts in place of a message where the schema brings no words of its own: see `issues.ts`. */
export const UNSAID = "unsaid";

/**
 * The issues without their unions: of each union only the branch that was meant, which is the one that takes the input's type
 * (text, list, mapping), and of several the one with least to object to.
 */
export function flatIssues(issues: readonly Issue[], value: unknown, base: Path = []): FlatIssue[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...(issue.path as Path)];
    return issue.code === "invalid_union" && issue.errors.length > 0
      ? branchOf(issue, issue.errors, value, path)
      : [{ issue, path, expected: issue.code === "invalid_type" ? [issue.expected] : [] }];
  });
}

function branchOf(
  issue: Issue,
  branches: readonly (readonly Issue[])[],
  value: unknown,
  path: Path,
): FlatIssue[] {
  const input = valueAt(value, path);
  const fitting = branches.filter((branch) => !branch.some((inner) => isOfOtherType(inner, input)));
  const best = fitting.toSorted((a, b) => a.length - b.length)[0];
  const own = {
    issue,
    path,
    expected: [...new Set(branches.flatMap((branch) => branch.flatMap(expectedBy)))],
  };
  if (!best) return [own];
  const flat = flatIssues(best, value, path);
  const isUnsaid = flat.every((one) => one.path.length === path.length && one.issue.message === UNSAID);
  return isUnsaid && issue.message !== UNSAID && !flat.some(isTelling) ? [own] : flat;
}

/** Issues about keys and emptiness say more than a union's own "write this or that". */
function isTelling({ issue }: FlatIssue): boolean {
  return issue.code === "unrecognized_keys" || issue.code === "too_small" || issue.code === "too_big";
}

function isOfOtherType(issue: Issue, input: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_type") return true;
  if (issue.code === "invalid_value") return issue.values.every((value) => typeof value !== typeof input);
  return (
    issue.code === "invalid_union" &&
    issue.errors.length > 0 &&
    issue.errors.every((branch) => branch.some((inner) => isOfOtherType(inner, input)))
  );
}

function expectedBy(issue: Issue): string[] {
  if (issue.path.length > 0) return [];
  if (issue.code === "invalid_type") return [issue.expected];
  if (issue.code === "invalid_value") return [...new Set(issue.values.map((value) => typeof value))];
  return issue.code === "invalid_union" ? issue.errors.flatMap((branch) => branch.flatMap(expectedBy)) : [];
}
