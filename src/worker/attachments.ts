import type { Artifact } from "../core/artifact.ts";
import type { Chosen, Report } from "../core/report.ts";
import type { Result } from "../core/result.ts";
import type { Run } from "../core/run.ts";
import type { Spool } from "../core/spool.ts";
import type { Adapters } from "./adapters.ts";

export interface ArtifactOrder {
  readonly run: Run;
  readonly report: Report;
  readonly results: readonly Result[];
  readonly spool: Spool;
  readonly signal: AbortSignal;
}

/**
 * The files of each delivery, in the order of the report's `deliver`. One file for each section and format; what several
 * deliveries ask for alike is made once.
 */
export async function makeArtifacts(
  order: ArtifactOrder,
  adapters: Adapters,
): Promise<readonly (readonly Artifact[])[]> {
  const made = new Map<string, Promise<Artifact>>();
  const once = (chosen: Chosen, section: number): Promise<Artifact> => {
    const key = JSON.stringify([chosen.kind, chosen.options, section]);
    const artifact = made.get(key) ?? make(chosen, section, made.size, order, adapters);
    made.set(key, artifact);
    return artifact;
  };
  const sections = order.results.map((_, index) => index);
  return Promise.all(
    order.report.deliver.map(async ({ attach }) =>
      distinctNames(
        await Promise.all(attach.flatMap((chosen) => sections.map((section) => once(chosen, section)))),
      ),
    ),
  );
}

/** A file name of the author's own serves for all sections: "flights.csv", "flights-2.csv". */
function distinctNames(artifacts: readonly Artifact[]): readonly Artifact[] {
  const taken = new Set<string>();
  return artifacts.map((artifact) => {
    const dot = artifact.filename.lastIndexOf(".");
    const [stem, extension] = [artifact.filename.slice(0, dot), artifact.filename.slice(dot)];
    let filename = artifact.filename;
    for (let number = 2; taken.has(filename.toLowerCase()); number += 1)
      filename = `${stem}-${number}${extension}`;
    taken.add(filename.toLowerCase());
    return { ...artifact, filename };
  });
}

async function make(
  chosen: Chosen,
  section: number,
  number: number,
  { run, report, results, spool, signal }: ArtifactOrder,
  adapters: Adapters,
): Promise<Artifact> {
  const result = results[section];
  if (result === undefined) throw new RangeError(`Section ${section} has no result.`);
  const input = {
    result,
    stem: stem(run, report, section),
    spool: within(spool, `file-${number + 1}-`),
    signal,
  };
  return { ...(await adapters.format(chosen.kind).render(input, chosen.options)), section };
}

/** "weekly-delays-2026-11-16", with the section's number where there are several. */
function stem(run: Run, report: Report, section: number): string {
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: report.schedule.timezone }).format(run.dueAt);
  const part = report.sections.length > 1 ? `-${section + 1}` : "";
  return `${report.name}${part}-${date}`;
}

/** Two files of one name (the same section, formatted and raw) must not meet in the spool. */
function within(spool: Spool, prefix: string): Spool {
  return { directory: spool.directory, path: (name) => spool.path(prefix + name) };
}
