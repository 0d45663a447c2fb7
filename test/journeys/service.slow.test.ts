import { join } from "node:path";
import { expect } from "vitest";
import { DAILY, ofType, openDesk, overdueDesk, received } from "./desk.ts";
import { healthchecks } from "./healthchecks.ts";
import { fillDisk, journeyWithDisks, mountDisk } from "./mount.ts";
import { journey, until } from "./program.ts";

// A crontab cannot tick sooner than the next minute.
journey(
  "a tick is claimed in its minute, run and delivered; health knows whether the service is alive",
  async () => {
    const desk = await openDesk({
      reports: `  minutely: { schedule: "* * * * *", look: 42, deliver: [{ email: ops@example.com }] }\n`,
      queryMs: 500,
    });
    expect(await desk.lookpost("health")).toMatchObject({ code: 2 });
    const service = desk.start();
    await service.says("started");
    expect(await desk.lookpost("health")).toMatchObject({ code: 0 });

    await until(() => service.said("run delivered").length > 0);
    const [minutely] = ofType(await desk.history(), "run").reverse();
    expect(minutely).toMatchObject({ status: "delivered", trigger: "schedule" });
    const dueAt = new Date(String(minutely?.dueAt));
    expect(dueAt.getTime() % 60_000).toBe(0);
    expect(dueAt.getTime()).toBeGreaterThan(
      new Date(String(service.said("started")[0]?.time)).getTime() - 60_000,
    );
    expect(await received(desk)).toContain("ops@example.com");

    service.kill("SIGTERM");
    expect(await service.ended).toMatchObject({ code: 0, err: "" });
    expect(service.said("stopped")).toHaveLength(1);
    expect(await desk.lookpost("health")).toMatchObject({ code: 1 });
  },
);

journey("start refuses a file with problems, all of them at once", async () => {
  const desk = await openDesk({
    reports: `  minutely: { schedule: "61 * * * *", lok: 42, deliver: [{ email: ops@example.com }] }\n`,
  });
  const { code, err, out } = await desk.lookpost("start");
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/reports\.yaml:7:\d+: report "minutely".*61/);
  expect(err).toMatch(/lok.*\n.*\n.*\n.*"look"/);
});

journey(
  "Slack's answer may be half a minute late: what may have been posted is posted again only after that",
  async () => {
    const desk = await overdueDesk({
      reports: `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ slack: "#flight-ops" }] }\n`,
    });
    const { slack } = desk.sandbox;
    slack.faults.add({ method: "chat.postMessage", error: "internal_error", when: "before", times: 1 });
    const first = desk.start();
    await first.says("delivery waits", ({ reason }) => /is not there yet/.test(String(reason)));
    // Before it is posted again, however long a command takes here.
    first.kill("SIGTERM");
    await first.ended;
    expect(await desk.words()).toMatch(/slack #flight-ops: may have been delivered: lookpost looks it up at/);
    expect(slack.posts("#flight-ops")).toHaveLength(0);
    const second = desk.start();
    await second.says("run delivered");
    expect(slack.posts("#flight-ops")).toHaveLength(1);
    const [delivery] = await desk.history();
    expect(delivery).toMatchObject({ status: "sent", uncertain: false });
  },
);

journeyWithDisks(
  "each minute the heartbeat says whether the scheduler is well, and what is wrong",
  async () => {
    const { url, pings } = await healthchecks();
    const desk = await openDesk({
      reports: `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ email: ana@example.com }] }\n`,
      head: `heartbeat: ${url}/ping/0b0e\n`,
    });
    const data = join(desk.folder, "data");
    mountDisk(data, "3m");
    const service = desk.start();
    await until(() => pings.length > 0);
    expect(pings).toEqual(["GET /ping/0b0e"]);
    fillDisk(data);
    // At the very next, though beats of the worker still fit.
    await until(() => pings.length > 1);
    expect(pings.slice(1)).toEqual([
      expect.stringMatching(/^POST \/ping\/0b0e\/fail: The .*disk of \S+ is full\.$/),
    ]);
    expect(service.process.exitCode).toBeNull();
  },
);
