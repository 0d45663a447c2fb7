import type { Node } from "yaml";
import type { Path, Range } from "../../core/model/problem.ts";

/** Where a value is in the texts that are read together, one after the other, and how it is written there. */
export interface Spot {
  readonly key: Range | null;
  readonly value: Range;
  /** A scalar as it is in the file, before references are filled in ("042", "${PORT}"); null for lists and mappings. */
  readonly written: string | null;
  readonly isInterpolated: boolean;
  /** It has a fault already: nothing more is to be said about it. */
  readonly isInvalid: boolean;
  readonly children: ReadonlyMap<string | number, Spot>;
}

const NO_CHILDREN: ReadonlyMap<string | number, Spot> = new Map();

/** The spot at `path`, or the deepest one on the way to it. */
export function spotAt(root: Spot, path: Path): { readonly spot: Spot; readonly depth: number } {
  let found = root;
  for (const [depth, key] of path.entries()) {
    const next = found.children.get(key);
    if (!next) return { spot: found, depth };
    found = next;
  }
  return { spot: found, depth: path.length };
}

export function spot(value: Range, key: Range | null, more: Partial<Spot>): Spot {
  return {
    key,
    value,
    written: null,
    isInterpolated: false,
    isInvalid: false,
    children: NO_CHILDREN,
    ...more,
  };
}

/** From the first character of a node to the one behind its last, in texts of which its own begins at `start`. */
export function rangeOf(node: Node | null, otherwise: Range | null, start: number): Range {
  return node?.range ? [start + node.range[0], start + node.range[1]] : (otherwise ?? [start, start]);
}
