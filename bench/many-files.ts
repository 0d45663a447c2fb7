/**
 * What commands take over many reports in many files: `check` and `next --days 7`, from the start of the process to its end, and the most
 * memory that `check` has. The bounds: 4 s and 600 MB, and 2 s.
 *
 *   npm run build && node bench/many-files.ts [reports, default 10000] [files, default 100] [rounds, default 3]
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUILT_CLI, benchArguments } from "./arguments.ts";
import { median } from "./service.ts";

const BOUND = { checkS: 4, checkMb: 600, nextS: 2 };
const { reports, files, rounds } = benchArguments(
  { reports: 10_000, files: 100, rounds: 3 },
  { needsBuild: true },
);
const folder = mkdtempSync(join(tmpdir(), "lookpost-bench-"));
const check: Used[] = [];
const next: Used[] = [];
try {
  write();
  for (let round = 0; round < rounds; round += 1) {
    check.push(await used("check"));
    next.push(await used("next", "--days", "7"));
  }
} finally {
  rmSync(folder, { recursive: true });
}
const bound = (value: number, most: number) => `${value} of ${most}${value <= most ? "" : ": MISSED"}`;
const of = (all: readonly Used[], key: keyof Used) => median(all.map((one) => one[key]));
console.log(
  JSON.stringify(
    {
      reports,
      files,
      check: { s: bound(of(check, "s"), BOUND.checkS), mb: bound(of(check, "mb"), BOUND.checkMb) },
      next: { s: bound(of(next, "s"), BOUND.nextS), mb: of(next, "mb") },
    },
    null,
    2,
  ),
);

interface Used {
  readonly s: number;
  readonly mb: number;
}

/** A command's time, and the most memory that was seen of it. */
function used(...words: readonly string[]): Promise<Used> {
  const { promise, resolve, reject } = Promise.withResolvers<Used>();
  const began = performance.now();
  const child = spawn(process.execPath, [BUILT_CLI, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, BENCH_SECRET: "a-secret-of-the-bench" },
    stdio: "ignore",
  });
  let mb = 0;
  const looking = setInterval(() => {
    mb = Math.max(mb, peakMb(child.pid));
  }, 20);
  child.once("error", reject);
  child.once("exit", (code) => {
    clearInterval(looking);
    const s = Math.round(performance.now() - began) / 1_000;
    if (code === 0) resolve({ s, mb });
    else reject(new Error(`${words.join(" ")} ended with ${code}`));
  });
  return promise;
}

function peakMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024);
  } catch {
    // It has ended.
    return 0;
  }
}

function write(): void {
  mkdirSync(join(folder, "teams"));
  writeFileSync(
    join(folder, "reports.yaml"),
    `version: 1
include: teams/*.yaml
looker: { base_url: "http://127.0.0.1:9", client_id: bench, client_secret: "\${BENCH_SECRET}" }
email: { smtp: "smtp://127.0.0.1:9", from: reports@example.com }
bases: { weekly: { owner: data@example.com, expect_by: "18:00" } }
audiences: { boss: [boss@example.com] }
`,
  );
  const each = Math.ceil(reports / files);
  for (let file = 0; file < files; file += 1) {
    const names = Array.from({ length: Math.min(each, reports - file * each) }, (_, index) => index);
    const text = names.map((index) => report(`team-${file}-${index}`, index)).join("");
    writeFileSync(join(folder, `teams/${file}.yaml`), `reports:\n${text}`);
  }
}

function report(name: string, index: number): string {
  return `  ${name}:
    extends: weekly
    title: "Report ${index}, week {{ run.date | date: '%V' }}"
    schedule: { cron: "${index % 60} 8 * * mon", timezone: America/New_York }
    look: ${index + 1}
    filters: { flights.date: 7 days, flights.carrier: "AA,DL" }
    deliver:
      - email: [boss, ops-${index}@example.com]
        attach: csv
`;
}
