import { startScheduler } from "../app.ts";
import { toReportError } from "../core/error.ts";
import { duration } from "../core/quantity.ts";
import type { Report } from "../core/report.ts";
import { aborted, type ConfigOption, DONE, type Io, wholeConfig, withApp } from "./context.ts";
import { eventLine, serviceLog } from "./service-log.ts";

export interface StartOptions extends ConfigOption {
  readonly graceSeconds: number;
}

/** `lookpost start`: the service. Runs until it is asked to stop; everything it does is one line of JSON on stdout. */
export async function startCommand(options: StartOptions, io: Io): Promise<number> {
  const config = wholeConfig(options.config, io);
  const log = serviceLog(io);
  await withApp(config, io, async (app) => {
    // A wrong connection is found at 08:05 on Monday, unless the start looks for it.
    app.looker();
    for (const kind of new Set(
      config.reports.flatMap((report) => report.deliver.map((to) => to.destination.kind)),
    )) {
      app.destination(kind);
    }
    const trouble = (thrown: unknown) =>
      log.error({ reason: app.redact(toReportError(thrown).message) }, "trouble");
    const worker = await app.startWorker({ listener: (event) => eventLine(event, log), trouble });
    const tick = async (report: Report, dueAt: Date) => {
      const run = await worker.claim(report.name, dueAt, "schedule").catch(trouble);
      if (run === null) log.info({ report: report.name, dueAt }, "tick was claimed already");
    };
    const scheduler = startScheduler(config.reports, tick);
    log.info({ reports: scheduler.size, config: config.file, store: config.store.directory }, "started");
    await aborted(io.stop);
    log.info({ grace: duration(options.graceSeconds * 1000) }, "stopping: no new ticks; what runs may end");
    await scheduler.stop();
    await worker.stop(options.graceSeconds * 1000);
    log.info("stopped");
  });
  return DONE;
}
