import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Ledger } from "../../src/core/ports/ledger.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/sqlite.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { keptPort } from "../ports.ts";
import {
  type Ended,
  jsonLines,
  type Program,
  run,
  start,
  temporaryFolder,
  until,
  whenFinished,
} from "./program.ts";

/** The tick that a test's reports have missed: late enough to be caught up. */
export const TICK = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 5 * 60_000);
export const HOUR_MS = 60 * 60_000;
/** Daily at the tick: the next is most of a day away, and overtakes nothing. */
export const DAILY = `${TICK.getUTCMinutes()} ${TICK.getUTCHours()} * * *`;
export const HOURLY = `${TICK.getUTCMinutes()} * * * *`;

const HEAD = `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
server: 0
`;

export interface Line {
  readonly [key: string]: unknown;
}

/** A service that runs, and what it says. */
export interface Service extends Program {
  /** The lines of its log with this message so far. */
  said(message: string): Line[];
  /** Resolves with the first of them. */
  says(message: string, suits?: (line: Line) => boolean): Promise<Line>;
  kill(signal: NodeJS.Signals): void;
  /** What /readyz answers. */
  ready(): Promise<{
    readonly status: number;
    readonly checks: Record<string, { ok: boolean; message?: string }>;
  }>;
}

/** A folder with a reports.yaml and its ledger, over a sandbox of its own. */
export interface Desk {
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** Writes reports.yaml: `reports` as under `reports:`, `head` after the connections. */
  write(reports: string, head?: string): void;
  /** As if a service had promised the reports their next ticks from this one on, and had then been down. */
  promise(reports: readonly string[], since?: Date, cron?: string): Promise<void>;
  start(...args: readonly (string | Environment)[]): Service;
  lookpost(...args: readonly string[]): Promise<Ended>;
  /** `history --json`. */
  history(...args: readonly string[]): Promise<Line[]>;
  /** `history`, without line breaks and alignment. */
  words(...args: readonly string[]): Promise<string>;
}

/** What one process has in its environment in addition to the sandbox's. */
interface Environment {
  readonly env: Record<string, string>;
}

export interface DeskOptions {
  readonly reports: string;
  readonly head?: string;
  readonly queryMs?: number;
  readonly env?: Record<string, string>;
  readonly openLedger?: (folder: string) => Promise<Ledger>;
  /** Changes reports.yaml each time before it is written. */
  readonly edit?: (text: string) => string;
  /** The command line of the service; from the source unless given. */
  readonly program?: readonly string[];
}

export async function openDesk(options: DeskOptions): Promise<Desk> {
  const folder = temporaryFolder();
  // Some are closed and opened again.
  const [lookerPort, smtpPort, slackPort] = [await keptPort(), await keptPort(), await keptPort()];
  const sandbox = await startSandbox({ queryMs: options.queryMs ?? 5, lookerPort, smtpPort, slackPort });
  whenFinished(async () => {
    await sandbox.close();
    rmSync(sandbox.outbox, { recursive: true, force: true });
  });
  const env = { ...sandbox.env, ...options.env };
  const lookpost = (...args: readonly string[]) => run(args, env, folder);
  const desk: Desk = {
    folder,
    sandbox,
    lookpost,
    write: (reports, head = options.head ?? "") =>
      writeFileSync(
        join(folder, "reports.yaml"),
        (options.edit ?? ((text) => text))(`${HEAD}${head}reports:\n${reports}`),
      ),
    async promise(reports, since = TICK, cron = DAILY) {
      const ledger = await (options.openLedger ?? ((at) => openSqliteLedger(join(at, "data"))))(folder);
      const plans = reports.map((report) => ({ report, cron, timezone: "UTC", nextAt: since }));
      await ledger.plan(plans, new Date());
      await ledger.close();
    },
    start(...args) {
      const words = args.filter((arg) => typeof arg === "string");
      const more = args.filter((arg) => typeof arg !== "string").map((arg) => arg.env);
      const environment = Object.assign({}, env, ...more);
      return service(start(["start", ...words], environment, folder, options.program));
    },
    async history(...args) {
      const { out, err, code } = await lookpost("history", "--json", ...args);
      expect({ err, code }).toEqual({ err: "", code: 0 });
      return jsonLines(out);
    },
    async words(...args) {
      const { out, err, code } = await lookpost("history", ...args);
      expect({ err, code }).toEqual({ err: "", code: 0 });
      return flat(out);
    },
  };
  desk.write(options.reports);
  return desk;
}

/** A desk whose reports have all missed the tick. */
export async function overdueDesk(options: DeskOptions): Promise<Desk> {
  const desk = await openDesk(options);
  await desk.promise(reportsIn(options.reports));
  return desk;
}

function reportsIn(reports: string): string[] {
  return [...reports.matchAll(/^ {2}([\w-]+):/gm)].map(([, name]) => name ?? "");
}

function service(program: Program): Service {
  const lines = readLines(program);
  const said = (message: string) => lines().filter(({ msg }) => msg === message);
  const told = (words: string) => `The service ${words}:\n${program.out()}${program.err()}`;
  return {
    ...program,
    said,
    async says(message, suits = () => true) {
      const found = () => said(message).find(suits);
      await until(() => found() !== undefined || program.process.exitCode !== null).catch((cause) => {
        throw new Error(told(`did not say "${message}"`), { cause });
      });
      const line = found();
      if (line === undefined) throw new Error(told(`ended without saying "${message}"`));
      return line;
    },
    kill: (signal) => void program.process.kill(signal),
    async ready() {
      const [line] = said("answers /healthz and /readyz");
      const response = await fetch(`${line?.url}/readyz`);
      const { checks } = (await response.json()) as Awaited<ReturnType<Service["ready"]>>;
      return { status: response.status, checks };
    },
  };
}

/** What a program has logged so far. Each line is read once: tests ask for them many times a second. */
function readLines(program: Program): () => readonly Line[] {
  const lines: Line[] = [];
  let end = 0;
  return () => {
    const more = program.out().slice(end);
    const whole = more.slice(0, more.lastIndexOf("\n") + 1);
    lines.push(...jsonLines(whole));
    end += whole.length;
    return lines;
  };
}

/** Without line breaks and alignment. */
export function flat(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** Those of one type, and of one report if it is named. */
export function ofType(lines: readonly Line[], type: string, report?: string): Line[] {
  return lines.filter((line) => line.type === type && (report === undefined || line.report === report));
}

/** The address of everyone who got an email, as often as they got one. */
export async function received({ sandbox }: Desk): Promise<string[]> {
  const mails = await sandbox.smtp.messages();
  return mails.flatMap(({ recipients }) => recipients).sort();
}
