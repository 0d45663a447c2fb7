import type { Artifact } from "../../core/model/artifact.ts";
import type { EntryKey } from "../../core/model/entry.ts";
import type { Remembered } from "../../core/model/memory.ts";
import type { Message } from "../../core/model/message.ts";
import type { Result } from "../../core/model/result.ts";
import type { DrawOrder } from "../../core/ports/adapter.ts";
import { numberedTargets } from "../../core/rules/same-entry.ts";
import { entryKey } from "../delivery/entries.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import { type AttemptContext, allOrNone } from "../run/attempt.ts";
import { filledLate } from "../run/filling.ts";
import type { Part } from "../run/parts.ts";
import { makeArtifacts } from "./attachments.ts";
import { shownBrand } from "./brand.ts";
import { composeMessage, filtersInWords, type MadePart, phrasesOf } from "./compose.ts";
import { type Draft, draftOf, templateResults } from "./drafts.ts";
import { drawContent } from "./drawing.ts";
import { type StoredMessage, writeMessage } from "./message-file.ts";
import { checkLinks, linkedSections } from "./section-links.ts";
import { refuseStrayHighlights } from "./tile-show.ts";

export interface FetchedParts {
  readonly parts: readonly Part[];
  /** One for each part; null: words alone. */
  readonly results: readonly (Result | null)[];
}

/**
 * Makes the message and all files out of what Looker brought, and writes them into the spool. Returns what the run leaves for
 * later ones. Throws ReportError.
 */
export async function makeMessage(
  { parts, results }: FetchedParts,
  attempt: AttemptContext,
  worker: WorkerContext,
): Promise<readonly Remembered[]> {
  const { run, spool, signal, deadline } = attempt;
  const { adapters, links } = worker;
  refuseStrayHighlights(parts, results, attempt.report);
  deadline.enter("pictures");
  const drafts = await allDrafts({ parts, results }, attempt, worker);
  deadline.enter("files");
  const values = { report: attempt.report, run, results: templateResults(drafts) };
  const { sections, deliver } = attempt.report;
  // The deliveries' own words are filled when each is made: only what names the files is needed here.
  const attach = await filledLate(
    { sections: sections.map((one) => one.attach), deliver: deliver.map((one) => one.attach) },
    values,
    adapters,
  );
  const report = {
    ...attempt.report,
    sections: sections.map((one, index) => ({ ...one, attach: attach.sections[index] ?? [] })),
    deliver: deliver.map((one, index) => ({ ...one, attach: attach.deliver[index] ?? [] })),
  };
  const made = await Promise.all(
    drafts.map((draft) => withWords(draft, (text) => filledLate(text, values, adapters))),
  );
  const brand = await shownBrand(report.brand ?? {}, spool, worker);
  const message = composeMessage(run, report, made, worker.redact, brand);
  const linking = { report, runId: run.id, links };
  checkLinks(linking);
  // A page among the files has links of its own; those of the message are made with each delivery.
  const hasFiles = [...report.sections, ...report.deliver].some((one) => one.attach.length > 0);
  const linked = hasFiles ? await linkedSections(message.sections, linking) : message.sections;
  const whole: Message = { ...message, sections: linked, key: "", artifacts: [], downloads: [] };
  const draw = (index: number, how: DrawOrder, within: AbortSignal) => {
    const part = parts[index];
    if (part === undefined) throw new RangeError(`There is no part ${index}.`);
    return drawContent({ part, index }, how, { ...attempt, signal: within }, worker);
  };
  const shown = drafts.map(({ data }) => inFiles(data));
  const filters = drafts.map(({ data }) => filtersInWords(data, worker.redact, phrasesOf(report)));
  const order = { run, report, parts, results, shown, filters, message: whole, spool, signal, draw };
  const files = await makeArtifacts(order, adapters);
  const attached = filesByEntry(
    deliver.map((one) => entryKey(one, adapters)),
    files,
  );
  await writeMessage(spool, { message, attached, results: values.results });
  crashPoint("message_written", run.id);
  return drafts.flatMap(({ remembered }) => remembered);
}

/** Older workers that share this disk, as while replicas are replaced one by one, look for them by the deliveries' words. */
function filesByEntry(
  keys: readonly EntryKey[],
  files: readonly (readonly Artifact[])[],
): StoredMessage["attached"] {
  const targets = numberedTargets(keys);
  return Object.fromEntries(
    keys.flatMap(({ kind, entry }, index) => {
      const own = files[index] ?? [];
      return [entry, `${kind} ${targets[index]}`].map((name) => [name, own] as const);
    }),
  );
}

/**
 * Half of what is left of the report's timeout is for all pictures together: however many of them hang, there is time to say so and
 * to send the tables.
 */
function allDrafts(
  { parts, results }: FetchedParts,
  attempt: AttemptContext,
  worker: WorkerContext,
): Promise<readonly Draft[]> {
  const { deadline, signal } = attempt;
  const keptMs = deadline.leftMs() / 2;
  const picturesMs = () => deadline.leftMs() - keptMs;
  return allOrNone(parts, signal, (part, index, within) => {
    const material = { part, index, result: results[index] ?? null, picturesMs };
    return draftOf(material, { ...attempt, signal: within }, worker);
  });
}

/** What formatted files hold of a part: nothing where Looker's page shows no column of it. */
function inFiles(data: Draft["data"]): Result | null {
  if (data === null || data.shown.table.columns.length === 0) return null;
  return data.inFiles ?? data.shown;
}

/** A tile's words are its author's at Looker, and not a template. */
async function withWords(
  { part, data, pictures, notices }: Draft,
  fill: (words: { text: string | null }) => Promise<{ text: string | null }>,
): Promise<MadePart> {
  const { text } = part.isTile ? part : await fill({ text: part.text });
  return { part: { ...part, text }, data, pictures, notices };
}
