import { beforeEach, expect, test } from "vitest";
import { cancelCommand } from "../../../src/commands/mend/cancel.ts";
import { resendCommand } from "../../../src/commands/mend/resend.ts";
import { retryCommand } from "../../../src/commands/mend/retry.ts";
import type { Settlement } from "../../../src/core/model/entry.ts";
import { SERVICE } from "../history/states.ts";
import { claim, type Desk, openDesk, until } from "../house.ts";

/** The commands beside a service that lives; the test is the service. */
let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  await desk.ledger.signIn(SERVICE, "service", new Date());
});

const PLANS = [
  {
    id: "mail1",
    kind: "email",
    target: "ops@example.com",
    recipients: "",
    identity: "ops@example.com",
    entry: "ops@example.com",
  },
  { id: "post1", kind: "slack", target: "#ops", recipients: "", identity: "#ops", entry: "#ops" },
];
const SENT: Settlement = { state: "sent", externalId: "<1@x>", refused: [], reason: null, bytes: 10 };
const REFUSED: Settlement = { state: "refused", reason: "Archived.", advice: "Unarchive it.", bytes: null };
const UNKNOWN: Settlement = { state: "unknown", reason: "Lost.", advice: null, bytes: null };

/** A run whose two deliveries ended like this. */
async function endedRun(mail: Settlement, post: Settlement): Promise<void> {
  const { ledger } = desk;
  await claim(ledger);
  const run = await ledger.takeRun("run1", SERVICE, new Date());
  await ledger.planDeliveries({ id: "run1", attempt: run!.attempts }, PLANS, 49, new Date());
  await settle("mail1", mail);
  await settle("post1", post);
}

async function settle(id: string, settlement: Settlement): Promise<void> {
  const taken = await desk.ledger.takeDelivery(id, SERVICE, new Date());
  await desk.ledger.settleDelivery({ id, attempt: taken!.attempts }, settlement, new Date());
}

function retry(options: { failedOnly?: boolean; json?: boolean } = {}, run = "run1"): Promise<number> {
  return retryCommand(run, { config: desk.config, ...options }, desk.io);
}

function resend(delivery: string, options: { json?: boolean } = {}): Promise<number> {
  return resendCommand(delivery, { config: desk.config, ...options }, desk.io);
}

function cancel(run = "run1", options: { json?: boolean } = {}): Promise<number> {
  return cancelCommand(run, { config: desk.config, ...options }, desk.io);
}

async function stateOf(delivery: string): Promise<string | undefined> {
  return (await desk.ledger.delivery(delivery))?.state;
}

test("retry --failed-only has the service send what failed, and only that, and tells how it goes", async () => {
  await endedRun(SENT, REFUSED);
  const code = retry({ failedOnly: true, json: true });
  await until(async () => (await stateOf("post1")) === "pending");
  expect((await desk.ledger.delivery("post1"))?.state).toBe("pending");
  expect(await desk.ledger.takeDelivery("mail1", SERVICE, new Date())).toBeNull();
  await settle("post1", SENT);
  expect(await code).toBe(0);
  expect(desk.err()).toMatch(/\(run run1\): handed to the service\.\n/);
  expect(desk.err()).toMatch(/slack {6}#ops: to be sent again\n/);
  expect(desk.err()).toMatch(/slack {6}#ops: sent\n {2}delivered/);
  const lines = desk
    .out()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { status: "sent" },
    { status: "sent" },
    { type: "run", status: "delivered" },
    { type: "ledger", ledger: expect.stringMatching(/ledger\.sqlite$/) },
  ]);
});

test("retry has the service ask Looker again, and exits with 1 where it fails again", async () => {
  await endedRun(REFUSED, REFUSED);
  const code = retry();
  await until(async () => (await desk.ledger.run("run1"))?.state === "planned");
  expect((await desk.ledger.run("run1"))?.reservedFor).toBeNull();
  const run = await desk.ledger.takeRun("run1", SERVICE, new Date());
  const end = { state: "failed", reason: "There is no Look 42.", advice: null } as const;
  await desk.ledger.endRun({ id: "run1", attempt: run!.attempts }, end, new Date());
  expect(await code).toBe(1);
  expect(desk.err()).toMatch(/failed {5}There is no Look 42\n/);
});

test("retry leaves alone what may have arrived, and says how to send it all the same", async () => {
  await endedRun(UNKNOWN, REFUSED);
  const code = retry({ failedOnly: true });
  await until(async () => (await stateOf("post1")) === "pending");
  expect(await stateOf("mail1")).toBe("unknown");
  await settle("post1", SENT);
  expect(await code).toBe(1);
  expect(desk.err()).toMatch(/email ops@example\.com may already have it.*`lookpost resend mail1`/);
});

test("Ctrl-C ends the watching, not what the service does", async () => {
  await endedRun(SENT, REFUSED);
  const code = retry({ failedOnly: true });
  await until(() => desk.err().includes("#ops"));
  desk.interrupt();
  expect(await code).toBe(1);
  expect(await stateOf("post1")).toBe("pending");
  expect(desk.err()).toContain("The service continues it: `lookpost history --run run1`");
});

test.each([
  [
    {},
    "Run run1 is delivered: there is nothing to retry.",
    /`lookpost run weekly --due 2026-11-16T13:00Z --again`/,
  ],
  [{ failedOnly: true }, "Run run1 is delivered: there is nothing to retry.", /--again/],
])(
  "retry %j of a delivered run is refused with what can be done instead",
  async (options, message, advice) => {
    await endedRun(SENT, SENT);
    await expect(retry(options)).rejects.toMatchObject({
      code: "config",
      message,
      advice: expect.stringMatching(advice),
    });
  },
);

