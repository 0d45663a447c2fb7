import { createHash } from "node:crypto";
import { NAME_LENGTH_MAX, type Recalled } from "../../core/model/memory.ts";
import type { Report, SectionPlan } from "../../core/model/report.ts";
import type { Run } from "../../core/model/run.ts";
import type { Memory } from "../../core/ports/ledger.ts";

/** The report with its sections' identities, while their templates are still as they are written: every tick fills in other dates. */
export function identified(report: Report): Report {
  return {
    ...report,
    sections: report.sections.map((section) => ({ ...section, identity: identityOf(section) })),
  };
}

/** A changed query is another one, and has a past of its own. Its limit only says how much of it is fetched. */
function identityOf({ source, filters }: SectionPlan): string {
  return hashOf([source.kind, source.options, filters]);
}

/**
 * What a section's past is kept under. Sections that are put in or taken out elsewhere do not change it; of two that show the same of the
 * same query, the second is "2".
 */
export function nameOf({ sections }: Pick<Report, "sections">, index: number): string {
  const names = sections.map((section) => {
    const { show } = section;
    const shown = show.kind === "kpi" ? [show.field] : show.kind === "changes" ? show.key : null;
    if (shown === null) return null;
    return named(show.kind, shown.join(" "), [section.identity ?? identityOf(section), shown]);
  });
  const own = names[index] ?? "";
  const before = names.slice(0, index).filter((name) => name === own).length;
  return before === 0 ? own : `${own} ${before + 1}`;
}

/** Readable at its beginning, told apart by its end, and short enough for an index. */
export function named(kind: string, words: string, identity: unknown): string {
  return `${kind} ${words.slice(0, NAME_LENGTH_MAX / 2)} ${hashOf(identity)}`;
}

const HASH_LENGTH = 16;

function hashOf(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex").slice(0, HASH_LENGTH);
}

/** The order of an object's keys says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * What a run is compared with under a name. One that is made once more, for a resend or on another machine, is compared with what it was
 * compared with the first time, whatever was sent since.
 */
export async function baselineOf(
  run: Run,
  name: string,
  ledger: Pick<Memory, "recall" | "kept">,
): Promise<Recalled | null> {
  const own = isMadeAgain(run) ? await ledger.kept(run.id, name) : null;
  if (own === null) return ledger.recall(run.report, name, run.dueAt);
  return own.comparedWith === null ? null : ledger.kept(own.comparedWith, name);
}

/** Its deliveries are planned: its message was made before. */
export function isMadeAgain({ state }: Run): boolean {
  return state !== "running";
}
