import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Message } from "../../../src/core/model/message.ts";
import type { Outcome } from "../../../src/core/model/outcome.ts";
import { CLAIM, DUE, openPipeline, pigeon, REPORT, SENT, well } from "../open-pipeline.ts";

const HOUR_MS = 3_600_000;
const REFUSED: Outcome = { kind: "refused", reason: "550 no such user", advice: "Correct it." };

/** An hourly report: each tick goes as the test says, a minute after it was due. */
async function hourly(more: { recipients?: readonly string[]; expectMin?: number } = {}) {
  const told: Message[] = [];
  let looker: string | null = null;
  const refused = new Set<string>();
  const { destination } = pigeon(async (message) => {
    if (message.purpose === "report") return SENT;
    told.push(message);
    latest = message.intro ?? "";
    return SENT;
  });
  const deliver = destination.deliver.bind(destination);
  const picky = {
    ...destination,
    deliver: (...order: Parameters<typeof deliver>) =>
      refused.has((order[1] as { to: string }).to) ? Promise.resolve(REFUSED) : deliver(...order),
  };
  const source = well(async () => {
    if (looker !== null) throw new ReportError(looker, { code: "not_found" });
    return {};
  });
  const recipients = more.recipients ?? ["Ana"];
  const report = {
    ...REPORT,
    schedule: { cron: "0 * * * *", timezone: "UTC" },
    deliver: recipients.map((to) => ({ destination: { kind: "pigeon", options: { to } }, attach: [] })),
  };
  const house = await openPipeline({ destination: picky, source, report: () => report });
  /** Subjects of what was told since the last time. */
  const news = () => told.splice(0).map(({ subject }) => subject);
  let latest = "";
  const claim = async (hour: number, part: Partial<Parameters<typeof house.ledger.claimRun>[0]> = {}) => {
    const dueAt = new Date(DUE.getTime() + hour * HOUR_MS);
    const { expectMin } = more;
    const expectAt = expectMin === undefined ? null : new Date(dueAt.getTime() + expectMin * 60_000);
    house.clock.set(new Date(dueAt.getTime() + 60_000));
    await house.ledger.claimRun({
      ...CLAIM,
      id: `run${hour}`,
      dueAt,
      expectAt,
      at: house.clock.now(),
      ...part,
    });
  };
  return {
    house,
    news,
    words: () => latest,
    claim,
    async tick(hour: number, outcome: "well" | "looker" | { refused: readonly string[] }) {
      looker = outcome === "looker" ? "Look 7 is not there." : null;
      refused.clear();
      if (typeof outcome === "object") for (const to of outcome.refused) refused.add(to);
      await claim(hour);
      await house.settle();
      return news();
    },
  };
}

test("a report that fails at every tick is told of once, then once a day, and once when it works again", async () => {
  const { tick, words } = await hourly();
  expect(await tick(0, "looker")).toEqual(["Failed: Weekly"]);
  for (let hour = 1; hour < 23; hour += 1) expect(await tick(hour, "looker"), `${hour}`).toEqual([]);
  expect(await tick(23, "looker")).toEqual(["Still failing: Weekly"]);
  expect(words()).toContain("It has failed for 24 runs, since Mon 2026-11-16 13:00 UTC.");
  expect(words()).toContain("Look 7 is not there.");
  expect(await tick(24, "looker")).toEqual([]);
  expect(await tick(25, "well")).toEqual(["Works again: Weekly"]);
  expect(words()).toContain("It had failed for 25 runs, since Mon 2026-11-16 13:00 UTC.");
  expect(await tick(26, "well")).toEqual([]);
  expect(await tick(27, "looker")).toEqual(["Failed: Weekly"]);
});

test("a daily report that fails every day is told of every day, where the clocks change too", async () => {
  const { tick } = await hourly();
  expect(await tick(0, "looker")).toEqual(["Failed: Weekly"]);
  expect(await tick(23, "looker")).toEqual(["Still failing: Weekly"]);
  expect(await tick(47, "looker")).toEqual(["Still failing: Weekly"]);
});

