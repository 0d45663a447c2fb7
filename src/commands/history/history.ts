import type { AppConfig, LedgerReader } from "../../app/app.ts";
import { countsAsTick, type Run } from "../../core/model/run.ts";
import type { ReadableLedger } from "../../core/ports/readable-ledger.ts";
import { HELD } from "../../core/rules/circuit.ts";
import { showLocal } from "../../core/rules/due.ts";
import { plainly } from "../../core/rules/plain-text.ts";
import { type ConfigOption, withApp } from "../context.ts";
import { DONE, type Io } from "../io.ts";
import { widthOf, wrapped } from "../layout.ts";
import { findRun, findSchedule } from "../lookup/find.ts";
import { ledgerConfig } from "../reports.ts";
import { asFreed } from "./freed.ts";
import { ledgerLine, runLines, runLinesInFull, statusLines } from "./json-lines.ts";
import { type RunView, runSummary } from "./run-summary.ts";
import { type SystemStatus, statusSentences, systemStatus } from "./system-status.ts";
import { type RunInFull, timeLine } from "./time-line.ts";
import { clauses, endedWell, runWord, type Scene } from "./words.ts";

export interface HistoryOptions extends ConfigOption {
  readonly run?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** What is shown, to whom and when. */
interface Viewing {
  readonly ledger: ReadableLedger;
  readonly reader: LedgerReader;
  readonly config: AppConfig;
  readonly status: SystemStatus;
  /** Ids of runs that were just found to have lost their worker. */
  readonly freed: ReadonlySet<string>;
  readonly io: Io;
}

/** `lookpost history`: the latest runs, or one run as a time line, as they are at `now`. */
export async function historyCommand(
  report: string | undefined,
  options: HistoryOptions,
  io: Io,
  now = new Date(),
): Promise<number> {
  const config = ledgerConfig(options.config, io);
  return withApp(config, io, async (app) => {
    const isJson = options.json === true;
    const reader = await app.reader();
    const found = await systemStatus(reader.ledger, now, config);
    const status = isJson ? found : plainly(found);
    const { ledger, freed } = await asFreed(reader.ledger, now);
    const viewing = { ledger, reader, config, status, freed, io };
    if (options.run !== undefined) {
      const full = await inFull(await findRun(options.run, ledger), viewing);
      io.out.write(
        isJson
          ? runLinesInFull(full) + ledgerLine(reader.name, reader.readOnly)
          : oneRun(plainly(full), viewing),
      );
    } else {
      const runs = await latest(report, options.limit, viewing);
      io.out.write(isJson ? await asJson(runs, viewing) : await asTable(plainly(runs), viewing));
    }
    return DONE;
  });
}

async function latest(
  report: string | undefined,
  limit: number,
  { ledger, config }: Viewing,
): Promise<readonly Run[]> {
  if (report === undefined) return ledger.runs({ limit });
  const runs = await ledger.runs({ report, limit });
  // A report that was removed still has its history; an unknown name is a typo.
  if (runs.length === 0) findSchedule(report, config);
  return runs;
}

async function asJson(runs: readonly Run[], { ledger, reader, status }: Viewing): Promise<string> {
  const lines = [statusLines(status)];
  for (const run of runs) lines.push(runLines(run, await ledger.deliveries(run.id)));
  lines.push(ledgerLine(reader.name, reader.readOnly));
  return lines.join("");
}

const HEADINGS = ["due", "report", "run", "state", "rows"];
const INDENT = 4;

async function asTable(runs: readonly Run[], viewing: Viewing): Promise<string> {
  const { ledger, status, config, io } = viewing;
  const width = widthOf(io.out);
  const notes = statusSentences(status, runs, config).map((words) => wrapped("", words, INDENT, width));
  const above = notes.length === 0 ? "" : `${notes.join("")}\n`;
  if (runs.length === 0) return `${above}Nothing has run yet.\n${sourceOf(viewing)}`;
  const lines = [];
  for (const run of runs) {
    const view = viewOf(run, plainly(await ledger.deliveries(run.id)), runs, viewing);
    lines.push({
      cells: cellsOf(run, config),
      summary: withoutRepeats(runSummary(view, sceneOf(run, viewing)), status),
    });
  }
  const hint = runs.every(endedWell)
    ? ""
    : "\n`lookpost history --run ID` shows a run in full, and what to do.\n";
  return above + tableOf(lines, width) + hint + sourceOf(viewing);
}

/** Why a server is out is said above the list, once. */
function withoutRepeats(summary: string, { circuits }: SystemStatus): string {
  return circuits.reduce((words, { reason }) => {
    const why = clauses(reason).map((each) => `${HELD}: ${each}`);
    return why.reduce((text, each) => text.replaceAll(each, " is out"), words);
  }, summary);
}

/** Several stores may be about, and the one that was read may not be the service's. */
function sourceOf({ reader, io }: Viewing): string {
  const { name, readOnly } = reader;
  return `\nRead from the ledger ${name}\n${readOnly === null ? "" : wrapped("", readOnly, INDENT, widthOf(io.out))}`;
}

function cellsOf(run: Run, config: AppConfig): readonly string[] {
  const due = showLocal(run.dueAt, zoneOf(run, config));
  return [due, run.report, run.id, stateOf(run), run.rows === null ? "–" : String(run.rows)];
}

/** Two runs of one tick are told apart where one of them does not count as it. */
function stateOf(run: Run): string {
  return countsAsTick(run) || run.kind === "file" ? runWord(run) : `${runWord(run)} (${run.kind})`;
}

/** A summary that does not fit next to its run goes below it, so that the columns can be read at any width. */
function tableOf(lines: readonly { cells: readonly string[]; summary: string }[], width: number): string {
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...lines.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const aligned = (cells: readonly string[]) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  const body = lines.map(({ cells, summary }) => {
    const row = `${aligned(cells)}  `;
    if (row.length + summary.length <= width) return `${(row + summary).trimEnd()}\n`;
    return `${row.trimEnd()}\n${wrapped(" ".repeat(INDENT), summary, INDENT, width)}`;
  });
  return `${aligned(HEADINGS).trimEnd()}\n${body.join("")}`;
}

/** How many runs of the report are looked at for the one that has to be done first. */
const QUEUE_MAX = 100;

async function inFull(run: Run, viewing: Viewing): Promise<RunInFull> {
  const { ledger, status } = viewing;
  const deliveries = [];
  for (const delivery of await ledger.deliveries(run.id)) {
    deliveries.push({ ...delivery, tried: await ledger.deliveryAttempts(delivery.id) });
  }
  const others = run.state === "planned" ? await ledger.runs({ report: run.report, limit: QUEUE_MAX }) : [];
  return {
    ...viewOf(run, deliveries, others, viewing),
    deliveries,
    attempts: await ledger.runAttempts(run.id),
    sections: await ledger.sections(run.id),
    isPaused: status.paused.some(({ report }) => report === run.report),
  };
}

function oneRun(full: RunInFull, viewing: Viewing): string {
  const { status, config, io } = viewing;
  const width = widthOf(io.out);
  const scene = { ...sceneOf(full.run, viewing), zone: zoneOf(full.run, config) };
  const about = {
    ...status,
    paused: status.paused.filter(({ report }) => report === full.run.report),
  };
  const notes = statusSentences(about, [full.run], config).map((words) => wrapped("", words, INDENT, width));
  return `${timeLine(full, scene, width)}${notes.length === 0 ? "" : `\n${notes.join("")}`}${sourceOf(viewing)}`;
}

function viewOf(
  run: Run,
  deliveries: RunView["deliveries"],
  others: readonly Run[],
  { freed }: Viewing,
): RunView {
  return { run, deliveries, after: ahead(run, others), wasFreed: freed.has(run.id) };
}

/** The ledger gives a report's ticks out one after the other, the oldest first. */
function ahead(run: Run, others: readonly Run[]): Run | null {
  if (run.state !== "planned" || !countsAsTick(run)) return null;
  const older = others.filter(
    (other) =>
      other.report === run.report &&
      countsAsTick(other) &&
      other.dueAt < run.dueAt &&
      (other.state === "planned" || other.state === "running") &&
      other.cancelAskedAt === null,
  );
  return older.at(-1) ?? null;
}

function sceneOf(run: Run, { status, config }: Viewing): Scene {
  const report = config.reports.find(({ name }) => name === run.report);
  return { now: status.now, zone: zoneOf(run, config), triesMax: report?.retry.triesMax ?? null };
}

function zoneOf({ report }: Run, { schedules }: AppConfig): string {
  return schedules.find(({ name }) => name === report)?.schedule.timezone ?? "UTC";
}
