import type { App, startServer } from "../../app/app.ts";
import { spoolRoot } from "../../app/config.ts";
import { isTemplate } from "../../core/ports/template.ts";

type ServedLinks = NonNullable<Parameters<typeof startServer>[0]["links"]>;

/** What answers those who follow a link of a report, where `server.url` says that they reach this process. */
export function servedLinks(app: App): ServedLinks | null {
  const url = app.config.server?.url ?? null;
  if (url === null) return null;
  return {
    url,
    spoolRoot: spoolRoot(app.config),
    now: () => app.clock.now(),
    find: async (tokenHash, at) => (await app.ledger()).link(tokenHash, at),
    origin: (runId) => originOf(runId, app),
    embed: (target, signal) => app.embed(target, signal),
  };
}

async function originOf(runId: string, app: App): ReturnType<ServedLinks["origin"]> {
  const run = await (await app.ledger()).run(runId);
  if (run === null) return null;
  const report = app.config.reports.find(({ name }) => name === run.report);
  // A title that is a template was filled for the message alone.
  const title = report === undefined || isTemplate(report.title) ? run.report : report.title;
  return {
    title,
    dueAt: run.dueAt,
    timezone: report?.schedule.timezone ?? "UTC",
    owner: report?.owner ?? null,
  };
}