test("what fails in addition is told at once, and what fails no longer is not", async () => {
  const { tick } = await hourly({ recipients: ["Ana", "Bob"] });
  expect(await tick(0, { refused: ["Bob"] })).toEqual(["Partly failed: Weekly"]);
  expect(await tick(1, { refused: ["Bob"] })).toEqual([]);
  expect(await tick(2, { refused: ["Ana"] })).toEqual(["Still failing in part: Weekly"]);
  expect(await tick(3, { refused: ["Bob"] })).toEqual([]);
  expect(await tick(4, "looker")).toEqual(["Still failing: Weekly"]);
  expect(await tick(5, { refused: ["Ana", "Bob"] })).toEqual([]);
  expect(await tick(6, "well")).toEqual(["Works again: Weekly"]);
});

test("runs that a person asks for neither tell nor end what was told", async () => {
  const { tick, news, claim, house } = await hourly();
  expect(await tick(0, "looker")).toEqual(["Failed: Weekly"]);
  await claim(1, { kind: "by_hand", trigger: "manual" });
  await house.settle();
  expect(news()).toEqual([]);
  expect(await tick(2, "looker")).toEqual([]);
  await house.ledger.reopenRun("run2", "from_start", null, house.clock.now());
  await house.settle();
  expect(news()).toEqual([]);
  expect(await tick(3, "well")).toEqual(["Works again: Weekly"]);
});

test("a retry that delivers says that it works again, once", async () => {
  const { tick, news, house } = await hourly();
  expect(await tick(0, { refused: ["Ana"] })).toEqual(["Failed: Weekly"]);
  expect(await tick(1, { refused: ["Ana"] })).toEqual([]);
  await tick(1, "well");
  await house.ledger.reopenRun("run1", "failed_only", null, house.clock.now());
  await house.settle();
  expect(news()).toEqual(["Works again: Weekly"]);
  await house.ledger.reopenRun("run0", "failed_only", null, house.clock.now());
  await house.settle();
  expect(news()).toEqual([]);
  expect(await tick(2, "well")).toEqual([]);
});

test("a notice that no one got is none: the next run that fails is told of", async () => {
  const { tick, house } = await hourly();
  await tick(0, "looker");
  const [notice] = await house.ledger.deliveries("run0");
  const again = await house.ledger.resendDelivery(notice?.id ?? "", null, house.clock.now());
  const taken = await house.ledger.takeDelivery(again?.id ?? "", "me", house.clock.now());
  const settled = { state: "refused", reason: "550", advice: null, bytes: null } as const;
  await house.ledger.settleDelivery(
    { id: taken?.id ?? "", attempt: taken?.attempts ?? 0 },
    settled,
    house.clock.now(),
  );
  expect(await tick(1, "looker")).toEqual(["Still failing: Weekly"]);
});

test("a report that is late at every tick is told of once, then once a day, and that it came all the same", async () => {
  const { claim, news, house } = await hourly({ expectMin: 0 });
  await claim(0);
  await house.settle();
  expect(news()).toEqual(["Late: Weekly", "Delivered after all: Weekly"]);
  for (let hour = 1; hour < 23; hour += 1) {
    await claim(hour);
    await house.settle();
    expect(news(), `${hour}`).toEqual([]);
  }
  await claim(23);
  await house.settle();
  expect(news()).toEqual(["Still late: Weekly", "Delivered after all: Weekly"]);
});

test("the ticks that an outage cost a report are told of in one notice", async () => {
  const { house, news, words } = await hourly();
  const at = new Date(DUE.getTime() + 3 * HOUR_MS + 60_000);
  house.clock.set(at);
  const missed = (hour: number) => ({
    id: `missed${hour}`,
    report: "weekly",
    dueAt: new Date(DUE.getTime() + hour * HOUR_MS),
    burst: "",
    trigger: "catch_up" as const,
    expectAt: null,
    end: { state: "missed" as const, reason: "The worker was not running." },
  });
  const runs = [missed(0), missed(1), missed(2), { ...missed(3), id: "late", end: null }];
  await house.ledger.plan([{ report: "weekly", cron: "0 * * * *", timezone: "UTC", nextAt: DUE }], at);
  await house.ledger.claimTicks([{ report: "weekly", promised: DUE, nextAt: at, runs }], at);
  await house.settle();
  expect(news()).toEqual(["Missed 3 times: Weekly"]);
  expect(words()).toContain("  Missed\tMon 2026-11-16 13:00 UTC; Mon 2026-11-16 14:00 UTC;");
  expect(words()).toContain("\n    lookpost retry missed2\n");
  expect(await house.ledger.run("late")).toMatchObject({ state: "delivered" });
});
