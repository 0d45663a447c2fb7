import type { Artifact } from "../../core/model/artifact.ts";
import type { Download } from "../../core/model/message.ts";
import type { FitOrder } from "../../core/ports/fit.ts";
import { bytes } from "../../core/rules/quantity.ts";
import { fileDetails } from "../words/words.ts";

const PACKED_NAMED_MAX = 2;

/** How far down the files had to go. */
export interface Ladder {
  /** Files that were taken apart, and their parts. */
  readonly apart: Map<Artifact, readonly Artifact[]>;
  /** Files, and parts of them, that are not attached. */
  readonly left: Artifact[];
}

/** What was done to the files, a sentence each: what happened, how large it is, and where to find it. */
export function fitSentences(
  { apart, left }: Ladder,
  fitting: readonly Artifact[],
  downloads: readonly Download[],
  order: FitOrder,
): string[] {
  const known = new Set([...order.artifacts, ...[...apart.values()].flat()]);
  const packed = packedWords(
    fitting.filter((artifact) => !known.has(artifact)),
    bytes(limitOf(order)),
  );
  const split = [...apart].map(
    ([whole, parts]) => `${tooLarge(whole, order)}: it comes as ${parts.length} files, one for each section.`,
  );
  const missing = left.map(
    (artifact, index) => `${tooLarge(artifact, order)}. ${whereElse(artifact, downloads[index])}`,
  );
  // What a recipient does not get comes first: of many sentences a message shows the first.
  return [...split, ...missing, ...packed];
}

function packedWords(packed: readonly Artifact[], limit: string): string[] {
  if (packed.length > PACKED_NAMED_MAX)
    return [`${packed.length} files are compressed to stay below ${limit}: unpack them to read them.`];
  return packed.map(
    ({ filename }) => `${filename} is compressed to stay below ${limit}: unpack it to read it.`,
  );
}

function limitOf({ bytesMax, limitBytes = bytesMax }: FitOrder): number {
  return limitBytes;
}

/** "delays.csv (1 GB, 12,431 rows) is too large to attach here (limit 18 MB)" */
function tooLarge(artifact: Artifact, order: FitOrder): string {
  const limit = limitOf(order);
  const isByItself = artifact.file.bytes > limit;
  const others = order.bytesMax < limit ? "the other files and the pictures" : "the other files";
  return isByItself
    ? `${named(artifact)} is too large to attach here (limit ${bytes(limit)})`
    : `${named(artifact)} is too large to attach here beside ${others} (limit ${bytes(limit)} in all)`;
}

function whereElse({ contentType }: Artifact, download: Download | undefined): string {
  if (download !== undefined) return "Download it by the link in this message.";
  // A page or a drawing of what the message shows is no content of its own that could be opened.
  if (/^(text\/html|image\/|application\/pdf)/.test(contentType))
    return "What it shows is in this message, as far as there is room, and in Looker.";
  return "Open it in Looker.";
}

/** "delays.csv (1 GB, 12,431 rows)" */
function named(artifact: Artifact): string {
  return `${artifact.filename} (${fileDetails(artifact).split(", ").toReversed().join(", ")})`;
}
