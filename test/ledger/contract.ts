import { afterEach, beforeEach, expect, test } from "vitest";
import type { Ledger, RunClaim } from "../../src/core/ledger.ts";
import type { Outcome } from "../../src/core/outcome.ts";

const DUE = new Date("2026-11-16T13:00:00Z");
const T0 = new Date("2026-11-16T13:00:01Z");
const T1 = new Date("2026-11-16T13:00:02Z");
const SENT: Outcome = { kind: "sent", externalId: "<1@example.com>", refused: [] };

/** What every ledger owes, whatever it is kept in. `open` gives an empty one. */
export function ledgerContract(name: string, open: () => Promise<Ledger>): void {
  let ledger: Ledger;
  let ids = 0;
  beforeEach(async () => {
    ledger = await open();
  });
  afterEach(() => ledger.close());

  const claim = (part: Partial<RunClaim> = {}): RunClaim => {
    ids += 1;
    return {
      id: `run${ids}`,
      report: "weekly",
      dueAt: DUE,
      burst: "",
      trigger: "schedule",
      owner: "a",
      at: T0,
      ...part,
    };
  };
  const running = async (part: Partial<RunClaim> = {}) => {
    const run = await ledger.claimRun(claim(part));
    if (run === null) throw new Error("the key stood already");
    await ledger.startRun(run.id, run.id === undefined ? "" : (part.owner ?? "a"), T0);
    return run;
  };
  const planned = (runId: string, ...targets: string[]) =>
    ledger.planDeliveries(
      runId,
      targets.map((target) => ({ id: `${runId}-${target}`, kind: "email", target, recipients: "" })),
      12,
      T0,
    );

  test(`${name}: of two workers that claim one tick, one gets the run`, async () => {
    const [first, second] = await Promise.all([ledger.claimRun(claim()), ledger.claimRun(claim())]);
    expect([first, second].filter((run) => run !== null)).toHaveLength(1);
    expect(await ledger.runs({ limit: 10 })).toHaveLength(1);
  });

  test(`${name}: another tick, report or burst key is another run`, async () => {
    for (const part of [{}, { dueAt: T1 }, { report: "other" }, { burst: "row-2" }]) {
      expect(await ledger.claimRun(claim(part))).not.toBeNull();
    }
    expect((await ledger.runs({ report: "weekly", limit: 10 })).map((run) => run.burst)).toContain("row-2");
    expect(await ledger.findRun({ report: "other", dueAt: DUE, burst: "" })).toMatchObject({
      state: "planned",
    });
  });

  test(`${name}: a run is started once`, async () => {
    const run = await running();
    expect(await ledger.startRun(run.id, "b", T1)).toBeNull();
    expect(await ledger.run(run.id)).toMatchObject({ state: "running", startedAt: T0 });
  });

  test(`${name}: deliveries planned again after a restart are the ones that stand`, async () => {
    const run = await running();
    const before = await planned(run.id, "ana@example.com", "ben@example.com");
    const again = await ledger.planDeliveries(
      run.id,
      [{ id: "another-id", kind: "email", target: "ana@example.com", recipients: "" }],
      12,
      T1,
    );
    expect(again.map((delivery) => delivery.id)).toEqual(before.map((delivery) => delivery.id));
    expect(await ledger.run(run.id)).toMatchObject({ state: "delivering", rows: 12 });
  });

  test(`${name}: a delivery is started once, and never again once it is sent`, async () => {
    const run = await running();
    const [delivery] = await planned(run.id, "ana@example.com");
    expect(await ledger.startDelivery(delivery!.id, T0)).toMatchObject({ state: "sending", attempts: 1 });
    expect(await ledger.startDelivery(delivery!.id, T0)).toBeNull();
    await ledger.settleDelivery(delivery!.id, { outcome: SENT, bytes: 345 }, T1);
    expect(await ledger.startDelivery(delivery!.id, T1)).toBeNull();
    expect(await ledger.delivery(delivery!.id)).toMatchObject({
      state: "sent",
      externalId: "<1@example.com>",
      bytes: 345,
      settledAt: T1,
    });
  });

  test(`${name}: an outcome is written once; a second one changes nothing`, async () => {
    const run = await running();
    const [delivery] = await planned(run.id, "ana@example.com");
    await ledger.startDelivery(delivery!.id, T0);
    await ledger.settleDelivery(delivery!.id, { outcome: SENT, bytes: 1 }, T0);
    const late: Outcome = { kind: "unknown", reason: "lost" };
    expect(await ledger.settleDelivery(delivery!.id, { outcome: late, bytes: 1 }, T1)).toBeNull();
    expect(await ledger.delivery(delivery!.id)).toMatchObject({ state: "sent", settledAt: T0 });
  });

  const refused: Outcome = { kind: "refused", reason: "550 no such user", advice: "Correct the address." };
  const partly: Outcome = {
    kind: "sent",
    externalId: "<2@example.com>",
    refused: [{ recipient: "ben@example.com", reason: "550", permanent: true }],
  };
  test.each([
    ["delivered", [SENT, SENT]],
    ["partly_failed", [SENT, refused]],
    ["partly_failed", [SENT, partly]],
    ["partly_failed", [refused, { kind: "unknown", reason: "lost after the last byte" } as Outcome]],
    ["failed", [refused, { kind: "again", reason: "451" } as Outcome]],
    ["cut_short", [refused, { kind: "cut_short", reason: "stopped" } as const]],
  ])(`${name}: the last settled delivery ends the run: %s`, async (state, outcomes) => {
    const run = await running();
    const deliveries = await planned(run.id, ...outcomes.map((_, index) => `r${index}@example.com`));
    const ends = [];
    for (const [index, outcome] of outcomes.entries()) {
      await ledger.startDelivery(deliveries[index]!.id, T0);
      ends.push(await ledger.settleDelivery(deliveries[index]!.id, { outcome, bytes: 0 }, T1));
    }
    expect(ends[0]).toBeNull();
    expect(ends[1]).toMatchObject({ id: run.id, state, endedAt: T1 });
    expect(await ledger.run(run.id)).toMatchObject({ state });
  });

  test(`${name}: a run without deliveries ends with its reason, once`, async () => {
    const run = await running();
    await ledger.endRun(run.id, { state: "skipped", reason: "no rows", advice: null }, T0);
    await ledger.endRun(run.id, { state: "failed", reason: "too late", advice: null }, T1);
    expect(await ledger.run(run.id)).toMatchObject({ state: "skipped", reason: "no rows", endedAt: T0 });
  });

  test(`${name}: the section keeps its query task, and the next run learns how long it took`, async () => {
    const run = await running();
    expect(await ledger.lastTookMs("weekly", 0)).toBeNull();
    await ledger.recordTask(run.id, 0, "Delays", "a1b2");
    const record = { section: 0, title: "Delays", taskId: null, rows: 50, tookMs: 1234, warnings: ["cut"] };
    await ledger.recordSection(run.id, record);
    expect(await ledger.sections(run.id)).toEqual([{ ...record, taskId: "a1b2" }]);
    expect(await ledger.lastTookMs("weekly", 0)).toBe(1234);
    expect(await ledger.lastTookMs("weekly", 1)).toBeNull();
  });

  test(`${name}: what a dead process had under way is cut short; what it was sending is unknown; a living one's is left`, async () => {
    await ledger.beat("dead", "service", new Date("2026-11-16T12:00:00Z"));
    await ledger.beat("alive", "command", T0);
    const dead = await running({ owner: "dead" });
    const waiting = await ledger.claimRun(claim({ owner: "dead", dueAt: T1 }));
    const alive = await running({ owner: "alive", report: "other" });
    const [sending, pending] = await planned(dead.id, "ana@example.com", "ben@example.com");
    await ledger.startDelivery(sending!.id, T0);

    const swept = await ledger.sweep(new Date("2026-11-16T12:59:00Z"), T1);

    expect(swept.map((run) => run.id).sort()).toEqual([dead.id, waiting!.id].sort());
    expect(await ledger.run(dead.id)).toMatchObject({ state: "cut_short", endedAt: T1 });
    expect(await ledger.run(alive.id)).toMatchObject({ state: "running" });
    expect(await ledger.delivery(sending!.id)).toMatchObject({ state: "unknown" });
    expect(await ledger.delivery(pending!.id)).toMatchObject({ state: "cut_short" });
    expect(await ledger.sweep(new Date("2026-11-16T12:59:00Z"), T1)).toEqual([]);
  });

  test(`${name}: the last sign of life is that of a service that has not signed off; a command beside it is none`, async () => {
    await ledger.beat("run by hand", "command", T1);
    expect(await ledger.lastServiceBeat()).toBeNull();
    await ledger.beat("a", "service", T0);
    await ledger.beat("b", "service", T1);
    expect(await ledger.lastServiceBeat()).toEqual(T1);
    await ledger.signOff("b");
    expect(await ledger.lastServiceBeat()).toEqual(T0);
  });

  test(`${name}: runs are listed newest first, up to the limit`, async () => {
    for (const minute of [1, 2, 3]) {
      await ledger.claimRun(claim({ dueAt: new Date(minute * 60_000), at: new Date(minute * 60_000) }));
    }
    const listed = await ledger.runs({ limit: 2 });
    expect(listed.map((run) => run.dueAt.getTime() / 60_000)).toEqual([3, 2]);
  });
}
