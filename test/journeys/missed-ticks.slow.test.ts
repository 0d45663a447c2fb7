import { expect } from "vitest";
import { HOUR_MS, HOURLY, ofType, openDesk, received, TICK } from "./desk.ts";
import { journey, until } from "./program.ts";

const report = (name: string, more = "") =>
  `  ${name}: { schedule: "${HOURLY}", look: 42, ${more}deliver: [{ email: ${name}@example.com }] }
`;

const FOUR = [3, 2, 1, 0].map((hours) => new Date(TICK.getTime() - hours * HOUR_MS).toISOString());
const [FIRST = ""] = FOUR;

journey(
  "after four hours of downtime each report makes up for what its catch_up says, and every other tick has a row",
  async () => {
    const names = ["latest", "all", "none"];
    const desk = await openDesk({
      reports: names.map((name) => report(name, `catch_up: ${name}, `)).join(""),
    });
    await desk.promise(names, new Date(FIRST), HOURLY);
    const service = desk.start();
    await until(() => service.said("run delivered").length === 5);
    await service.says("started");
    const runs = ofType(await desk.history(), "run");
    const ticks = (report: string, status: string) =>
      runs
        .filter((run) => run.report === report && run.status === status)
        .map(({ dueAt }) => dueAt)
        .reverse();
    expect(ticks("latest", "delivered")).toEqual(FOUR.slice(3));
    expect(ticks("latest", "missed")).toEqual(FOUR.slice(0, 3));
    expect(ticks("all", "delivered")).toEqual(FOUR);
    expect(ticks("none", "missed")).toEqual(FOUR);
    expect(
      service
        .said("run delivered")
        .filter((line) => line.report === "all")
        .map(({ dueAt }) => dueAt),
    ).toEqual(FOUR);
    const missed = "The worker was not running when it was due";
    expect(await desk.words("none")).toContain(missed);
    expect(await desk.words("none")).toContain("the report is not caught up (catch_up: none)");
    expect(await desk.words("latest")).toContain("a later tick was run instead (catch_up: latest)");
    const [last] = runs.filter((run) => run.report === "none");
    expect(await desk.words("--run", String(last?.run))).toContain(`lookpost retry ${last?.run}`);
    expect(await received(desk)).toEqual([...FOUR.map(() => "all@example.com"), "latest@example.com"]);
  },
);

journey("a missed tick is run after all at a person's word", async () => {
  const desk = await openDesk({ reports: report("none", "catch_up: none, ") });
  await desk.promise(["none"], TICK, HOURLY);
  const service = desk.start();
  const { run } = await service.says("run missed");
  expect((await desk.lookpost("retry", String(run))).code).toBe(0);
  expect(await received(desk)).toEqual(["none@example.com"]);
});

journey(
  "a paused report's ticks are skipped with the person's words, and resume counts from then",
  async () => {
    const desk = await openDesk({ reports: report("weekly") + report("other") });
    await desk.promise(["weekly", "other"], TICK, HOURLY);
    expect(await desk.lookpost("pause", "weekly", "--reason", "holidays")).toMatchObject({ code: 0 });
    const service = desk.start();
    const skipped = await service.says("run skipped");
    expect(skipped).toMatchObject({
      report: "weekly",
      reason: expect.stringMatching(/^The report was paused on .*: holidays\.$/),
    });
    await service.says("run delivered", (line) => line.report === "other");
    expect(await desk.words()).toMatch(
      /^weekly has been paused since .*: holidays\. `lookpost resume weekly` ends the pause\./,
    );
    expect(await desk.lookpost("resume", "weekly")).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^In the ledger \S+\n$/),
      out: expect.stringMatching(/^weekly is resumed: its next tick is /),
    });
    expect(await desk.words()).not.toContain("`lookpost resume weekly`");
    expect(await received(desk)).toEqual(["other@example.com"]);
  },
);
