import { expect, test } from "vitest";
import { historyCommand } from "../../../src/commands/history/history.ts";
import { nextCommand } from "../../../src/commands/lookup/next.ts";
import { cancelCommand } from "../../../src/commands/mend/cancel.ts";
import { pauseCommand, resumeCommand } from "../../../src/commands/mend/pause.ts";
import { resendCommand } from "../../../src/commands/mend/resend.ts";
import { retryCommand } from "../../../src/commands/mend/retry.ts";
import { healthCommand } from "../../../src/commands/service/health.ts";
import { SERVICE } from "../history/states.ts";
import { claim, type Desk, openDesk, until } from "../house.ts";

/** Secrets and other references in every place that may have one. */
const REPORTS = `version: 1
looker: { base_url: "\${LOOKER_URL}", client_id: "\${ID}", client_secret: "\${file:/nowhere/looker}" }
email: { smtp: "\${SMTP}", from: "\${FROM}" }
slack: { token: "\${file:/nowhere/slack}" }
heartbeat: "\${HEARTBEAT}"
server: { port: 0, url: "\${PUBLIC_URL}" }
defaults: { timezone: America/New_York, on_failure: [{ email: "\${ON_CALL}" }] }
reports:
  weekly: { title: "\${TITLE}", schedule: "0 8 * * mon", look: 42, deliver: [{ email: "\${OPS}" }] }
  daily: { schedule: "0 9 * * *", look: 43, deliver: [{ slack: "#ops" }] }
`;
const SET = {
  LOOKER_URL: "https://looker.example.com",
  ID: "id",
  SMTP: "smtp://127.0.0.1:9",
  FROM: "reports@example.com",
  HEARTBEAT: "https://hc.example.com/1",
  PUBLIC_URL: "https://lookpost.example.com",
  ON_CALL: "oncall@example.com",
  TITLE: "Weekly",
  OPS: "ops@example.com",
};

/** A person who has nothing in the environment. */
async function bareDesk(): Promise<Desk> {
  const whole = REPORTS.replaceAll(/\$\{file:[^}]*\}/g, "${ID}");
  const desk = await openDesk(whole, SET, REPORTS);
  return { ...desk, io: { ...desk.io, env: {} } };
}

test("pause, resume, next, history and health need no secret", async () => {
  const desk = await bareDesk();
  const options = { config: desk.config };
  await desk.ledger.signIn(SERVICE, "service", new Date());
  expect(await pauseCommand("weekly", options, desk.io)).toBe(0);
  expect(await nextCommand("weekly", { ...options, days: 7 }, desk.io)).toBe(0);
  expect(desk.out()).toMatch(/weekly +paused/);
  expect(await resumeCommand("weekly", options, desk.io)).toBe(0);
  expect(await nextCommand(undefined, { ...options, days: 7 }, desk.io)).toBe(0);
  expect(desk.out()).toMatch(/EST|EDT|America|daily/);
  expect(await healthCommand(options, desk.io)).toBe(0);
  await claim(desk.ledger);
  expect(await historyCommand("weekly", { ...options, limit: 5 }, desk.io)).toBe(0);
  expect(desk.out()).toContain("2026-11-16 08:00");
});

test("retry, resend and cancel hand over to a service that lives without any secret", async () => {
  const desk = await bareDesk();
  const options = { config: desk.config };
  const { ledger, io } = desk;
  await ledger.signIn(SERVICE, "service", new Date());
  await claim(ledger);
  const run = await ledger.takeRun("run1", SERVICE, new Date());
  const refused = { state: "failed", reason: "No such Look.", advice: null } as const;
  await ledger.endRun({ id: "run1", attempt: run!.attempts }, refused, new Date());
  const retrying = retryCommand("run1", options, io);
  await until(async () => (await ledger.run("run1"))?.state === "planned");
  expect(await cancelCommand("run1", options, io)).toBe(0);
  expect(await retrying).toBe(1);
  await expect(resendCommand("none", options, io)).rejects.toThrow('no delivery "none"');
});

test("what a command does by itself, where no service runs, it refuses ahead of everything where a secret of it is unset", async () => {
  const desk = await bareDesk();
  const { ledger, io } = desk;
  await claim(ledger, { report: "daily" });
  const run = await ledger.takeRun("run1", SERVICE, new Date());
  const failed = { state: "failed", reason: "No such Look.", advice: null } as const;
  await ledger.endRun({ id: "run1", attempt: run!.attempts }, failed, new Date());
  await expect(retryCommand("run1", { config: desk.config }, io)).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining("LOOKER_URL is not set"),
  });
  expect((await ledger.run("run1"))?.state).toBe("failed");
});
