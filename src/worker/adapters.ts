import type { Destination, Format, Source } from "../core/adapter.ts";
import type { Artifact } from "../core/artifact.ts";
import type { Spool } from "../core/spool.ts";

/**
 * The rooms, as the pipeline knows them: by the words of the YAML. Options were read by the adapter's own schema, which
 * is why they are `unknown` here. Each throws ReportError `config` for a word it does not know.
 */
export interface Adapters {
  source(kind: string): Source<unknown>;
  format(kind: string): Format<unknown>;
  destination(kind: string): Destination<unknown>;
  fit: FitArtifacts;
}

/** Makes attachments fit a destination: as they are, compressed, or left out, with a sentence for everything that changed. */
export type FitArtifacts = (
  artifacts: readonly Artifact[],
  bytesMax: number,
  spool: Spool,
  signal: AbortSignal,
) => Promise<{ artifacts: readonly Artifact[]; notices: readonly string[] }>;
