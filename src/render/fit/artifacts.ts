import type { Artifact } from "../../core/model/artifact.ts";
import type { Download } from "../../core/model/message.ts";
import type { FitArtifacts, FitOrder } from "../../core/ports/fit.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import { distinctFilename } from "../filename.ts";
import { isolatedLine } from "../words/cell-text.ts";
import { gzipArtifact } from "./gzip.ts";

/** What was done so far to make the files fit. */
interface Ladder {
  /** Files that were split, with their parts. */
  readonly apart: Map<Artifact, readonly Artifact[]>;
  /** Files, and parts of them, that are not attached. */
  readonly left: Artifact[];
  readonly compressed: Map<Artifact, Artifact | null>;
}

/**
 * Makes files fit a destination that takes `bytesMax` bytes in all. Those that fit are left alone. Otherwise the largest
 * are compressed, one after the other, until all fit. Where that is not enough, the largest is split by section, or left
 * out if it cannot be, and the others are tried again. What is left out is offered as a link if this worker serves
 * files. Every change is a sentence in `notices`.
 */
export const fitArtifacts: FitArtifacts = async (order) => {
  const { artifacts } = order;
  const state: Ladder = { apart: new Map(), left: [], compressed: new Map() };
  const taken = new Set(artifacts.map(({ filename }) => filename.toLowerCase()));
  let kept: readonly Artifact[] = artifacts;
  let fitting = await compressUntilFit(kept, order, state);
  while (fitting === null) {
    kept = withoutLargest(kept, taken, state);
    fitting = await compressUntilFit(kept, order, state);
  }
  forgetEmptied(kept, state);
  const downloads = await offered(state.left, order);
  return { artifacts: fitting, downloads, notices: fitSentences(state, fitting, downloads, order) };
};

/** The files with as many of the largest compressed as needed; null if they do not fit even with all of them compressed. */
async function compressUntilFit(
  kept: readonly Artifact[],
  { bytesMax, signal }: FitOrder,
  { compressed }: Ladder,
): Promise<readonly Artifact[] | null> {
  let now = [...kept];
  for (const artifact of kept.toSorted((a, b) => b.file.bytes - a.file.bytes)) {
    if (sum(now) <= bytesMax) return now;
    if (!compressed.has(artifact)) compressed.set(artifact, await gzipArtifact(artifact, bytesMax, signal));
    const smaller = compressed.get(artifact) ?? artifact;
    now = now.map((one) => (one === artifact ? smaller : one));
  }
  return sum(now) <= bytesMax ? now : null;
}

/** The list with its largest file replaced by its parts, or left out if it has none. */
function withoutLargest(kept: readonly Artifact[], taken: Set<string>, state: Ladder): readonly Artifact[] {
  const size = (artifact: Artifact) => (state.compressed.get(artifact) ?? artifact).file.bytes;
  const largest = kept.reduce((most, one) => (size(one) > size(most) ? one : most));
  const parts = (largest.parts ?? []).map((part) => ({
    ...part,
    filename: distinctFilename(part.filename, taken),
  }));
  if (parts.length > 0) state.apart.set(largest, parts);
  else state.left.push(largest);
  return kept.flatMap((artifact) => (artifact === largest ? parts : [artifact]));
}

/** If no part of a split file could stay, the whole file counts as left out. */
function forgetEmptied(kept: readonly Artifact[], { apart, left }: Ladder): void {
  for (const [whole, parts] of apart) {
    if (parts.some((part) => kept.includes(part))) continue;
    const first = left.findIndex((one) => parts.includes(one));
    const others = left.filter((one) => !parts.includes(one));
    left.splice(0, left.length, ...others.slice(0, first), whole, ...others.slice(first));
    apart.delete(whole);
  }
}

async function offered(left: readonly Artifact[], { offer }: FitOrder): Promise<Download[]> {
  const downloads: Download[] = [];
  if (offer === null) return downloads;
  for (const artifact of left) downloads.push(await offer(artifact));
  return downloads;
}

function sum(artifacts: readonly Artifact[]): number {
  return artifacts.reduce((total, artifact) => total + artifact.file.bytes, 0);
}

/** What was done to the files, a sentence each: what happened, how large it is, and where to find it. */
function fitSentences(
  { apart, left }: Ladder,
  fitting: readonly Artifact[],
  downloads: readonly Download[],
  order: FitOrder,
): string[] {
  const phrases = phrasesIn(order.locale);
  const { files, numbers } = phrases;
  const known = new Set([...order.artifacts, ...[...apart.values()].flat()]);
  const packed = packedWords(
    fitting.filter((artifact) => !known.has(artifact)),
    numbers.bytes(limitOf(order)),
    phrases,
  );
  const split = [...apart].map(([whole, parts]) =>
    files.split(tooLarge(whole, order, phrases), parts.length),
  );
  const missing = left.map((artifact, index) =>
    files.leftOut(tooLarge(artifact, order, phrases), whereElse(artifact, downloads[index])),
  );
  // What recipients do not get comes first: if there are many sentences, a message shows only the first ones.
  return [...split, ...missing, ...packed];
}

const PACKED_NAMED_MAX = 2;

function packedWords(packed: readonly Artifact[], limit: string, { files }: Phrases): string[] {
  if (packed.length > PACKED_NAMED_MAX) return [files.allCompressed(packed.length, limit)];
  return packed.map(({ filename }) => files.compressed(isolatedLine(filename), limit));
}

function limitOf({ bytesMax, limitBytes = bytesMax }: FitOrder): number {
  return limitBytes;
}

/** "delays.csv (1 GB, 12,431 rows) is too large to attach here (limit 18 MB)" */
function tooLarge({ filename, rows, file }: Artifact, order: FitOrder, { files, numbers }: Phrases): string {
  const limit = limitOf(order);
  const named = files.named(isolatedLine(filename), rows, numbers.bytes(file.bytes));
  return file.bytes > limit
    ? files.tooLarge(named, numbers.bytes(limit))
    : files.tooLargeTogether(named, numbers.bytes(limit), order.bytesMax < limit);
}

function whereElse(
  { contentType }: Artifact,
  download: Download | undefined,
): "download" | "message" | "looker" {
  if (download !== undefined) return "download";
  return /^(text\/html|image\/|application\/pdf)/.test(contentType) ? "message" : "looker";
}

/** A file larger than this share of a destination's limit may not fit together with others. */
const SHARE = 4;

/**
 * Whether a file of several sections is also made as one file for each of them, to be sent in its place if the whole does not fit: it
 * is larger than a quarter of what a destination takes (`bytesMax`), so that it may be too large by itself or together with
 * other files and pictures. Smaller files are not what exceeds a limit.
 */
export function needsParts(size: number, sections: number, bytesMax: number): boolean {
  return sections > 1 && size > bytesMax / SHARE;
}
