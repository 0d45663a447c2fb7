import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Outcome } from "../../../src/core/model/outcome.ts";
import { openPipeline, pigeon, REPORT, SENT } from "../open-pipeline.ts";

/** As the version before wrote it: sections without `data`, artifacts with one `section`, no pictures. */
const FORMER = {
  message: {
    run: { id: "run1", report: "weekly", title: "Weekly", owner: null, dueAt: "", timezone: "UTC" },
    purpose: "report",
    subject: "Weekly",
    intro: null,
    sections: [],
    notices: [],
  },
  attached: { "pigeon Ana": [] },
};

test("a delivery that waits across an upgrade is made from files of the new version", async () => {
  const outcomes: Outcome[] = [{ kind: "again", reason: "busy" }, SENT];
  const { destination, carried } = pigeon(async () => outcomes.shift() ?? SENT);
  const house = await openPipeline({ destination });
  await house.run();
  expect((await house.only()).state).toBe("waiting");
  const file = join(house.folder, "spool", "run1-1", "message.json");
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ version: 2 });
  writeFileSync(file, JSON.stringify(FORMER));
  await house.next();
  expect(await house.only()).toMatchObject({ state: "sent", reason: null });
  expect(carried.at(-1)?.message.sections).toHaveLength(1);
});

test("what a killed worker left half-made gives way to the message that is made once more", async () => {
  const outcomes: Outcome[] = [{ kind: "again", reason: "busy" }, SENT];
  const { destination, carried } = pigeon(async () => outcomes.shift() ?? SENT);
  const house = await openPipeline({ destination });
  await house.run();
  const spool = join(house.folder, "spool");
  rmSync(join(spool, "run1-1", "message.json"));
  writeFileSync(join(spool, "run1-1", "half.csv"), "a,b\r\n");
  await house.next();
  expect(await house.only()).toMatchObject({ state: "sent", reason: null });
  expect(carried.at(-1)?.message.sections).toHaveLength(1);
  // The folder is the one that was made aside, and nothing else is left.
  expect(readdirSync(spool)).toEqual(["run1-1"]);
  expect(existsSync(join(spool, "run1-1", "half.csv"))).toBe(false);
});

test.each([0o000, 0o027, 0o077])(
  "under umask %o the files of a run are their owner's alone",
  async (mask) => {
    const before = process.umask(mask);
    onTestFinished(() => void process.umask(before));
    const attach = [{ kind: "file", options: {} }];
    const deliver = REPORT.deliver.map((one) => ({ ...one, attach }));
    const house = await openPipeline({ report: () => ({ ...REPORT, deliver }) });
    expect(await house.run()).toMatchObject({ state: "delivered" });
    const folder = join(house.folder, "spool/run1-1");
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(1);
    for (const name of files) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  },
);
