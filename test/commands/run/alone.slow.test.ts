import { beforeEach, expect, onTestFinished, test } from "vitest";
import { cancelCommand } from "../../../src/commands/mend/cancel.ts";
import { resendCommand } from "../../../src/commands/mend/resend.ts";
import { retryCommand } from "../../../src/commands/mend/retry.ts";
import { runCommand } from "../../../src/commands/run/run.ts";
import type { Delivery, Run } from "../../../src/core/model/run.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { type Desk, openDesk, until } from "../house.ts";

/** The commands where no service runs: each does itself what it is asked for. */
let desk: Desk;
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ queryMs: 5 });
  onTestFinished(() => sandbox.close());
  desk = await openDesk(REPORTS, sandbox.env);
});

const REPORTS = `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
reports:
  weekly: { schedule: "0 8 * * mon", look: 42, deliver: [{ email: ops@example.com }, { email: ana@example.com }] }
`;

const run = (options: { to?: string; dryRun?: boolean } = {}) =>
  runCommand("weekly", { config: desk.config, ...options }, desk.io);
const retry = (id: string, failedOnly = false) =>
  retryCommand(id, { config: desk.config, failedOnly }, desk.io);

/** The one run of the ledger, and its deliveries by their targets. */
async function standing(): Promise<{ run: Run; ops: Delivery | undefined; ana: Delivery | undefined }> {
  const [run] = await desk.ledger.runs({ limit: 1 });
  const deliveries = await desk.ledger.deliveries(run!.id);
  const to = (target: string) => deliveries.find((delivery) => delivery.target === target);
  return { run: run!, ops: to("ops@example.com"), ana: to("ana@example.com") };
}

async function received(): Promise<Record<string, number>> {
  const messages = await sandbox.smtp.messages();
  const counts: Record<string, number> = { "ops@example.com": 0, "ana@example.com": 0 };
  for (const { recipients } of messages)
    for (const address of recipients) counts[address] = (counts[address] ?? 0) + 1;
  return counts;
}

test("a run that fails for a passing reason ends, since a person is watching; retry --failed-only sends the rest", async () => {
  sandbox.smtp.faults.add({ at: "rcpt", refuse: 451, recipient: "ana@example.com", times: 1 });
  expect(await run()).toBe(1);
  const before = await standing();
  expect([before.run.state, before.ops?.state, before.ana?.state]).toEqual([
    "partly_failed",
    "sent",
    "gave_up",
  ]);
  expect(desk.err()).toContain(`\`lookpost history --run ${before.run.id}\` says what to do.`);
  expect(await retry(before.run.id, true)).toBe(0);
  expect((await standing()).run.state).toBe("delivered");
  expect(await received()).toEqual({ "ops@example.com": 1, "ana@example.com": 1 });
});

test("retry asks Looker again where the query had failed", async () => {
  sandbox.looker.faults.add({ kind: "database_error", message: "deadlock", times: 1 });
  expect(await run()).toBe(1);
  const { run: failed } = await standing();
  expect(desk.err()).toContain(`To repeat it: lookpost retry ${failed.id}`);
  expect(await retry(failed.id)).toBe(0);
  expect((await standing()).run).toMatchObject({ id: failed.id, state: "delivered", attempts: 2 });
  expect(await received()).toEqual({ "ops@example.com": 1, "ana@example.com": 1 });
});

test("a mail that may have arrived is left unknown by retry, and sent once more by resend", async () => {
  sandbox.smtp.faults.add({ at: "end", drop: true, recipient: "ops@example.com", times: 1 });
  expect(await run()).toBe(1);
  const { run: ended, ops } = await standing();
  expect(ops?.state).toBe("unknown");
  expect(desk.err()).toContain(`Check there first; if it is missing, \`lookpost resend ${ops?.id}\`.`);
  await expect(retry(ended.id)).rejects.toMatchObject({ code: "config" });
  expect(await received()).toEqual({ "ops@example.com": 1, "ana@example.com": 1 });
  const sent = await resendCommand(String(ops?.id), { config: desk.config, json: true }, desk.io);
  expect(sent).toBe(0);
  expect(desk.out()).toContain(`"delivery":"${ops?.id}"`);
  expect((await standing()).run.state).toBe("delivered");
  expect(await received()).toEqual({ "ops@example.com": 2, "ana@example.com": 1 });
});

test("a run that is interrupted is cancelled, and nothing is sent", async () => {
  sandbox.looker.faults.add({ kind: "status_word", word: "running", times: 1 });
  const code = run();
  await until(async () => (await desk.ledger.runs({ limit: 1 }))[0]?.state === "running");
  desk.interrupt();
  expect(await code).toBe(1);
  expect((await standing()).run).toMatchObject({ state: "cancelled", reason: "interrupted" });
  expect(await received()).toEqual({ "ops@example.com": 0, "ana@example.com": 0 });
});

test("a retry that is interrupted is cancelled", async () => {
  sandbox.looker.faults.add({ kind: "database_error", times: 1 });
  await run();
  const { run: failed } = await standing();
  sandbox.looker.faults.add({ kind: "status_word", word: "running", times: 1 });
  const code = retry(failed.id);
  await until(async () => (await desk.ledger.run(failed.id))?.state === "running");
  desk.interrupt();
  expect(await code).toBe(1);
  expect((await standing()).run).toMatchObject({ state: "cancelled", reason: "interrupted", owner: null });
});

test("cancel from another terminal ends the run of a command", async () => {
  sandbox.looker.faults.add({ kind: "status_word", word: "running", times: 1 });
  const code = run();
  await until(async () => (await desk.ledger.runs({ limit: 1 }))[0]?.state === "running");
  const { run: running } = await standing();
  expect(await cancelCommand(running.id, { config: desk.config }, desk.io)).toBe(0);
  expect(await code).toBe(1);
  expect((await standing()).run).toMatchObject({ state: "cancelled", reason: "A person cancelled it." });
});

test.each([{ to: "me@example.com" }, { dryRun: true }])(
  "a trial, %j, is no run that could be retried",
  async (options) => {
    await run(options);
    const { run: trial } = await standing();
    expect(trial.kind).toBe("trial");
    await expect(retry(trial.id)).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("trial"),
    });
  },
);

test("--to takes several addresses with commas between them, and says which of them is none", async () => {
  expect(await run({ to: "eve@example.com, ana@example.com" })).toBe(0);
  expect((await received())["ana@example.com"]).toBe(1);
  await expect(run({ to: "eve@example.com, ana@" })).rejects.toThrow('"ana@" is not an email address');
});

test("a retry of what was refused needs no secret of what it does not use", async () => {
  sandbox.smtp.faults.add({ at: "rcpt", refuse: 550, recipient: "ana@example.com", times: 1 });
  await run();
  const { SMTP_URL } = sandbox.env;
  const io = { ...desk.io, env: { SMTP_URL } };
  const [latest] = await desk.ledger.runs({ limit: 1 });
  expect(await retryCommand(latest!.id, { config: desk.config, failedOnly: true }, io)).toBe(0);
  expect((await received())["ana@example.com"]).toBe(1);
});
