import type { Artifact } from "../core/artifact.ts";
import type { FitOrder } from "../core/fit.ts";
import type { Download } from "../core/message.ts";
import { bytes } from "../core/quantity.ts";
import { fileDetails } from "./words.ts";

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
  { artifacts, bytesMax }: FitOrder,
): string[] {
  const known = new Set([...artifacts, ...[...apart.values()].flat()]);
  const packed = fitting
    .filter((artifact) => !known.has(artifact))
    .map(
      (artifact) =>
        `${artifact.filename} is compressed to stay below ${bytes(bytesMax)}: unpack it to read it.`,
    );
  const split = [...apart].map(
    ([whole, parts]) =>
      `${named(whole)} is too large to attach here (limit ${bytes(bytesMax)}): it comes as ${parts.length} files, one for each section.`,
  );
  const missing = left.map((artifact, index) => missingSentence(artifact, downloads[index], bytesMax));
  return [...packed, ...split, ...missing];
}

function missingSentence(artifact: Artifact, download: Download | undefined, bytesMax: number): string {
  const isByItself = artifact.file.bytes > bytesMax;
  const why = isByItself
    ? `is too large to attach here (limit ${bytes(bytesMax)})`
    : `is too large to attach here beside the other files (limit ${bytes(bytesMax)} in all)`;
  return download === undefined
    ? `${named(artifact)} ${why}. Open it in Looker.`
    : `${named(artifact)} ${why}. Download it by the link in this message.`;
}

/** "delays.csv (1 GB, 12,431 rows)" */
function named(artifact: Artifact): string {
  return `${artifact.filename} (${fileDetails(artifact).split(", ").toReversed().join(", ")})`;
}
