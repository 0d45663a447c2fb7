import { unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { openSqliteLedger } from "../../src/ledger/sqlite/sqlite.ts";
import { DAILY, type Desk, ofType, openDesk, overdueDesk, received } from "./desk.ts";
import { journey, until } from "./program.ts";

const report = (name: string, cron = DAILY) =>
  `  ${name}: { schedule: "${cron}", look: 42, deliver: [{ email: ${name}@example.com }] }
`;

async function plans({ folder }: Desk) {
  const ledger = await openSqliteLedger(join(folder, "data"));
  try {
    return await ledger.plans();
  } finally {
    await ledger.close();
  }
}

journey(
  "SIGHUP reads the file again: a new report is planned, a changed schedule counts from now",
  async () => {
    const desk = await openDesk({ reports: report("old") });
    const service = desk.start();
    await service.says("started");
    desk.write(report("old", "0 0 1 1 *") + report("new"));
    service.kill("SIGHUP");
    expect(await service.says("reports.yaml was read again")).toMatchObject({ reports: 2 });
    const old = (await plans(desk)).find((plan) => plan.report === "old");
    expect(old).toMatchObject({ cron: "0 0 1 1 *", nextAt: expect.any(Date) });
    expect(old?.nextAt?.getUTCMonth()).toBe(0);
    expect(old?.nextAt?.getTime()).toBeGreaterThan(Date.now());

    // Its tick has come meanwhile.
    await desk.promise(["new"]);
    service.kill("SIGHUP");
    expect(await service.says("run delivered")).toMatchObject({ report: "new" });
    expect(await received(desk)).toEqual(["new@example.com"]);
  },
);

journey(
  "a file that changes is read again by itself; a broken one leaves the last good one in use",
  async () => {
    const desk = await overdueDesk({ reports: report("weekly"), queryMs: 4_000 });
    const service = desk.start();
    await service.says("run started");
    writeFileSync(join(desk.folder, "reports.yaml"), "version: 1\nreports: {{\n");
    const broken = await service.says("reports.yaml is broken: the last good one stays in use");
    expect(broken.reason).toMatch(/reports\.yaml:2:\d+/);
    expect(await service.ready()).toMatchObject({
      status: 200,
      checks: { config: { ok: false, message: expect.stringContaining("the last good one is in use") } },
    });
    expect(await service.says("run delivered")).toMatchObject({ report: "weekly" });
    desk.write(report("weekly") + report("more"));
    await service.says("reports.yaml was read again");
    expect(await service.ready()).toMatchObject({ status: 200, checks: { config: { ok: true } } });
  },
);

journey("a file that is gone for a moment is no harm", async () => {
  const desk = await overdueDesk({ reports: report("weekly") });
  const service = desk.start();
  await service.says("run delivered");
  unlinkSync(join(desk.folder, "reports.yaml"));
  service.kill("SIGHUP");
  const gone = await service.says("reports.yaml is broken: the last good one stays in use");
  expect(gone.reason).toBe("There is no file reports.yaml.");
  desk.write(report("weekly"));
  service.kill("SIGHUP");
  await service.says("reports.yaml was read again");
});

journey(
  "a report that is removed while its run is under way: the run ends as cancelled, with words",
  async () => {
    const desk = await overdueDesk({ reports: report("weekly") + report("other"), queryMs: 8_000 });
    const service = desk.start();
    await until(() => desk.sandbox.looker.tasks().length > 0);
    desk.write(report("other"));
    service.kill("SIGHUP");
    await service.says("reports.yaml was read again");
    await service.says("run cancelled", (line) => line.report === "weekly");
    await service.says("run delivered", (line) => line.report === "other");
    expect(await received(desk)).toEqual(["other@example.com"]);
    const [run] = ofType(await desk.history("weekly"), "run");
    expect(run).toMatchObject({ status: "cancelled" });
    expect(await desk.words("--run", String(run?.run))).toContain(
      "The report weekly is not in reports.yaml any more.",
    );
    expect((await plans(desk)).find((plan) => plan.report === "weekly")).toMatchObject({ nextAt: null });
  },
);

journey("what takes effect only at the next start is said", async () => {
  const desk = await openDesk({ reports: report("weekly") });
  const service = desk.start();
  await service.says("started");
  desk.write(report("weekly"), "store: file:./elsewhere\n");
  service.kill("SIGHUP");
  await service.says("store has changed in the file: it takes effect at the next start");
});
