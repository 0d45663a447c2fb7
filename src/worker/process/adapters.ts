import type { ChartRenderer } from "../../core/model/picture.ts";
import type { Destination, Format, Source } from "../../core/ports/adapter.ts";
import type { FitArtifacts, FitPictures } from "../../core/ports/fit.ts";
import type { Fill } from "../../core/ports/template.ts";

/**
 * The rooms, as the pipeline knows them: by the words of the YAML. Options were read by the adapter's own schema, which
 * is why they are `unknown` here. Each throws ReportError `config` for a word it does not know.
 */
export interface Adapters {
  source(kind: string): Source<unknown>;
  format(kind: string): Format<unknown>;
  destination(kind: string): Destination<unknown>;
  fit: FitArtifacts;
  fitPictures: FitPictures;
  /** Loaded when something is first drawn. */
  readonly chartRenderer: ChartRenderer;
  /** Fills one text of the YAML. Loaded when there is a template. */
  fill(): Promise<Fill>;
}
