/**
 * How much memory a large result takes: `lookpost start` over the sandbox (a process of its own) gets a report whose CSV
 * has about as many bytes as asked for, and delivers it: to Slack whole, or by email, which takes no file of that size: it is tried
 * compressed, and offered by a link. Prints the service's resident memory when idle, its peak during the run, and the difference.
 *
 *   node bench/large-result.ts [bytes, default 1e9] [slack | email]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const CLI = join(import.meta.dirname, "../src/cli.ts");
const bytesWanted = Number(process.argv[2] ?? 1e9);
const destination = process.argv[3] === "email" ? "email: ops@example.com" : 'slack: "#data-ops"';
const folder = mkdtempSync(join(tmpdir(), "lookpost-bench-"));
const started: ChildProcess[] = [];

try {
  const sandbox = await startSandbox();
  const rows = await rowsFor(bytesWanted, sandbox.env);
  const result = await measure(rows, sandbox.env);
  console.log(JSON.stringify(result, null, 2));
} finally {
  for (const child of started) child.kill("SIGTERM");
}

async function startSandbox(): Promise<{ env: Record<string, string> }> {
  const child = run(["sandbox", "--json", "--outbox", join(folder, "outbox"), "--query-ms", "50"], {});
  for await (const line of lines(child)) return JSON.parse(line);
  throw new Error("the sandbox said nothing");
}

/** Asks for a small file first and scales its rows up. */
async function rowsFor(bytes: number, env: Record<string, string>): Promise<number> {
  const sample = 20_000;
  const file = config(sample, "0 0 1 1 *");
  const child = run(["run", "large", "--config", file, "--json"], env);
  let perRow = 0;
  for await (const line of lines(child)) {
    const entry = JSON.parse(line);
    if (entry.type === "delivery") perRow = entry.bytes / entry.rows;
  }
  return Math.ceil(bytes / perRow);
}

async function measure(rows: number, env: Record<string, string>) {
  const file = config(rows, "* * * * *");
  const child = run(["start", "--config", file], env);
  let idleMb = 0;
  const watching = setInterval(() => {
    // Until the first tick the service idles: its last reading before the run is the base.
    if (base === null) idleMb = statusMb(child, "VmRSS");
  }, 500);
  let base: number | null = null;
  for await (const line of lines(child)) {
    const entry = JSON.parse(line);
    if (entry.msg === "run started" && base === null) base = idleMb;
    if (entry.msg?.startsWith("run ") && entry.msg !== "run started") {
      clearInterval(watching);
      const peakMb = statusMb(child, "VmHWM");
      const delivered = entry.state;
      return { rows, delivered, idleMb: base, peakMb, aboveIdleMb: Math.round(peakMb - (base ?? 0)) };
    }
  }
  throw new Error("the service ended early");
}

function config(rows: number, cron: string): string {
  const file = join(folder, "reports.yaml");
  writeFileSync(
    file,
    `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
store: file:${join(folder, "data")}
server: { port: 0, url: https://lookpost.example.com }
reports:
  large:
    schedule: "${cron}"
    query:
      model: sandbox
      explore: generated
      fields: [generated.id, generated.name, generated.amount, generated.day, generated.note]
      filters: { generated.rows: "${rows}" }
      limit: -1
    deliver:
      - ${destination}
        attach: { csv: { raw: true } }
`,
  );
  return file;
}

function run(args: readonly string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  return child;
}

function lines(child: ChildProcess) {
  if (child.stdout === null) throw new Error("no stdout");
  return createInterface({ input: child.stdout });
}

/** VmRSS: resident now; VmHWM: its highest ever (proc(5)). */
function statusMb(child: ChildProcess, field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024);
}
