import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Env, openApp } from "../../src/app/app.ts";
import { readReports } from "../../src/app/reports-file.ts";
import type { Io } from "../../src/commands/io.ts";
import type { RunClaim } from "../../src/core/model/entry.ts";
import type { Run } from "../../src/core/model/run.ts";
import type { Ledger } from "../../src/core/ports/ledger.ts";

/** Monday, 08:00 in New York. */
export const DUE = new Date("2026-11-16T13:00:00Z");

/** So many minutes and seconds after the tick. */
export function at(minutes: number, seconds = 0): Date {
  return new Date(DUE.getTime() + minutes * 60_000 + seconds * 1000);
}

const REPORTS = `version: 1
looker: { base_url: "https://looker.example.com", client_id: "\${ID}", client_secret: "\${SECRET}" }
email: { smtp: "\${SMTP}", from: reports@example.com }
slack: { token: "\${TOKEN}" }
defaults: { timezone: America/New_York, retry: { tries: 6, over: 2h } }
reports:
  weekly: { schedule: "0 8 * * mon", look: 42, deliver: [{ email: ops@example.com }] }
  daily: { schedule: "0 9 * * *", look: 43, deliver: [{ slack: "#ops" }] }
`;
const ENV = { ID: "id", SECRET: "looker-secret", SMTP: "smtp://127.0.0.1:9", TOKEN: "xoxb-a-token" };

export interface Desk {
  readonly folder: string;
  readonly ledger: Ledger;
  readonly config: string;
  readonly io: Io;
  out(): string;
  err(): string;
  /** Ctrl-C. */
  interrupt(): void;
}

/** A reports.yaml with a ledger of its own, and a person who calls commands there. `later`: what the file has once the ledger is open. */
export async function openDesk(reports = REPORTS, env: Env = ENV, later = reports): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-commands-"));
  const file = join(folder, "reports.yaml");
  writeFileSync(file, reports);
  // As if the service had read it long ago.
  utimesSync(file, DUE, DUE);
  const { config } = readReports(file, env);
  if (config === null) throw new Error("the test's reports.yaml is wrong");
  const app = openApp(config, env);
  onTestFinished(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(file, later);
  const said = { out: "", err: "" };
  const writing = (to: "out" | "err") => ({
    write: (text: string) => {
      said[to] += text;
    },
  });
  const stop = new AbortController();
  return {
    folder,
    ledger: await app.ledger(),
    config: file,
    io: { env, out: writing("out"), err: writing("err"), stop: stop.signal },
    out: () => said.out,
    err: () => said.err,
    interrupt: () => stop.abort(),
  };
}

/** Claims the weekly run of Monday unless told otherwise. */
export async function claim(ledger: Ledger, over: Partial<RunClaim> = {}): Promise<Run> {
  const run = await ledger.claimRun({
    id: "run1",
    report: "weekly",
    dueAt: DUE,
    burst: "",
    trigger: "schedule",
    reservedFor: null,
    kind: "tick",
    expectAt: null,
    at: at(0),
    ...over,
  });
  if (run === null) throw new Error("the run was claimed already");
  return run;
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Without line breaks and alignment. */
export function flat(text: string): string {
  return text.replace(/\s+/g, " ");
}
