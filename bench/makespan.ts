/**
 * How long it takes until many reports that are due at the same minute are delivered: the embedded service, as a process of its
 * own, against a sandbox whose queries take 2 s each, 10 of them at a time. Each report asks for something of its own, and
 * goes out by email, to Slack or to a folder in turn. The bound, with no time lost between queries, is reports * 2 s / 10;
 * the makespan (from the minute at which they are due to the end of the last delivery) may be 1.15 times that.
 *
 *   npm run build && node bench/makespan.ts [reports, default 1000]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "../src/sandbox/index.ts";
import { benchArguments } from "./arguments.ts";
import { queryReport, startService, writeReports } from "./service.ts";

const FACTOR_MAX = 1.15;
const QUERY_MS = 2_000;
const QUERIES_MAX = 10;
/** What the service has to start in before the minute comes. */
const BEFORE_MS = 8_000;
const { reports } = benchArguments({ reports: 1_000 }, { needsBuild: true });

const folder = mkdtempSync(join(tmpdir(), "lookpost-bench-"));
const sandbox = await startSandbox({ queryMs: QUERY_MS, outbox: join(folder, "outbox") });
try {
  console.log(JSON.stringify(await measure(), null, 2));
} finally {
  await sandbox.close();
  rmSync(folder, { recursive: true });
}

async function measure() {
  const dueAt = new Date(Math.ceil((Date.now() + BEFORE_MS) / 60_000) * 60_000);
  writeReports(folder, "store: file:data\ndefaults: { timezone: UTC }", entries(dueAt));
  const service = await startService(folder, sandbox.env);
  const before = service.memory();
  const ends: number[] = [];
  const wrong: string[] = [];
  try {
    await service.line(({ msg, state, report }) => {
      if (!/^run (?!started)/.test(msg)) return false;
      if (state !== "delivered") wrong.push(`${report}: ${msg}`);
      ends.push(Date.now() - dueAt.getTime());
      return ends.length === reports;
    });
    const makespanMs = Math.max(...ends);
    const boundMs = (reports * QUERY_MS) / QUERIES_MAX;
    const factor = Math.round((makespanMs / boundMs) * 1_000) / 1_000;
    const { rssMb, peakMb } = service.memory();
    return {
      reports,
      boundS: boundMs / 1_000,
      makespanS: makespanMs / 1_000,
      factor: `${factor} of ${FACTOR_MAX}${factor <= FACTOR_MAX ? "" : ": MISSED"}`,
      firstS: Math.min(...ends) / 1_000,
      notDelivered: wrong,
      service: {
        idleMb: before.rssMb,
        rssMb,
        peakMb,
        cpuPercent: Math.round((100 * service.cpuMs()) / makespanMs),
      },
      sandboxCpuPercent: Math.round(process.cpuUsage().user / 10 / makespanMs),
    };
  } finally {
    await service.stop();
  }
}

function entries(dueAt: Date): string[] {
  const destinations = ["email: ops@example.com", 'slack: "#data-ops"', `file: ${join(folder, "files")}`];
  return Array.from({ length: reports }, (_, index) =>
    queryReport(index, { dueAt, limit: 20, deliver: destinations[index % destinations.length] ?? "" }),
  );
}
