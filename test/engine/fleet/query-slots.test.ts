import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Ledger } from "../../../src/core/ports/ledger.ts";
import type { Slots } from "../../../src/core/rules/slots.ts";
import { type FleetSlotsOptions, fleetSlots } from "../../../src/engine/fleet/query-slots.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { clock, until } from "../clock.ts";

const NEVER = new AbortController().signal;
let directory: string;
let ledger: Ledger;
/** How far the clock that holders are timed by is ahead of the real one. */
let aheadMs: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lookpost-slots-"));
  ledger = await openSqliteLedger(directory);
  for (const owner of ["a", "b"]) await ledger.signIn(owner, "service", clock.now());
  aheadMs = 0;
});
afterEach(async () => {
  await ledger.close();
  await rm(directory, { recursive: true });
});

const slotsOf = (owner: string, slotsMax: number, part: Partial<FleetSlotsOptions> = {}): Slots =>
  fleetSlots({
    ledger,
    pool: "looker",
    slotsMax,
    owner: () => owner,
    clock: { ...clock, now: () => new Date(Date.now() + aheadMs) },
    ...part,
  });

/** Places of the pool that nobody has: all are taken, counted and given back. */
async function freeSlots(slotsMax: number): Promise<number> {
  const taken: number[] = [];
  for (;;) {
    const slot = await ledger.takeSlot("looker", slotsMax, "a");
    if (slot === null) break;
    taken.push(slot);
  }
  for (const slot of taken) await ledger.releaseSlot("looker", slot, "a");
  return taken.length;
}

test("two replicas together hold no more slots than there are, and each gets all its work through", async () => {
  let held = 0;
  let most = 0;
  const work = async (slots: Slots) => {
    const giveBack = await slots.take(NEVER);
    held += 1;
    most = Math.max(most, held);
    await clock.sleep(1);
    held -= 1;
    giveBack();
  };
  const replicas = [slotsOf("a", 3), slotsOf("b", 3)];
  await Promise.all(replicas.flatMap((slots) => Array.from({ length: 20 }, () => work(slots))));
  expect(most).toBe(3);
  await until(async () => (await freeSlots(3)) === 3);
});

test("a slot goes to the next who waits here, first come, first served, without a word to the ledger", async () => {
  let given = 0;
  const counting = {
    takeSlot: ledger.takeSlot,
    releaseSlot: async (...args: Parameters<Ledger["releaseSlot"]>) => {
      given += 1;
      await ledger.releaseSlot(...args);
    },
  };
  const slots = slotsOf("a", 1, { ledger: counting });
  const order: number[] = [];
  const work = async (number: number) => {
    const giveBack = await slots.take(NEVER);
    order.push(number);
    expect(given).toBe(0);
    giveBack();
    giveBack();
  };
  await Promise.all([1, 2, 3, 4, 5].map(work));
  expect(order).toEqual([1, 2, 3, 4, 5]);
  await until(() => given === 1);
  expect(await freeSlots(1)).toBe(1);
});

test("who stops waiting is not counted and gets nothing", async () => {
  const slots = slotsOf("a", 1);
  const giveBack = await slots.take(NEVER);
  const leaving = new AbortController();
  const left = slots.take(leaving.signal);
  const stays = slots.take(NEVER);
  expect(slots.waiting).toBe(2);
  leaving.abort(new Error("Enough."));
  await expect(left).rejects.toThrow("Enough.");
  await expect(slots.take(leaving.signal)).rejects.toThrow("Enough.");
  expect(slots.waiting).toBe(1);
  giveBack();
  (await stays)();
});

test("a replica that always has someone waiting leaves a slot to another after its turn", async () => {
  const [a, b] = [slotsOf("a", 1), slotsOf("b", 1)];
  let isServed = false;
  const insist = async () => {
    while (!isServed) {
      const giveBack = await a.take(NEVER);
      await clock.sleep(1);
      aheadMs += 500;
      giveBack();
    }
  };
  const insisting = [insist(), insist(), insist()];
  await until(() => aheadMs > 0);
  const giveBack = await b.take(NEVER);
  isServed = true;
  giveBack();
  await Promise.all(insisting);
  expect(aheadMs).toBeGreaterThan(5_000);
});

test("a ledger that fails is asked again, and is given its slot back when it answers", async () => {
  let isDown = true;
  const fail = async () => {
    throw new ReportError("The ledger is out.", { code: "unavailable" });
  };
  const failing = {
    takeSlot: (...args: Parameters<Ledger["takeSlot"]>) => (isDown ? fail() : ledger.takeSlot(...args)),
    releaseSlot: (...args: Parameters<Ledger["releaseSlot"]>) =>
      isDown ? fail() : ledger.releaseSlot(...args),
  };
  const slots = slotsOf("a", 1, { ledger: failing, clock: { ...clock, sleep: () => clock.sleep(5) } });
  const taken = slots.take(NEVER);
  await clock.sleep(20);
  expect(slots.waiting).toBe(1);
  isDown = false;
  const giveBack = await taken;
  isDown = true;
  giveBack();
  await clock.sleep(20);
  expect(await freeSlots(1)).toBe(0);
  isDown = false;
  await until(async () => (await freeSlots(1)) === 1);
});

test("a slot taken under a name that was taken for dead since is not handed on", async () => {
  let owner = "a";
  const slots = slotsOf("", 1, { owner: () => owner });
  const giveBack = await slots.take(NEVER);
  // What a sweep does for the dead: its slot is free, and another's.
  await ledger.signOff("a", clock.now());
  expect(await ledger.takeSlot("looker", 1, "b")).not.toBeNull();
  owner = "c";
  await ledger.signIn("c", "service", clock.now());
  let isServed = false;
  const waiting = slots.take(NEVER).then((give) => {
    isServed = true;
    give();
  });
  giveBack();
  await clock.sleep(20);
  expect(isServed).toBe(false);
  await ledger.signOff("b", clock.now());
  await waiting;
});
