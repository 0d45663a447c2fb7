/**
 * How much memory a large file takes: `lookpost start` over the sandbox gets a report whose CSV has about as many bytes as asked
 * for, and delivers it. Prints for each way the service's resident memory when idle, its highest ever (the start counts too), and
 * the difference, which may be 60 MB; and what arrived.
 *
 *   link       1 GB to an email, which takes no file of that size: it is tried compressed, and offered as a link
 *   slack      300 MB to a Slack channel
 *   attached   nearly 100 MB to an email that may hold as much, which is the most there is (`attach_max`)
 *
 *   npm run build && node bench/large-result.ts [all | link | slack | attached] [bytes]
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { startSandbox } from "../src/sandbox/index.ts";
import { BUILT_CLI, benchArguments } from "./arguments.ts";
import { startService } from "./service.ts";

interface Way {
  readonly bytes: number;
  readonly to: string;
  readonly attachMax: string;
}

const WAYS: Readonly<Record<string, Way>> = {
  link: { bytes: 1e9, to: "email: ops@example.com", attachMax: "18MB" },
  slack: { bytes: 3e8, to: 'slack: "#data-ops"', attachMax: "18MB" },
  attached: { bytes: 9.7e7, to: "email: ops@example.com", attachMax: "100MB" },
};
const ABOVE_IDLE_MB_MAX = 60;
const SAMPLE_ROWS = 20_000;
/** The minute must not come before the service has started and idled a little. */
const BEFORE_MS = 15_000;
const SETTLE_MS = 5_000;

const asked = benchArguments({ way: ["all", ...Object.keys(WAYS)], bytes: null }, { needsBuild: true });
for (const [name, way] of Object.entries(WAYS)) {
  if (asked.way !== "all" && asked.way !== name) continue;
  const bytes = asked.bytes ?? way.bytes;
  console.log(JSON.stringify({ way: name, ...(await measured({ ...way, bytes })) }, null, 2));
}

async function measured(way: Way) {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-bench-"));
  const outbox = join(folder, "outbox");
  const sandbox = await startSandbox({ queryMs: 50, outbox });
  try {
    const rows = Math.floor(way.bytes / (await bytesPerRow(folder, sandbox.env)));
    return { rows, ...(await delivered(way, rows, folder, sandbox.env)), arrivedBytes: largestIn(outbox) };
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** After a small file of the same kind. */
async function bytesPerRow(folder: string, env: Readonly<Record<string, string>>): Promise<number> {
  write(
    folder,
    { bytes: 0, to: `file: ${join(folder, "sample")}`, attachMax: "18MB" },
    SAMPLE_ROWS,
    "0 0 1 1 *",
  );
  const { stdout } = await promisify(execFile)(process.execPath, [BUILT_CLI, "run", "large", "--json"], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
  });
  const lines = stdout.split("\n").filter((line) => line !== "");
  const delivery = lines.map((line) => JSON.parse(line)).find(({ type }) => type === "delivery");
  return delivery.bytes / SAMPLE_ROWS;
}

async function delivered(way: Way, rows: number, folder: string, env: Readonly<Record<string, string>>) {
  const dueAt = new Date(Math.ceil((Date.now() + BEFORE_MS) / 60_000) * 60_000);
  write(folder, way, rows, `${dueAt.getUTCMinutes()} ${dueAt.getUTCHours()} * * *`);
  const service = await startService(folder, env);
  try {
    await sleep(SETTLE_MS);
    const idleMb = service.memory().rssMb;
    const end = await service.line(({ msg }) => /^run (?!started)/.test(msg));
    const { peakMb } = service.memory();
    const aboveIdleMb = Math.round(peakMb - idleMb);
    const bound = `${aboveIdleMb} of ${ABOVE_IDLE_MB_MAX}${aboveIdleMb <= ABOVE_IDLE_MB_MAX ? "" : ": MISSED"}`;
    return {
      state: end.state,
      tookS: (Date.now() - dueAt.getTime()) / 1_000,
      idleMb,
      peakMb,
      aboveIdleMb: bound,
    };
  } finally {
    await service.stop();
  }
}

function write(folder: string, { to, attachMax }: Way, rows: number, cron: string): void {
  writeFileSync(
    join(folder, "reports.yaml"),
    `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com, attach_max: ${attachMax} }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
store: file:${join(folder, "data")}
server: { port: 0, url: https://lookpost.example.com }
defaults: { timezone: UTC }
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
      - ${to}
        attach: { csv: { raw: true } }
`,
  );
}

/** Of the emails and files that arrived. */
function largestIn(outbox: string): number {
  const files = readdirSync(outbox, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Math.max(0, ...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).size));
}
