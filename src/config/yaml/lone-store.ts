import { findStore, type Store } from "../schema/store.ts";
import { interpolate, type ReferenceSources } from "./interpolate.ts";

const LINE = /^store:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|([^#\n]*?))[ \t]*(?:#.*)?$/m;

/**
 * The store of a file that is no use otherwise, by its one line `store:`: whoever looks after a service while somebody mends the
 * file needs its ledger, and nothing else of it. Null where that line itself cannot be read.
 */
export function loneStore(text: string, sources: ReferenceSources): Store | null {
  const [, doubled, single, plain] = LINE.exec(text) ?? [];
  const { text: written, problems } = interpolate(doubled ?? single ?? plain ?? "", sources);
  const { store, problem } = findStore(written, sources.env);
  return problems.length === 0 && problem === null ? store : null;
}
