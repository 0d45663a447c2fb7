/**
 * What the embedded service costs while nothing is due: resident memory and processor time of `lookpost start` with 20 reports
 * that go out by email, Slack and to a folder, over the sandbox. The bound: 130 MB and 1 % of a core. After that a report is due:
 * what stays of a first run in memory is printed too. And how long it takes until the service has started, and short commands.
 *
 *   npm run build && node bench/idle.ts [runs, default 3] [seconds, default 30]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox } from "../src/sandbox/index.ts";
import { BUILT_CLI, benchArguments } from "./arguments.ts";
import { median, type Service, startService, writeReports } from "./service.ts";

const BOUND = { rssMb: 130, cpuPercent: 1 };
const REPORTS = 20;
const { runs, seconds } = benchArguments({ runs: 3, seconds: 30 }, { needsBuild: true });
const idleMs = seconds * 1_000;
/** What the start leaves behind is not idling. */
const SETTLE_MS = 3_000;

const sandbox = await startSandbox({ queryMs: 500 });
const rounds: Round[] = [];
try {
  for (let run = 0; run < runs; run += 1) rounds.push(await round());
} finally {
  await sandbox.close();
}
const of = (value: (one: Round) => number) => median(rounds.map(value));
const bound = (value: number, most: number) => `${value} of ${most}${value <= most ? "" : ": MISSED"}`;
console.log(
  JSON.stringify(
    {
      runs,
      idle: {
        rssMb: bound(
          of(({ idle }) => idle.rssMb),
          BOUND.rssMb,
        ),
        ownMb: of(({ idle }) => idle.ownMb),
        cpuPercent: bound(
          of(({ idle }) => idle.cpuPercent),
          BOUND.cpuPercent,
        ),
        bootPeakMb: of(({ idle }) => idle.peakMb),
      },
      afterFirstRun: {
        rssMb: of(({ after }) => after.rssMb),
        ownMb: of(({ after }) => after.ownMb),
        cpuPercent: of(({ after }) => after.cpuPercent),
        peakMb: of(({ after }) => after.peakMb),
      },
      startedMs: Math.round(of(({ startedMs }) => startedMs)),
      commandMs: {
        version: Math.round(of(({ versionMs }) => versionMs)),
        history: Math.round(of(({ historyMs }) => historyMs)),
      },
    },
    null,
    2,
  ),
);

type Idling = Awaited<ReturnType<typeof idling>>;

interface Round {
  readonly idle: Idling;
  readonly after: Idling;
  readonly startedMs: number;
  readonly versionMs: number;
  readonly historyMs: number;
}

async function round(): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-bench-"));
  const dueAt = new Date(Math.ceil((Date.now() + 2 * SETTLE_MS + idleMs + 5_000) / 60_000) * 60_000);
  writeReports(folder, "store: file:data\ndefaults: { timezone: UTC }", entries(dueAt, folder));
  const service = await startService(folder, sandbox.env);
  try {
    const idle = await idling(service);
    const end = await service.line(({ msg }) => /^run (?!started)/.test(msg));
    if (end.msg !== "run delivered") throw new Error(JSON.stringify(end));
    const after = await idling(service);
    const { startedMs } = service;
    return {
      idle,
      after,
      startedMs,
      versionMs: command(["--version"], folder),
      historyMs: command(["history"], folder),
    };
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true });
  }
}

async function idling(service: Service) {
  await sleep(SETTLE_MS);
  const before = { cpuMs: service.cpuMs(), at: performance.now() };
  await sleep(idleMs);
  const percent = (100 * (service.cpuMs() - before.cpuMs)) / (performance.now() - before.at);
  return { ...service.memory(), cpuPercent: Math.round(percent * 100) / 100 };
}

function command(args: readonly string[], cwd: string): number {
  const began = performance.now();
  execFileSync(process.execPath, [BUILT_CLI, ...args], {
    cwd,
    env: { ...process.env, ...sandbox.env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return performance.now() - began;
}

/** The first is due at `dueAt`, the others half a day later. */
function entries(dueAt: Date, folder: string): string[] {
  return Array.from({ length: REPORTS }, (_, index) => {
    const hour = (dueAt.getUTCHours() + (index === 0 ? 0 : 12)) % 24;
    return `  report-${index}:
    title: Report ${index}
    schedule: "${dueAt.getUTCMinutes()} ${hour} * * *"
    look: ${[42, 43, 46][index % 3]}
    limit: ${50 + index}
    deliver:
      - email: { to: [ana@example.com, ben@example.com] }
        attach: csv
      - slack: "#flight-ops"
        attach: csv
      - file: ${join(folder, "files")}
        attach: csv
`;
  });
}
