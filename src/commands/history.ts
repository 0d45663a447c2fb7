import type { AppConfig } from "../app.ts";
import { showLocal } from "../core/due.ts";
import { ReportError } from "../core/error.ts";
import { DEAD_AFTER_MS, type Ledger } from "../core/ledger.ts";
import { bytes, duration, rows } from "../core/quantity.ts";
import type { Delivery, Run, SectionRecord } from "../core/run.ts";
import { columns } from "./columns.ts";
import { type ConfigOption, DONE, type Io, usableConfig, withApp } from "./context.ts";
import { runLines } from "./json-lines.ts";
import { findReport } from "./run.ts";
import { deliveryWord, repeatCommand, runWord } from "./words.ts";

export interface HistoryOptions extends ConfigOption {
  readonly run?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `lookpost history`: the latest runs, or one run with its queries and deliveries. */
export async function historyCommand(
  report: string | undefined,
  options: HistoryOptions,
  io: Io,
): Promise<number> {
  const config = usableConfig(options.config, io);
  const zones = new Map(config.reports.map((one) => [one.name, one.schedule.timezone]));
  const zoneOf = (run: Run) => zones.get(run.report) ?? "UTC";
  return withApp(config, io, async (app) => {
    const ledger = await app.ledger();
    // Where no service runs, nobody else writes down what a process that died left under way.
    await ledger.sweep(new Date(Date.now() - DEAD_AFTER_MS), new Date());
    const runs =
      options.run === undefined
        ? await latest(ledger, report, options.limit, config)
        : [await oneRun(ledger, options.run)];
    if (options.json === true) {
      for (const run of runs) io.out.write(runLines(run, await ledger.deliveries(run.id)));
    } else if (options.run === undefined) {
      io.out.write(runs.length === 0 ? "Nothing has run yet.\n" : await asTable(runs, ledger, zoneOf));
    } else {
      for (const run of runs) io.out.write(await inFull(run, ledger, zoneOf(run)));
    }
    return DONE;
  });
}

async function latest(
  ledger: Ledger,
  report: string | undefined,
  limit: number,
  config: AppConfig,
): Promise<readonly Run[]> {
  if (report === undefined) return ledger.runs({ limit });
  const runs = await ledger.runs({ report, limit });
  // A report that was removed still has its history; a name that nobody knows is a slip.
  if (runs.length === 0) findReport(report, config);
  return runs;
}

async function oneRun(ledger: Ledger, id: string): Promise<Run> {
  const run = await ledger.run(id);
  if (run !== null) return run;
  throw new ReportError(`There is no run "${id}" in the ledger.`, {
    code: "config",
    advice: "`lookpost history` lists the latest ones.",
  });
}

async function asTable(runs: readonly Run[], ledger: Ledger, zoneOf: (run: Run) => string): Promise<string> {
  const lines = [["due", "report", "run", "state", "rows", ""]];
  for (const run of runs) {
    const deliveries = await ledger.deliveries(run.id);
    lines.push([
      showLocal(run.dueAt, zoneOf(run)),
      run.report,
      run.id,
      runWord(run),
      run.rows === null ? "–" : String(run.rows),
      remark(run, deliveries),
    ]);
  }
  return columns(lines);
}

function remark(run: Run, deliveries: readonly Delivery[]): string {
  if (run.reason !== null) return run.reason;
  const sent = deliveries.filter((delivery) => delivery.state === "sent").length;
  const trouble = deliveries.find((delivery) => delivery.state !== "sent" || delivery.refused.length > 0);
  const tally = deliveries.length === 0 ? "" : `${sent} of ${deliveries.length} sent`;
  return trouble === undefined
    ? tally
    : `${tally}; ${trouble.kind} ${trouble.target}: ${deliveryWord(trouble)}`;
}

async function inFull(run: Run, ledger: Ledger, zone: string): Promise<string> {
  const sections = await ledger.sections(run.id);
  const deliveries = await ledger.deliveries(run.id);
  const head = columns([
    ["run", run.id],
    ["report", run.report],
    ["due", showLocal(run.dueAt, zone)],
    ["asked by", run.trigger === "schedule" ? "its schedule" : "a person"],
    ["state", runWord(run) + (run.reason === null ? "" : `: ${run.reason}`)],
    ...(run.advice === null ? [] : [["to do", run.advice]]),
    ...(run.state === "failed" || run.state === "cut_short" ? [["once more", repeatCommand(run)]] : []),
    ["started", run.startedAt === null ? "–" : showLocal(run.startedAt, zone)],
    ["took", run.startedAt && run.endedAt ? duration(run.endedAt.getTime() - run.startedAt.getTime()) : "–"],
  ]);
  return `${head}${sections.map(sectionLines).join("")}${deliveries.map(deliveryLines).join("")}`;
}

function sectionLines(section: SectionRecord): string {
  const size = section.rows === null ? "no result" : rows(section.rows);
  const took = section.tookMs === null ? "" : ` in ${duration(section.tookMs)}`;
  const warnings = section.warnings.map((warning) => `    ${warning}\n`).join("");
  return `\nquery ${section.section + 1}  ${section.title}: ${size}${took} (task ${section.taskId ?? "–"})\n${warnings}`;
}

function deliveryLines(delivery: Delivery): string {
  const size = delivery.bytes ? `, ${bytes(delivery.bytes)} attached` : "";
  const more = [
    delivery.externalId === null ? null : `as ${delivery.externalId}`,
    delivery.reason,
    delivery.advice,
    ...delivery.refused.map(({ recipient, reason }) => `refused for ${recipient}: ${reason}`),
  ].filter((words) => words !== null);
  const line = `\n${delivery.kind}  ${delivery.target}: ${deliveryWord(delivery)}${size} (delivery ${delivery.id})\n`;
  return line + more.map((words) => `    ${words}\n`).join("");
}
