import type { Logger } from "pino";
import { type App, startServer } from "../../app/app.ts";
import { spoolRoot } from "../../app/config.ts";
import { sameRecipient } from "../../core/model/unsubscription.ts";
import { isTemplate } from "../../core/ports/template.ts";
import { readinessOf, type ServiceState } from "./state.ts";

type Trouble = (thrown: unknown) => void;
type ServedLinks = NonNullable<Parameters<typeof startServer>[0]["links"]>;

/** /healthz, /readyz and what recipients follow links to, where the file wants them. */
export interface ServiceServer {
  /** Once there is something to say: that another service has the folder is reported before that its port is in use. */
  open(): Promise<void>;
  close(): Promise<void>;
}

export function serviceServer(app: App, state: ServiceState, log: Logger, trouble: Trouble): ServiceServer {
  const { server: options } = app.config;
  let server: Awaited<ReturnType<typeof startServer>> | null = null;
  return {
    async open() {
      if (options === null || server !== null) return;
      const { host, port } = options;
      const ready = () => readinessOf(state);
      const links = servedLinks(app, log);
      server = await startServer({
        ...{ host, port, health: () => ({ status: "ok" }), ready, trouble },
        ...(links !== null && { links }),
      });
      const recipients = links === null ? {} : { recipients: links.url };
      log.info({ url: server.url, ...recipients }, "answers /healthz and /readyz");
    },
    close: async () => server?.close(),
  };
}

/** What answers the links in messages; null where the file does not say how recipients reach this process (`server.url`). */
function servedLinks(app: App, log: Logger): ServedLinks | null {
  const url = app.config.server?.url ?? null;
  if (url === null) return null;
  return {
    url,
    spoolRoot: spoolRoot(app.config),
    now: () => app.clock.now(),
    find: async (tokenHash, at) => (await app.ledger()).link(tokenHash, at),
    origin: (runId) => originOf(runId, app),
    embed: (target, signal) => app.embed(target, signal),
    async isUnsubscribed({ report, kind, recipient }) {
      const all = await (await app.ledger()).unsubscribed(report);
      return all.some((one) => one.kind === kind && one.recipient === sameRecipient(recipient));
    },
    async unsubscribe(who) {
      if (await (await app.ledger()).unsubscribe(who, "link", app.clock.now())) log.info(who, "unsubscribed");
    },
    async resubscribe(who) {
      if (await (await app.ledger()).resubscribe(who)) log.info(who, "subscribed again");
    },
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
    brand: report?.brand ?? app.config.brand,
  };
}
