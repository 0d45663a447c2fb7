import { readFileSync } from "node:fs";
import { type AppConfig, formatProblems } from "../../app/app.ts";
import { chartProblems } from "../../app/check.ts";
import { checkOnline } from "../../app/check-online.ts";
import { configNotes } from "../../app/notes.ts";
import { readReports } from "../../app/reports-file.ts";
import { plainLine } from "../../core/rules/plain-text.ts";
import { withApp } from "../context.ts";
import { asJsonLines } from "../history/json-lines.ts";
import { DONE, type Io, WRONG } from "../io.ts";
import { scheduleNotes } from "./schedule-notes.ts";

export interface CheckOptions {
  readonly online?: boolean;
  readonly json?: boolean;
}

/** `lookpost check`: every problem of a reports.yaml at once, and how its schedules are read; with --online also those that only Looker, Slack and the mail server know. */
export async function checkCommand(file: string, options: CheckOptions, io: Io): Promise<number> {
  const { config, problems } = readReports(file, io.env);
  const online =
    options.online === true && config !== null
      ? await withApp(config, io, (app) => checkOnline(app, io.stop))
      : [];
  const charts = config === null ? [] : await chartProblems(config);
  const all = [...problems, ...charts, ...online];
  const isWrong = all.some(({ isNote }) => isNote !== true);
  if (!isWrong) all.push(...(config?.notes ?? []));
  if (options.json === true) io.out.write(asJsonLines(all));
  else {
    if (all.length > 0) io.err.write(formatProblems(all, { color: io.err.isTTY === true }));
    if (!isWrong) io.out.write(praise(file, config, options));
  }
  if (config !== null && options.json !== true) {
    for (const note of configNotes(config, io.env)) io.err.write(`Note: ${plainLine(note)}\n`);
    const texts = config.files.map((each) => ({ file: each, text: readFileSync(each, "utf8") }));
    for (const note of scheduleNotes(config.reports, texts)) io.err.write(`${plainLine(note)}\n`);
  }
  return isWrong ? WRONG : DONE;
}

function praise(file: string, config: AppConfig | null, { online }: CheckOptions): string {
  const reports = config?.reports.length ?? 0;
  const others = (config?.files.length ?? 1) - 1;
  const more = others === 0 ? "" : ` and ${others} included ${others === 1 ? "file" : "files"}`;
  const hint = online === true ? ", online too" : " (--online also asks Looker, Slack and the mail server)";
  return `${file}${more}: ${reports} ${reports === 1 ? "report" : "reports"}, no problems${hint}.\n`;
}