test("retry of a run that has not ended is refused", async () => {
  await claim(desk.ledger);
  await expect(retry()).rejects.toMatchObject({
    code: "config",
    message: "Run run1 is planned: it has not ended.",
    advice: expect.stringContaining("`lookpost cancel run1`"),
  });
});

test.each([{}, { failedOnly: true }])(
  "retry %j where none has failed says what else there is",
  async (options) => {
    await endedRun(SENT, UNKNOWN);
    await expect(retry(options)).rejects.toMatchObject({
      code: "config",
      message: "No delivery of run run1 has failed: there is nothing to send again.",
      advice: "`lookpost history --run run1` shows what can be done.",
    });
  },
);

test("retry --failed-only of a run that made no files says how to ask again", async () => {
  await claim(desk.ledger);
  await desk.ledger.cancelRun("run1", "A person cancelled it.", new Date());
  await expect(retry({ failedOnly: true })).rejects.toMatchObject({
    advice: "`lookpost retry run1` queries Looker again.",
  });
});

test("retry of a trial is refused: nobody else could carry it out as it was asked for", async () => {
  await claim(desk.ledger, { kind: "trial", burst: "manual 1" });
  await desk.ledger.cancelRun("run1", "interrupted", new Date());
  await expect(retry()).rejects.toMatchObject({
    code: "config",
    advice: expect.stringContaining("--dry-run"),
  });
});

test("resend has the service send a delivery once more, whatever became of it, and no other", async () => {
  await endedRun(UNKNOWN, REFUSED);
  const code = resend("mail1", { json: true });
  await until(async () => (await stateOf("mail1")) === "pending");
  expect(await stateOf("post1")).toBe("refused");
  await settle("mail1", SENT);
  expect(await code).toBe(0);
  expect(
    desk
      .out()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ type: "delivery", delivery: "mail1", status: "sent" }, { type: "ledger" }]);
});

test("resend exits with 1 where it is refused once more", async () => {
  await endedRun(SENT, REFUSED);
  const code = resend("post1");
  await until(async () => (await stateOf("post1")) === "pending");
  await settle("post1", REFUSED);
  expect(await code).toBe(1);
  expect(desk.err()).toMatch(/slack {6}#ops: refused\n {13}Archived\.\n {13}Unarchive it\.\n/);
});

test("resend of a delivery that is under way is refused, and the id of a run is no delivery", async () => {
  await claim(desk.ledger);
  const run = await desk.ledger.takeRun("run1", SERVICE, new Date());
  await desk.ledger.planDeliveries({ id: "run1", attempt: run!.attempts }, PLANS, 49, new Date());
  await expect(resend("mail1")).rejects.toMatchObject({
    code: "config",
    message: "Delivery mail1 is still under way.",
    advice: "`lookpost history --run run1` shows its state.",
  });
  await expect(resend("run1")).rejects.toMatchObject({
    message: 'There is no delivery "run1" in the ledger.',
    advice: "It is a run: `lookpost history --run run1` shows its deliveries.",
  });
  await expect(resend("nope")).rejects.toMatchObject({ code: "config" });
});

test("cancel ends a run that nobody has in hand at once", async () => {
  await claim(desk.ledger);
  expect(await cancel()).toBe(0);
  expect(desk.out()).toBe("Run run1 of weekly is cancelled.\n");
  expect(await desk.ledger.run("run1")).toMatchObject({
    state: "cancelled",
    reason: "A person cancelled it.",
  });
});

test("cancel asks the worker that has a run in hand, and waits until it has ended", async () => {
  await claim(desk.ledger);
  const run = await desk.ledger.takeRun("run1", SERVICE, new Date());
  const code = cancel("run1", { json: true });
  await until(async () => (await desk.ledger.cancelsAsked(SERVICE)).includes("run1"));
  const end = { state: "cancelled", reason: "A person cancelled it.", advice: null } as const;
  await desk.ledger.endRun({ id: "run1", attempt: run!.attempts }, end, new Date());
  expect(await code).toBe(0);
  expect(
    desk
      .out()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ type: "run", status: "cancelled" }, { type: "ledger" }]);
  expect(desk.err()).toMatch(/^In the ledger .*ledger\.sqlite\n/);
});

test("cancel says what had been sent before", async () => {
  await claim(desk.ledger);
  const run = await desk.ledger.takeRun("run1", SERVICE, new Date());
  await desk.ledger.planDeliveries({ id: "run1", attempt: run!.attempts }, PLANS, 49, new Date());
  await settle("mail1", SENT);
  expect(await cancel()).toBe(0);
  expect(desk.out()).toBe("Run run1 of weekly is partly failed; sent before that: email ops@example.com.\n");
  expect(await stateOf("post1")).toBe("cancelled");
});

test("cancel comes too late where the worker was quicker, and an ended run is refused", async () => {
  await claim(desk.ledger);
  const run = await desk.ledger.takeRun("run1", SERVICE, new Date());
  await desk.ledger.planDeliveries({ id: "run1", attempt: run!.attempts }, PLANS.slice(0, 1), 49, new Date());
  const taken = await desk.ledger.takeDelivery("mail1", SERVICE, new Date());
  const code = cancel();
  await until(async () => (await desk.ledger.run("run1"))?.cancelAskedAt != null);
  await desk.ledger.settleDelivery({ id: "mail1", attempt: taken!.attempts }, SENT, new Date());
  expect(await code).toBe(1);
  expect(desk.out()).toBe("Run run1 of weekly was delivered before it could be cancelled.\n");
  await expect(cancel()).rejects.toMatchObject({
    code: "config",
    message: "Run run1 is delivered: there is nothing to cancel.",
  });
  await expect(cancel("nope")).rejects.toMatchObject({ message: 'There is no run "nope" in the ledger.' });
});
