import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "vitest";
import { DAILY, openDesk, overdueDesk, received } from "./desk.ts";
import { fillDisk, journeyWithDisks, mountDisk } from "./mount.ts";
import { FROM_SOURCE, journey, until } from "./program.ts";

const WEEKLY = `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ email: ana@example.com }] }\n`;

/** About 2 MB. */
const LARGE = `{ model: sandbox, explore: generated, fields: [generated.id, generated.name, generated.amount, generated.day, generated.note], filters: { generated.rows: "30000" }, limit: -1 }`;

/** setrlimit(2), of a process that runs (prlimit(1), util-linux). The limit alone that it feels: it may be raised again. */
function limitFileSize(pid: number | undefined, bytes: number | "unlimited"): void {
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`]);
}

const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

journey(
  "a limit of file sizes that the ledger meets is said in words of its own, and once it is raised all goes on",
  async () => {
    const desk = await openDesk({ reports: WEEKLY });
    const service = desk.start();
    await service.says("started");
    limitFileSize(service.process.pid, 1);
    const said = await service.says("trouble", ({ reason }) => /larger than/.test(String(reason)));
    expect(said).toMatchObject({
      reason: expect.stringMatching(
        /ledger\.sqlite cannot be written: a file in \S+data would be larger than this process or its file system allows\. Nothing/,
      ),
      advice: expect.stringMatching(/ulimit -f.*LimitFSIZE=.* goes on by itself once it can write/),
    });
    expect(await service.ready()).toMatchObject({
      status: 503,
      checks: { ledger: { ok: false, message: expect.stringContaining("larger than") } },
    });
    limitFileSize(service.process.pid, "unlimited");
    await until(async () => (await service.ready()).status === 200);
  },
  { skip: !hasPrlimit },
);

journey("a limit of file sizes that a result and a delivered file meet ends in words, at once", async () => {
  const to = (place: string) => `retry: { tries: 6, over: 4m }, deliver: [{ ${place}, attach: csv }]`;
  const reports = `  large: { schedule: "${DAILY}", query: ${LARGE}, ${to("email: ana@example.com")} }\n${WEEKLY}`;
  const program = ["bash", "-c", 'ulimit -f 1024; exec "$@"', "lookpost", ...FROM_SOURCE];
  const desk = await overdueDesk({ reports, program });
  const service = desk.start();
  expect(await service.says("run failed")).toMatchObject({
    report: "large",
    reason: expect.stringMatching(
      /The result cannot be written to \S+: a file in \S+ would be larger than .* allows \(EFBIG\)/,
    ),
    advice: expect.stringContaining("ulimit -f"),
  });
  await service.says("run delivered");
  expect(await received(desk)).toEqual(["ana@example.com"]);
});

journeyWithDisks(
  "a disk that is full is said by /readyz at once, though small changes still fit",
  async () => {
    const desk = await openDesk({ reports: WEEKLY });
    const data = join(desk.folder, "data");
    mountDisk(data, "3m");
    const service = desk.start();
    await service.says("started");
    const makeRoom = fillDisk(data);
    // The heartbeat asks the same.
    expect(await service.ready()).toMatchObject({
      status: 503,
      checks: { ledger: { ok: false, message: expect.stringContaining("is full") } },
    });
    makeRoom();
    await until(async () => (await service.ready()).status === 200);
  },
);
