import { type App, startScheduler } from "../app.ts";
import { toReportError } from "../core/error.ts";
import { duration } from "../core/quantity.ts";
import { aborted, type ConfigOption, DONE, type Io, wholeConfig, withApp } from "./context.ts";
import { eventLine, serviceLog } from "./service-log.ts";

export interface StartOptions extends ConfigOption {
  readonly graceSeconds: number;
}

/** `lookpost start`: the service. Runs until it is asked to stop; everything it does is one line of JSON on stdout. */
export async function startCommand(options: StartOptions, io: Io): Promise<number> {
  const config = wholeConfig(options.config, io);
  await withApp(config, io, (app) => serve(app, options, io));
  return DONE;
}

async function serve(app: App, { graceSeconds }: StartOptions, io: Io): Promise<void> {
  const { config } = app;
  const log = serviceLog(io);
  const trouble = (thrown: unknown) =>
    log.error({ reason: app.redact(toReportError(thrown).message) }, "trouble");
  openAll(app);
  const worker = await app.startWorker({
    role: "service",
    listener: (event) => eventLine(event, log),
    trouble,
  });
  try {
    const scheduler = startScheduler(config.reports, async (report, dueAt) => {
      const run = await worker.claim(report.name, dueAt, "schedule").catch(trouble);
      if (run === null) log.info({ report: report.name, dueAt }, "tick was claimed already");
    });
    log.info({ reports: scheduler.size, config: config.file, store: config.store.directory }, "started");
    await aborted(io.stop);
    log.info({ grace: duration(graceSeconds * 1000) }, "stopping: no new ticks; what runs may end");
    await scheduler.stop();
  } finally {
    await worker.stop(graceSeconds * 1000);
    log.info("stopped");
  }
}

/** A connection that is wrong by itself is better found now than at 08:05 on Monday. */
function openAll(app: App): void {
  app.looker();
  const kinds = app.config.reports.flatMap(({ deliver }) =>
    deliver.map(({ destination }) => destination.kind),
  );
  for (const kind of new Set(kinds)) app.destination(kind);
}
