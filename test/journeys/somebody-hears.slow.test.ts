import { expect } from "vitest";
import { DAILY, type Desk, ofType, overdueDesk, received, TICK } from "./desk.ts";
import { journey, until } from "./program.ts";

const told = ({ sandbox }: Desk) => sandbox.slack.posts("#data-ops").map((post) => JSON.stringify(post));

journey(
  "a run that fails is told once, with cause, advice and command; a restart tells nothing again",
  async () => {
    const desk = await overdueDesk({
      reports: `  gone: { schedule: "${DAILY}", look: 4242, deliver: [{ email: ana@example.com }], on_failure: [{ slack: "#data-ops" }, { email: ops@example.com }] }
`,
    });
    const first = desk.start();
    const failed = await first.says("run failed");
    await until(() => first.said("delivery sent").length === 2);
    const [post = "", ...more] = told(desk);
    expect(more).toEqual([]);
    expect(post).toContain("Failed: Gone");
    expect(post).toContain("4242");
    expect(post).toContain(String(failed.advice).slice(0, 30));
    expect(post).toContain(`lookpost retry ${failed.run}`);
    expect(await received(desk)).toEqual(["ops@example.com"]);
    first.kill("SIGKILL");
    await first.ended;
    const second = desk.start();
    await second.says("started");
    expect((await desk.lookpost("retry", String(failed.run))).code).toBe(1);
    await until(() => told(desk).length > 1);
    expect(await desk.words("--run", String(failed.run))).toMatch(/notified: #data-ops, ops@example.com/);
    expect(told(desk)).toHaveLength(2);
  },
);

journey(
  "a report that is not delivered by its expect_by: somebody hears that it is late, once, and it comes all the same",
  async () => {
    const soon = new Date(TICK.getTime() + 60_000).toISOString().slice(11, 16);
    const desk = await overdueDesk({
      reports: `  weekly: { schedule: "${DAILY}", expect_by: "${soon}", look: 42, deliver: [{ email: ana@example.com }], on_failure: { slack: "#data-ops" } }
`,
      queryMs: 10_000,
    });
    const service = desk.start();
    await service.says("delivery sent", ({ destination }) => destination === "slack");
    expect(service.said("run delivered")).toEqual([]);
    expect(await desk.words()).toMatch(/late: it was expected by /);
    await service.says("run delivered");
    await until(() => told(desk).length === 2);
    expect(told(desk)).toEqual([
      expect.stringContaining("Late: Weekly"),
      expect.stringContaining("Delivered after all: Weekly"),
    ]);
    const [run] = ofType(await desk.history(), "run");
    expect(await desk.words("--run", String(run?.run))).toMatch(/notice that it is late: sent/);
  },
);
