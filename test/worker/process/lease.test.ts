import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HOLD_AFTER_MS } from "../../../src/core/ports/owners.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { openLease } from "../../../src/worker/process/lease.ts";
import { handClock } from "../open-pipeline.ts";

async function leased() {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-lease-"));
  const ledger = await openSqliteLedger(folder);
  onTestFinished(async () => {
    await ledger.close().catch(() => "a test has closed it");
    rmSync(folder, { recursive: true, force: true });
  });
  const clock = handClock();
  let passedMs = 0;
  let names = 0;
  const leases = await openLease({
    ledger,
    role: "service",
    newOwner: () => {
      names += 1;
      return `host:1:${names}`;
    },
    now: () => clock.now(),
    monotonicMs: () => passedMs,
  });
  return {
    ledger,
    clock,
    leases,
    /** As a stopped process sees it: all clocks go on, and nothing of it runs. */
    standStill(ms: number) {
      passedMs += ms;
      clock.advance(ms);
    },
  };
}

test("a lease holds for as long as its beats are confirmed", async () => {
  const { leases, standStill } = await leased();
  for (let beats = 0; beats < 5; beats += 1) {
    standStill(HOLD_AFTER_MS);
    leases.current().confirm();
    await leases.beat();
  }
  expect(leases.current().owner).toBe("host:1:1");
});

test("a process that stood still may do nothing before its next beat, and may go on where no other took its place", async () => {
  const { leases, standStill } = await leased();
  const lease = leases.current();
  standStill(HOLD_AFTER_MS + 1);
  expect(() => lease.confirm()).toThrow(expect.objectContaining({ code: "cancelled", retryable: true }));
  expect(lease.signal.aborted).toBe(false);
  await leases.beat();
  lease.confirm();
  expect(leases.current()).toBe(lease);
});

test("who was taken for dead and lives loses all it had, and goes on under another name", async () => {
  const { ledger, clock, leases, standStill } = await leased();
  const lost = leases.current();
  standStill(60_000);
  await ledger.signIn("another", "service", clock.now());
  await ledger.sweep({ silentMs: 15_000, onlyService: null }, clock.now());
  await leases.beat();
  expect(lost.signal.aborted).toBe(true);
  expect(lost.signal.reason).toMatchObject({ code: "cancelled", retryable: true });
  expect(() => lost.confirm()).toThrow();
  expect(leases.current().owner).toBe("host:1:2");
  leases.current().confirm();
});

test("a machine that was suspended, whose own clock stood still too, is known by the time of day", async () => {
  const { leases, clock } = await leased();
  clock.advance(HOLD_AFTER_MS + 1);
  expect(() => leases.current().confirm()).toThrow();
  await leases.beat();
  leases.current().confirm();
});

test("a clock that is set back changes nothing", async () => {
  const { leases, clock } = await leased();
  clock.set(new Date(0));
  leases.current().confirm();
});
