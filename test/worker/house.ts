import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ParsedMail, simpleParser } from "mailparser";
import { onTestFinished } from "vitest";
import { type App, openApp, type Worker } from "../../src/app/app.ts";
import { readReports } from "../../src/app/reports-file.ts";
import type { Event } from "../../src/core/model/event.ts";
import type { Delivery, Run } from "../../src/core/model/run.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";

/** The whole program over a sandbox, with reports of the test's own. */
export interface House {
  readonly app: App;
  readonly worker: Worker;
  readonly sandbox: Sandbox;
  readonly events: readonly Event[];
  /** Runs the report for `dueAt` and returns what the ledger has of it. */
  run(report: string, dueAt?: Date): Promise<{ run: Run; deliveries: readonly Delivery[] }>;
  mails(): Promise<ParsedMail[]>;
}

// The sandbox dates its data by it: a test that runs over midnight sees one day.
const STARTED = new Date();

const HEAD = `
version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: Data Team <reports@example.com> }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
`;

export async function openHouse(reports: string, options: SandboxOptions = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-house-"));
  const sandbox = await startSandbox({
    queryMs: 5,
    now: () => STARTED,
    ...options,
    outbox: join(folder, "outbox"),
  });
  const file = join(folder, "reports.yaml");
  writeFileSync(file, `${HEAD}store: file:${join(folder, "data")}\nreports:\n${reports}`);
  const { config, problems } = readReports(file, sandbox.env);
  if (config === null || problems.length > 0) throw new Error(JSON.stringify(problems));
  const app = openApp(config, sandbox.env);
  const events: Event[] = [];
  const worker = await app.startWorker({
    role: "service",
    listener: (event) => events.push(event),
    trouble: (thrown) => {
      throw thrown;
    },
  });
  onTestFinished(async () => {
    await worker.stop(0);
    await app.close();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { app, worker, sandbox, events, run: runner(app, worker), mails: () => mailsIn(sandbox) };
}

function runner(app: App, worker: Worker): House["run"] {
  return async (report, dueAt = new Date("2026-11-16T13:00:00Z")) => {
    const ledger = await app.ledger();
    const claimed = await worker.claim({ report, dueAt, kind: "tick", trigger: "schedule" });
    await worker.idle();
    const run = claimed === null ? null : await ledger.run(claimed.id);
    if (run === null) throw new Error("the tick was claimed already");
    return { run, deliveries: await ledger.deliveries(run.id) };
  };
}

function mailsIn({ outbox }: Sandbox): Promise<ParsedMail[]> {
  const folder = join(outbox, "mail");
  const files = readdirSync(folder).filter((name) => name.endsWith(".eml"));
  return Promise.all(files.sort().map((name) => simpleParser(readFileSync(join(folder, name)))));
}
