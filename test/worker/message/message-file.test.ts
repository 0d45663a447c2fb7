import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Outcome } from "../../../src/core/model/outcome.ts";
import { openPipeline, pigeon, SENT } from "../open-pipeline.ts";

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
