import { readFile, rename, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Artifact } from "../core/artifact.ts";
import type { Message, MessageSection, RunLabel } from "../core/message.ts";
import type { Report, SectionPlan } from "../core/report.ts";
import type { Result } from "../core/result.ts";
import type { Run } from "../core/run.ts";
import type { Spool } from "../core/spool.ts";

/** What a delivery needs besides its options, kept in the spool so that it can be made after a restart. */
export interface StoredMessage {
  readonly message: Omit<Message, "key" | "artifacts">;
  /** Files by delivery (`deliveryName`): the order of a report's `deliver` may change while one waits. */
  readonly attached: Readonly<Record<string, readonly Artifact[]>>;
}

/** What names a delivery within its run. */
export function deliveryName({ kind, target }: { readonly kind: string; readonly target: string }): string {
  return `${kind} ${target}`;
}

const FILE = "message.json";

/** Written whole or not at all: a kill must not leave half a message that is read as one. */
export async function writeMessage(spool: Spool, stored: StoredMessage): Promise<void> {
  const draft = spool.path(`${FILE}.draft`);
  // By their names alone: the folder may be moved, or be another on the next machine.
  const text = JSON.stringify(withPaths(stored, (path) => relative(spool.directory, path)));
  await writeFile(draft, text, { flush: true });
  await rename(draft, spool.path(FILE));
}

/** Null where the spool has been emptied since. */
export async function readMessage(spool: Spool): Promise<StoredMessage | null> {
  const text = await readFile(spool.path(FILE), "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return null;
    throw cause;
  });
  if (text === null) return null;
  return withPaths(JSON.parse(text) as StoredMessage, (path) => join(spool.directory, path));
}

function withPaths({ message, attached }: StoredMessage, change: (path: string) => string): StoredMessage {
  const changed = ({ file, ...artifact }: Artifact) => ({
    ...artifact,
    file: { ...file, path: change(file.path) },
  });
  const files = Object.entries(attached).map(([name, artifacts]) => [name, artifacts.map(changed)] as const);
  return { message, attached: Object.fromEntries(files) };
}

export function composeMessage(
  run: Run,
  report: Report,
  results: readonly Result[],
): StoredMessage["message"] {
  return {
    run: runLabel(run, report),
    purpose: "report",
    subject: report.title,
    intro: null,
    sections: report.sections.flatMap((plan, index) => {
      const result = results[index];
      return result === undefined ? [] : [composeSection(plan, report, result)];
    }),
    notices: [],
  };
}

export function runLabel(run: Run, report: Report): RunLabel {
  return {
    id: run.id,
    report: report.name,
    title: report.title,
    owner: report.owner,
    dueAt: run.dueAt.toISOString(),
    timezone: report.schedule.timezone,
  };
}

function composeSection(plan: SectionPlan, report: Report, result: Result): MessageSection {
  return {
    title: plan.title ?? result.title ?? report.title,
    table: { ...result.table, rows: result.table.rows.slice(0, plan.rowsShown) },
    rowsShown: plan.rowsShown,
    show: plan.show,
    url: result.url,
    ranAt: result.ranAt.toISOString(),
    fromCache: result.fromCache,
    notices: result.warnings,
  };
}
