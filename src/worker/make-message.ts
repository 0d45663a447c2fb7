import type { DrawOrder } from "../core/adapter.ts";
import type { Remembered } from "../core/memory.ts";
import type { Message } from "../core/message.ts";
import type { Result } from "../core/result.ts";
import { makeArtifacts } from "./attachments.ts";
import { composeMessage, type MadePart } from "./compose.ts";
import { type Draft, draftOf, drawContent, templateResults } from "./drafts.ts";
import { filledLate } from "./filling.ts";
import { deliveryName, writeMessage } from "./message-file.ts";
import type { Part } from "./parts.ts";
import type { Workshop } from "./pipeline.ts";
import { pass } from "./points.ts";
import type { Fetching } from "./sections.ts";
import { targetsOf } from "./targets.ts";

export interface Brought {
  readonly parts: readonly Part[];
  /** One for each part; null: words alone. */
  readonly results: readonly (Result | null)[];
}

/**
 * Makes the message and all files out of what Looker brought, and writes them into the spool. Returns what the run leaves for
 * later ones. Throws ReportError.
 */
export async function makeMessage(
  { parts, results }: Brought,
  fetching: Fetching,
  workshop: Workshop,
): Promise<readonly Remembered[]> {
  const { run, spool, signal } = fetching;
  const { adapters } = workshop;
  const drafts = await Promise.all(
    parts.map((part, index) => draftOf({ part, index, result: results[index] ?? null }, fetching, workshop)),
  );
  const values = { report: fetching.report, run, results: templateResults(drafts) };
  const { sections, deliver } = fetching.report;
  // The deliveries' own words are filled when each is made: only what names the files is needed here.
  const attach = await filledLate(
    { sections: sections.map((one) => one.attach), deliver: deliver.map((one) => one.attach) },
    values,
    adapters,
  );
  const report = {
    ...fetching.report,
    sections: sections.map((one, index) => ({ ...one, attach: attach.sections[index] ?? [] })),
    deliver: deliver.map((one, index) => ({ ...one, attach: attach.deliver[index] ?? [] })),
  };
  const made = await Promise.all(
    drafts.map((draft) => withWords(draft, (text) => filledLate(text, values, adapters))),
  );
  const message = composeMessage(run, report, made);
  const whole: Message = { ...message, key: "", artifacts: [], downloads: [] };
  const draw = (index: number, order: DrawOrder) => {
    const part = parts[index];
    if (part === undefined) throw new RangeError(`There is no part ${index}.`);
    return drawContent({ part, index }, order, fetching, workshop);
  };
  const order = { run, report, parts, results, message: whole, spool, signal, draw };
  const files = await makeArtifacts(order, adapters);
  const targets = targetsOf(deliver, adapters);
  const attached = deliver.map(({ destination: { kind } }, index) => {
    return [deliveryName({ kind, target: targets[index] ?? "" }), files[index] ?? []] as const;
  });
  await writeMessage(spool, { message, attached: Object.fromEntries(attached), results: values.results });
  pass("message_written", run.id);
  return drafts.flatMap(({ remembered }) => remembered);
}

/** A tile's words are its author's at Looker, and no template. */
async function withWords(
  { part, data, pictures, notices }: Draft,
  fill: (words: { text: string | null }) => Promise<{ text: string | null }>,
): Promise<MadePart> {
  const { text } = part.isTile ? part : await fill({ text: part.text });
  return { part: { ...part, text }, data, pictures, notices };
}
