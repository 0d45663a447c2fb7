import type { Artifact } from "../../core/model/artifact.ts";
import type { Download } from "../../core/model/message.ts";
import type { FitArtifacts, FitOrder } from "../../core/ports/fit.ts";
import { distinctFilename } from "../filename.ts";
import { gzipArtifact } from "./gzip.ts";
import { fitSentences, type Ladder } from "./words.ts";

/** What has been tried so far. */
interface State extends Ladder {
  readonly compressed: Map<Artifact, Artifact | null>;
}

/**
 * Makes files fit a destination that takes `bytesMax` bytes in all. Those that fit are left alone. Otherwise the largest
 * are compressed, one after the other, until all fit. Where that is not enough, the largest is taken apart by section, or left
 * out where it cannot be, and the others are looked at afresh; what is left out is offered by a link where this worker serves
 * files. Every change is a sentence in `notices`.
 */
export const fitArtifacts: FitArtifacts = async (order) => {
  const { artifacts } = order;
  const state: State = { apart: new Map(), left: [], compressed: new Map() };
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

/** The files with as many of the largest compressed as it takes, or null where even all of them are too large. */
async function compressUntilFit(
  kept: readonly Artifact[],
  { bytesMax, signal }: FitOrder,
  { compressed }: State,
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

/** One step down for the largest of a list that is not empty: its parts in its place, or nothing. */
function withoutLargest(kept: readonly Artifact[], taken: Set<string>, state: State): readonly Artifact[] {
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

/** Where no part of a file could stay after all, it is the whole that is missing. */
function forgetEmptied(kept: readonly Artifact[], { apart, left }: State): void {
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
