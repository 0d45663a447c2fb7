import type { Path } from "../../core/model/problem.ts";

/** One destination as it is written under `deliver` or `on_failure`. */
export interface Entry {
  readonly value: unknown;
  readonly path: Path;
  /** Its place in a list; null where it stands alone. */
  readonly index: number | null;
}

/** The entries of `deliver`, which is a list. */
export function deliverEntries(deliver: unknown, path: Path): readonly Entry[] {
  return (Array.isArray(deliver) ? deliver : []).map((value, index) => ({
    value,
    path: [...path, index],
    index,
  }));
}

/** The entries of `on_failure`, which may be a single one. */
export function noticeEntries(onFailure: unknown, path: Path): readonly Entry[] {
  if (onFailure === undefined || onFailure === null) return [];
  return Array.isArray(onFailure)
    ? deliverEntries(onFailure, path)
    : [{ value: onFailure, path, index: null }];
}
