import { ReportError } from "../../core/error.ts";
import type { Artifact } from "../../core/model/artifact.ts";
import type { Message } from "../../core/model/message.ts";
import type { Chosen, Report } from "../../core/model/report.ts";
import type { Result } from "../../core/model/result.ts";
import type { Run } from "../../core/model/run.ts";
import type { DrawnFile, DrawOrder, FormatInput, FormatSection } from "../../core/ports/adapter.ts";
import type { Spool } from "../../core/ports/spool.ts";
import type { Adapters } from "../process/context.ts";
import { allOrNone } from "../run/attempt.ts";
import { inPart, type Part } from "../run/parts.ts";

/** What is read of a title for a file's name, and what is kept of it. */
const TITLE_CHARS_MAX = 300;
const SLUG_CHARS_MAX = 48;

export interface ArtifactOrder {
  readonly run: Run;
  /** Its templates are filled. */
  readonly report: Report;
  readonly parts: readonly Part[];
  /** One for each part, with all its columns. */
  readonly results: readonly (Result | null)[];
  /** The same as it is read: with the columns that Looker's page shows. Null also where it shows none. */
  readonly shown: readonly (Result | null)[];
  /** Of each part, what `FormatSection` has. */
  readonly filters: readonly (readonly string[])[];
  readonly message: Message;
  readonly spool: Spool;
  readonly signal: AbortSignal;
  /** Has Looker draw the whole content that a part (by its index) belongs to. */
  readonly draw: (part: number, order: DrawOrder, signal: AbortSignal) => Promise<DrawnFile>;
}

/** One file to be made: a format over some of the parts. */
interface FilePlan {
  readonly chosen: Chosen;
  /** Indexes of parts. */
  readonly parts: readonly number[];
  /** What sets it apart, in its name, from the others of its format; null: there are none. */
  readonly number: number | null;
}

/**
 * The files of each delivery, in the order of the report's `deliver`. What several deliveries ask for alike is made once. Where one
 * cannot be made, the others are given up, and none is under way any more when it rejects.
 */
export async function makeArtifacts(
  order: ArtifactOrder,
  adapters: Pick<Adapters, "format" | "destination">,
): Promise<readonly (readonly Artifact[])[]> {
  const bytesMax = smallestCap(order.report, adapters);
  const plansByDelivery = order.report.deliver.map(({ attach }) => plansOf(attach, order, adapters));
  const once = new Map(plansByDelivery.flat().map((plan) => [nameOf(plan), plan]));
  const made = await allOrNone([...once], order.signal, async ([name, plan], number, signal) => {
    return [name, await make(plan, { ...order, signal, number, bytesMax }, adapters)] as const;
  });
  const files = new Map(made);
  return plansByDelivery.map((plans) => {
    const artifacts = plans.map((plan) => files.get(nameOf(plan)) ?? null);
    return distinctNames(artifacts.filter((artifact) => artifact !== null));
  });
}

/** The same for what is made alike. */
function nameOf({ chosen, parts }: FilePlan): string {
  return JSON.stringify([chosen.kind, chosen.options, parts]);
}

/** The files of one delivery: those of the sections, and its own. */
function plansOf(
  attach: readonly Chosen[],
  order: ArtifactOrder,
  adapters: Pick<Adapters, "format">,
): readonly FilePlan[] {
  const plans = [
    ...order.report.sections.flatMap((section, sectionIndex) =>
      section.attach.flatMap((chosen) =>
        filesOf(chosen, indexesAt(sectionIndex, order.parts), order, adapters),
      ),
    ),
    ...attach.flatMap((chosen) => filesOf(chosen, [...order.parts.keys()], order, adapters)),
  ];
  // What a section attaches and the delivery asks for as well comes once.
  return [...new Map(plans.map((plan) => [nameOf(plan), plan])).values()];
}

function indexesAt(sectionIndex: number, parts: readonly Part[]): number[] {
  return [...parts.keys()].filter((index) => parts[index]?.sectionIndex === sectionIndex);
}

