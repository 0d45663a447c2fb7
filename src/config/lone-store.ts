import { findStore, type StoreAddress } from "./schema/store.ts";
import { interpolate, type ReferenceSources } from "./yaml/interpolate.ts";

const LINE = /^store:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|([^{#\n][^#\n]*))[ \t]*(?:#.*)?$/m;
/** `store: {url: …, insecure: true}`, on one line or over several. */
const MAPPING = /^store:[ \t]*(\{[^\n]*|(?:\n[ \t]+[^\n]*){1,2})/m;
const URL_IN_MAPPING = /\burl:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|((?:\$\{[^}\n]*\}|[^\s,#{}])+))/;

/**
 * The store of a file that cannot be used otherwise, by its one line `store:`: a person who looks after a service while someone mends the
 * file needs its ledger, and nothing else of it. Null where that line itself cannot be read.
 */
export function loneStore(text: string, sources: ReferenceSources): StoreAddress | null {
  const mapping = URL_IN_MAPPING.exec(MAPPING.exec(text)?.[1] ?? "");
  const [, doubled, single, plain] = mapping ?? LINE.exec(text) ?? [];
  const { text: url, problems } = interpolate(doubled ?? single ?? plain?.trim() ?? "", sources);
  // The rest of the mapping is not read: the service that runs had it accepted.
  const { store, problem } = findStore(mapping === null ? url : { url, insecure: true }, sources.env);
  return problems.length === 0 && problem === null ? store : null;
}
