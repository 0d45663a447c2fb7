import type { Problem } from "../../core/model/problem.ts";
import { isMapping } from "../problems/value.ts";

export interface LeftOut {
  /** The file without what has a reference that leads to nothing here. */
  readonly file: Readonly<Record<string, unknown>>;
  /** Which blocks, or settings in `defaults`, that are, and why. */
  readonly unset: Readonly<Record<string, Problem>>;
  /** The references that stay problems: those of reports and what they are made of, and of the store, which is always needed. */
  readonly problems: readonly Problem[];
}

/** No command needs them to know its ledger and its reports; a report whose own references lead to nothing has its schedule still. */
const NEEDED: ReadonlySet<unknown> = new Set([
  "version",
  "include",
  "store",
  "bases",
  "audiences",
  "reports",
]);

/** For commands that use only some of a file: a secret that they do not use need not be there. */
export function leftOut(
  written: Readonly<Record<string, unknown>>,
  unsetReferences: readonly Problem[],
): LeftOut {
  const file = { ...written };
  const unset: Record<string, Problem> = {};
  const problems: Problem[] = [];
  for (const problem of unsetReferences) {
    const [block, key] = problem.path ?? [];
    if (block === undefined || NEEDED.has(block)) problems.push(problem);
    else {
      unset[block] ??= problem;
      // Of the defaults, the other settings still count.
      if (block === "defaults" && isMapping(file.defaults) && key !== undefined)
        file.defaults = Object.fromEntries(Object.entries(file.defaults).filter(([name]) => name !== key));
      else delete file[block];
    }
  }
  return { file, unset, problems };
}
