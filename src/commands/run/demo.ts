import type { App, Worker } from "../../app/app.ts";
import { onSandbox } from "../../app/on-sandbox.ts";
import { type Sandbox, startSandbox } from "../../app/sandbox.ts";
import { toReportError } from "../../core/error.ts";
import type { Listener } from "../../core/model/event.ts";
import type { Run } from "../../core/model/run.ts";
import { type ConfigOption, withApp } from "../context.ts";
import { runLines } from "../history/json-lines.ts";
import { endedWell } from "../history/words.ts";
import { aborted, DONE, FAILED, type Io, type Output, printError, spelling } from "../io.ts";
import { wholeConfig } from "../reports.ts";
import { progressListener } from "./progress.ts";
import type { SandboxOptions } from "./sandbox.ts";

export interface DemoOptions extends ConfigOption, SandboxOptions {
  readonly once?: boolean;
}

const GRACE_MS = 5_000;

/** `lookpost demo`: every report once over the sandbox, then their schedules until it is asked to stop. */
export async function demoCommand(options: DemoOptions, io: Io): Promise<number> {
  const { once, json, config: file, ...ports } = options;
  const sandbox = await startSandbox(ports);
  try {
    const config = onSandbox(wholeConfig(file, { ...io, env: { ...io.env, ...sandbox.env } }), sandbox);
    const onLoopback = { ...io, env: sandbox.env };
    return await withApp(config, onLoopback, (app) => round(app, sandbox, options, io), sandbox.outbox);
  } finally {
    await sandbox.close();
  }
}

async function round(app: App, sandbox: Sandbox, { once, json }: DemoOptions, io: Io): Promise<number> {
  const talk = json === true ? io.err : io.out;
  talk.write(`lookpost demo over a sandbox Looker: ${sandbox.note}.\n\n`);
  const trouble = (thrown: unknown) => printError(toReportError(thrown), io);
  const callbacks = { listener: progressListener(talk), trouble };
  const worker = await app.startWorker({ role: "service", ...callbacks, ...spelling(io) });
  try {
    const runs = await runAll(app, worker, io);
    if (json === true) await printJson(runs, app, io);
    talk.write(`\nDelivered mail and Slack files: ${sandbox.outbox}\n`);
    if (once === true) talk.write("Without --once, a page shows them as their recipients would see them.\n");
    else await keepRunning(app, worker, sandbox, { talk, ...callbacks }, io);
    return runs.every(endedWell) ? DONE : FAILED;
  } finally {
    await worker.stop(GRACE_MS);
  }
}

/** One after the other, so that what is printed can be read. */
async function runAll(app: App, worker: Worker, io: Io): Promise<Run[]> {
  const ledger = await app.ledger();
  const runs: Run[] = [];
  for (const report of app.config.reports) {
    if (io.stop.aborted) break;
    const claimed = await worker.claim({
      report: report.name,
      dueAt: new Date(),
      kind: "by_hand",
      trigger: "manual",
    });
    await worker.idle();
    const run = claimed === null ? null : await ledger.run(claimed.id);
    if (run !== null) runs.push(run);
  }
  return runs;
}

async function printJson(runs: readonly Run[], app: App, io: Io): Promise<void> {
  const ledger = await app.ledger();
  for (const run of runs) io.out.write(runLines(run, await ledger.deliveries(run.id)));
}

async function keepRunning(
  app: App,
  worker: Worker,
  sandbox: Sandbox,
  { talk, ...callbacks }: { talk: Output; listener: Listener; trouble: (thrown: unknown) => void },
  io: Io,
): Promise<void> {
  const timetable = await app.startTimetable(worker, callbacks);
  talk.write(`\nSee what arrived, as its recipients would:  ${sandbox.page.url}\n`);
  talk.write(`${timetable.size} reports keep running on their schedules until Ctrl-C.\n`);
  await aborted(io.stop);
  await timetable.stop();
}
