import { expect } from "vitest";
import { DAILY, openDesk, overdueDesk } from "./desk.ts";
import { journey, start, temporaryFolder, until } from "./program.ts";

journey("a second signal ends the service at once, with exit code 1", async () => {
  const desk = await overdueDesk({
    reports: `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ email: ops@example.com }] }\n`,
    queryMs: 600_000,
  });
  const service = desk.start("--grace-seconds", "3600");
  await until(() => desk.sandbox.looker.tasks().length > 0);
  service.kill("SIGINT");
  await service.says("stopping: no new ticks; runs under way may finish, the rest is handed back");
  service.kill("SIGTERM");
  const { code, err } = await service.ended;
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("Stopped at once.") });
});

journey("each way to end has its exit code: done, failed, and a wrong call or configuration", async () => {
  const desk = await openDesk({
    reports: `  weekly: { schedule: "0 8 * * mon", look: 42, deliver: [{ email: ops@example.com }] }\n`,
  });
  const codes = async (...args: string[]) => (await desk.lookpost(...args)).code;
  expect(await codes("check")).toBe(0);
  expect(await codes("--help")).toBe(0);
  expect(await codes("health")).toBe(2);
  expect(await codes("no-such-command")).toBe(2);
  expect(await codes("next", "no-such-report")).toBe(2);
});

journey("a reader that has seen enough of the output does not make a command fail", async () => {
  const schema = start(["schema"], {}, temporaryFolder());
  schema.process.stdout?.destroy();
  expect(await schema.ended).toMatchObject({ code: 0, err: "" });
});