/** What a format makes of these parts: a file for each, for each content, or for all. */
function filesOf(
  chosen: Chosen,
  indexes: readonly number[],
  { parts, results }: ArtifactOrder,
  { format }: Pick<Adapters, "format">,
): FilePlan[] {
  const { per, draws } = format(chosen.kind);
  if (per === "all") return [{ chosen, parts: indexes, number: null }];
  if (per === "section") {
    const withRows = indexes.filter((index) => results[index] != null);
    const isOne = results.filter((result) => result !== null).length === 1;
    return withRows.map((index) => ({ chosen, parts: [index], number: isOne ? null : index + 1 }));
  }
  const sectionIndexes = [...new Set(indexes.map((index) => parts[index]?.sectionIndex ?? 0))];
  const isOne = new Set(parts.map(({ sectionIndex }) => sectionIndex)).size === 1;
  const hasTiles = (sectionIndex: number) =>
    parts.some((part) => part.sectionIndex === sectionIndex && part.isTile);
  const drawn = draws === "pdf" ? sectionIndexes.filter(hasTiles) : sectionIndexes;
  return drawn.map((sectionIndex) => ({
    chosen,
    parts: indexes.filter((index) => parts[index]?.sectionIndex === sectionIndex),
    number: isOne ? null : sectionIndex + 1,
  }));
}

/** Files are shared by the deliveries that want them: the narrowest destination says when the whole is of no use. */
function smallestCap({ deliver }: Report, { destination }: Pick<Adapters, "destination">): number {
  const caps = deliver.map(({ destination: { kind } }) => destination(kind).attachmentBytesMax);
  return Math.min(Number.POSITIVE_INFINITY, ...caps.filter((cap) => cap !== null));
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
  { chosen, parts: indexes, number }: FilePlan,
  order: ArtifactOrder & { readonly number: number; readonly bytesMax: number },
  { format }: Pick<Adapters, "format">,
): Promise<Artifact | null> {
  const { run, report, parts, message, spool, signal, bytesMax } = order;
  const results = format(chosen.kind).isWhole(chosen.options) ? order.results : order.shown;
  const [at] = indexes;
  const first = at === undefined ? undefined : parts[at];
  const sections = indexes.map(
    (index): FormatSection => ({
      index,
      title: message.sections[index]?.title ?? report.title,
      result: results[index] ?? null,
      filters: order.filters[index] ?? [],
    }),
  );
  const input: FormatInput = {
    sections,
    stem: stem(run, report, number === null ? null : sectionName(order, { sections, first, number })),
    spool: within(spool, `file-${order.number + 1}-`),
    signal,
    message,
    bytesMax,
    async draw(drawing) {
      if (at === undefined) throw new RangeError("There is no content to draw.");
      return order.draw(at, drawing, signal);
    },
  };
  try {
    if (sections.some(({ result }) => result?.csv !== undefined)) await spool.ensureRoom();
    return await format(chosen.kind).render(input, chosen.options);
  } catch (thrown) {
    // With its section, where it is of one.
    throw thrown instanceof ReportError && first !== undefined && number !== null
      ? inPart(thrown, first, report)
      : thrown;
  }
}

/** "weekly-delays-2026-11-16", with the section's name where there are several. */
function stem(run: Run, report: Report, section: string | null): string {
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: report.schedule.timezone }).format(run.dueAt);
  const part = section === null ? "" : `-${section}`;
  return `${report.name}${part}-${date}`;
}

/**
 * "delay-by-carrier": the title of the section, or of the dashboard that a file holds several tiles of. Its number where it has no title of its own,
 * and after a title that others have too.
 */
function sectionName(
  { message, report }: ArtifactOrder,
  {
    sections,
    first,
    number,
  }: { sections: readonly FormatSection[]; first: Part | undefined; number: number },
): string {
  const title = sections.length === 1 ? sections[0]?.title : first?.isTile === false ? first.title : null;
  const name = slug(title ?? "");
  if (name === "" || name === slug(report.name) || name === slug(report.title)) return String(number);
  const alike = message.sections.filter((one) => slug(one.title) === name);
  return alike.length > 1 ? `${name}-${number}` : name;
}

/** Words in letters that file names and shells leave alone, of any script: "delay-by-carrier". */
function slug(title: string): string {
  const words = title
    .slice(0, TITLE_CHARS_MAX)
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== "");
  let name = "";
  for (const word of words) {
    const longer = name === "" ? word : `${name}-${word}`;
    if (longer.length > SLUG_CHARS_MAX) break;
    name = longer;
  }
  return name || (words[0] ?? "").slice(0, SLUG_CHARS_MAX);
}

/** Two files of one name (the same section, formatted and raw) must not meet in the spool. */
function within(spool: Spool, prefix: string): Spool {
  return { ...spool, path: (name) => spool.path(prefix + name) };
}
