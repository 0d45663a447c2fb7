import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BUILT_CLI } from "./arguments.ts";

/** One line of the service's log. */
export type Line = Readonly<Record<string, unknown>> & { readonly msg: string };

/** `lookpost start` as a process of its own, from what `npm run build` made, as the image starts it. */
export interface Service {
  readonly pid: number;
  /** Milliseconds from the process's start to the line that says so. */
  readonly startedMs: number;
  /** Resolves with the first line, from now on, that fits. Rejects where the service ends before. */
  line(fits: (line: Line) => boolean): Promise<Line>;
  memory(): Memory;
  /** Processor time since the process began, in milliseconds. */
  cpuMs(): number;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
}

/** Resident, in MB of 2^20 bytes (proc(5)): all of it, the part that is the process's own, and the most there ever was. */
export interface Memory {
  readonly rssMb: number;
  readonly ownMb: number;
  readonly peakMb: number;
}

/** Processor time is counted in hundredths of a second (sysconf(_SC_CLK_TCK) on Linux). */
const TICK_MS = 10;

/** Starts the service over `folder`/reports.yaml and waits until it says that it has started. */
export async function startService(folder: string, env: Readonly<Record<string, string>>): Promise<Service> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    ["--max-semi-space-size=4", BUILT_CLI, "start", "--grace-seconds", "1"],
    {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "", NODE_ENV: "production", ...env },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const listeners = new Set<(line: Line | null) => void>();
  listen(child, listeners);
  const line: Service["line"] = (fits) =>
    new Promise((resolve, reject) => {
      const listener = (said: Line | null) => {
        if (said !== null && !fits(said)) return;
        listeners.delete(listener);
        if (said === null) reject(new Error("the service ended early"));
        else resolve(said);
      };
      listeners.add(listener);
    });
  await line(({ msg }) => msg === "started");
  const pid = child.pid ?? 0;
  return {
    pid,
    startedMs: performance.now() - began,
    line,
    memory: () => memoryOf(pid),
    cpuMs: () => cpuOf(pid),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

function listen(child: ChildProcess, listeners: ReadonlySet<(line: Line | null) => void>): void {
  if (child.stdout === null) throw new Error("no stdout");
  const tell = (line: Line | null) => {
    for (const listener of listeners) listener(line);
  };
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (text) => {
    const line = JSON.parse(text) as Line;
    // As pino counts: 40 warns, 50 is an error.
    if (Number(line.level) >= 50) process.stderr.write(`${text}\n`);
    tell(line);
  });
  lines.on("close", () => tell(null));
}

function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mb = (field: string) =>
    Math.round(Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 102.4) / 10;
  return { rssMb: mb("VmRSS"), ownMb: mb("RssAnon"), peakMb: mb("VmHWM") };
}

function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in brackets, may hold spaces; utime and stime are the 14th and 15th fields.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** The reports.yaml of a bench. `more`: top-level lines of its own. */
export function writeReports(
  folder: string,
  more: string,
  reports: readonly string[],
  queriesMax = 10,
): void {
  const head = `version: 1
looker:
  base_url: "\${LOOKER_BASE_URL}"
  client_id: "\${LOOKER_CLIENT_ID}"
  client_secret: "\${LOOKER_CLIENT_SECRET}"
  max_concurrent_queries: ${queriesMax}
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
${more}
reports:
`;
  writeFileSync(join(folder, "reports.yaml"), head + reports.join(""));
}

/** A report of its own small query, once a day at `dueAt`. */
export function queryReport(
  index: number,
  { dueAt, limit, deliver }: { readonly dueAt: Date; readonly limit: number; readonly deliver: string },
): string {
  return `  report-${index}:
    title: Report ${index}
    schedule: "${dueAt.getUTCMinutes()} ${dueAt.getUTCHours()} * * *"
    query:
      model: faa
      explore: flights
      fields: [flights.origin, flights.count]
      filters: { flights.distance: "> ${index}" }
      limit: ${limit}
    deliver:
      - ${deliver}
        attach: csv
`;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
