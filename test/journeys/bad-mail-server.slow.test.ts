import { expect } from "vitest";
import { DAILY, ofType, overdueDesk, received } from "./desk.ts";
import { journey, until } from "./program.ts";

const three = (domain: string) =>
  `[${["ana", "ben", "eve"].map((name) => `${name}@${domain}.example.com`).join(", ")}]`;

journey("a server that greylists is asked again, and gets the report then", async () => {
  const desk = await overdueDesk({
    reports: `  at-rcpt: { schedule: "${DAILY}", look: 42, retry: { tries: 3, over: 2s }, deliver: [{ email: ana@example.com }] }
  at-data: { schedule: "${DAILY}", look: 43, retry: { tries: 3, over: 2s }, deliver: [{ email: ben@example.com }] }
`,
  });
  desk.sandbox.smtp.faults.add({ at: "rcpt", refuse: 451, recipient: "ana@example.com", times: 1 });
  desk.sandbox.smtp.faults.add({ at: "data", refuse: 451, recipient: "ben@example.com", times: 1 });
  const service = desk.start();
  await until(() => service.said("run delivered").length === 2);
  expect(service.said("delivery waits")).toMatchObject([
    { reason: expect.stringContaining("451 Greylisted"), tries: 1, nextAt: expect.any(String) },
    { reason: expect.stringContaining("451 Greylisted"), tries: 1, nextAt: expect.any(String) },
  ]);
  expect(await received(desk)).toEqual(["ana@example.com", "ben@example.com"]);
  const [first] = ofType(await desk.history(), "run");
  const words = await desk.words("--run", String(first?.run));
  expect(words).toMatch(/attempt 1 .*: failed for now after .*: .*451 Greylisted, try again later/);
  expect(words).toMatch(/attempt 2 .*: sent/);
});

journey(
  "of three recipients, one refused for good is named, and one refused for now is asked again alone",
  async () => {
    const desk = await overdueDesk({
      reports: `  for-good: { schedule: "${DAILY}", look: 42, retry: { tries: 3, over: 2s }, deliver: [{ email: ${three("good")} }] }
  for-now: { schedule: "${DAILY}", look: 43, retry: { tries: 3, over: 2s }, deliver: [{ email: ${three("now")} }] }
`,
    });
    const { faults } = desk.sandbox.smtp;
    faults.add({ at: "rcpt", refuse: 550, recipient: "ben@good.example.com" });
    faults.add({ at: "rcpt", refuse: 451, recipient: "ben@now.example.com", times: 1 });
    const service = desk.start();
    await service.says("run partly_failed");
    await service.says("run delivered");
    expect(await received(desk)).toEqual([
      "ana@good.example.com",
      "ana@now.example.com",
      "ben@now.example.com",
      "eve@good.example.com",
      "eve@now.example.com",
    ]);
    const all = await desk.history();
    expect(ofType(all, "delivery", "for-now")).toMatchObject([{ status: "sent", attempts: 2, refused: [] }]);
    expect(ofType(all, "delivery", "for-good")).toMatchObject([
      { status: "sent", attempts: 1, refused: [{ recipient: "ben@good.example.com", permanent: true }] },
    ]);
    const words = await desk.words("--run", String(ofType(all, "run", "for-good")[0]?.run));
    expect(words).toContain("sent, but refused for 1 of its recipients");
    expect(words).toContain("refused for ben@good.example.com: 550 No such mailbox");
    expect(words).toMatch(/lookpost run for-good --due \S+ --to ben@good.example.com/);
  },
);

journey(
  "a server that takes the message and drops the line leaves it unknown: on_failure is notified, and resend sends it",
  async () => {
    const desk = await overdueDesk({
      reports: `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ email: ana@example.com }], on_failure: [{ slack: "#data-ops" }] }
`,
    });
    desk.sandbox.smtp.faults.add({ at: "end", drop: true, times: 1 });
    const service = desk.start();
    await service.says("delivery unknown");
    await service.says("run partly_failed");
    const { delivery } = await service.says("delivery sent", ({ destination }) => destination === "slack");
    expect(delivery).toEqual(expect.any(String));
    const all = await desk.history();
    const [unknown] = ofType(all, "delivery");
    expect(unknown).toMatchObject({ status: "unknown", purpose: "report", attempts: 1 });
    const [notice, ...more] = desk.sandbox.slack.posts("#data-ops");
    expect(more).toEqual([]);
    expect(JSON.stringify(notice)).toContain(`lookpost resend ${unknown?.delivery}`);
    expect(await desk.words()).toContain(
      "email ana@example.com: unknown: it may have been delivered; caught up; notified: #data-ops",
    );

    const resent = await desk.lookpost("resend", String(unknown?.delivery));
    expect(resent.code).toBe(0);
    expect(await received(desk)).toEqual(["ana@example.com", "ana@example.com"]);
    expect(ofType(await desk.history(), "run")).toMatchObject([{ status: "delivered" }]);
  },
);

journey("on_unknown: resend sends it again by itself", async () => {
  const desk = await overdueDesk({
    reports: `  weekly: { schedule: "${DAILY}", look: 42, on_unknown: resend, retry: { tries: 3, over: 2s }, deliver: [{ email: ana@example.com }] }
`,
  });
  desk.sandbox.smtp.faults.add({ at: "end", drop: true, times: 1 });
  const service = desk.start();
  await service.says("run delivered");
  expect(await received(desk)).toEqual(["ana@example.com", "ana@example.com"]);
});

journey("a server as slow as molasses gets its time, and holds up no other delivery", async () => {
  const desk = await overdueDesk({
    reports: `  slow: { schedule: "${DAILY}", look: 42, deliver: [{ email: ana@example.com }] }
  other: { schedule: "${DAILY}", look: 43, deliver: [{ slack: "#flight-ops" }] }
`,
  });
  for (const at of ["connect", "mail", "rcpt", "data", "end"] as const)
    desk.sandbox.smtp.faults.add({ at, delayMs: 1_000 });
  const service = desk.start();
  await service.says("run delivered", ({ report }) => report === "slow");
  expect(service.said("run delivered").map(({ report }) => report)).toEqual(["other", "slow"]);
  expect(await received(desk)).toEqual(["ana@example.com"]);
});
