import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { openCircuits } from "../../../src/worker/process/circuits.ts";
import { handClock } from "../open-pipeline.ts";

async function house() {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-circuits-"));
  const ledger = await openSqliteLedger(folder);
  onTestFinished(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const clock = handClock();
  return { ledger, clock, here: openCircuits(ledger, clock), there: openCircuits(ledger, clock) };
}

test("one call is let through after the pause, and the others are held back until it has ended", async () => {
  const { here, clock } = await house();
  for (let times = 0; times < 5; times += 1) await here.failed("slack", "no answer");
  expect(await here.held("slack")).toMatchObject({ reason: "no answer" });
  expect(await here.held("email")).toBeNull();
  clock.advance(30_000);
  expect(await here.held("slack")).toBeNull();
  expect(await here.held("slack")).not.toBeNull();
  await here.succeeded("slack");
  expect(await here.held("slack")).toBeNull();
});

test("a probe that fails doubles the pause", async () => {
  const { here, clock } = await house();
  for (let times = 0; times < 5; times += 1) await here.failed("slack", "no answer");
  clock.advance(30_000);
  await here.held("slack");
  await here.failed("slack", "still no answer");
  const held = await here.held("slack");
  expect(held).toEqual({ until: new Date(clock.now().getTime() + 60_000), reason: "still no answer" });
});

test("calls that were under way when it opened say nothing new", async () => {
  const { here, clock } = await house();
  for (let times = 0; times < 30; times += 1) await here.failed("slack", "no answer");
  expect((await here.held("slack"))?.until).toEqual(new Date(clock.now().getTime() + 30_000));
});

test("a block that has changed ends the circuits of its servers, and of no others", async () => {
  const { here, there, ledger, clock } = await house();
  for (const name of ["email smtp://a.example.com:25", "email smtp://b.example.com:25", "slack", "looker"])
    for (let times = 0; times < 5; times += 1) await there.failed(name, "no answer");
  clock.advance(2_500);
  await here.end("email");
  await here.end("looker");
  expect(await here.held("email smtp://a.example.com:25")).toBeNull();
  expect(await here.held("slack")).not.toBeNull();
  expect((await ledger.circuits()).filter(({ openUntil }) => openUntil !== null)).toMatchObject([
    { name: "slack" },
  ]);
});

test("what one worker found out, the others know within seconds", async () => {
  const { here, there, clock } = await house();
  expect(await there.held("slack")).toBeNull();
  for (let times = 0; times < 5; times += 1) await here.failed("slack", "no answer");
  clock.advance(2_500);
  expect(await there.held("slack")).not.toBeNull();
});

test("five that fail in the same moment count as five, and of many that ask at once one is let through", async () => {
  const { here, clock } = await house();
  await Promise.all(Array.from({ length: 5 }, () => here.failed("slack", "no answer")));
  expect(await here.held("slack")).toMatchObject({ reason: "no answer" });
  clock.advance(30_000);
  const asked = await Promise.all(Array.from({ length: 5 }, () => here.held("slack")));
  expect(asked.filter((held) => held === null)).toHaveLength(1);
});
