import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Message } from "../../../src/core/model/message.ts";
import { commitment, type Outcome } from "../../../src/core/model/outcome.ts";
import { CLAIM, DUE, openPipeline, pigeon, present, REPORT, SENT, well } from "../open-pipeline.ts";

const AGAIN: Outcome = { kind: "again", reason: "451 come back later" };
const UNKNOWN = commitment.unknown("lost after the last byte");
const REFUSED: Outcome = { kind: "refused", reason: "550 no such user", advice: "Correct the address." };

/** One outcome after the other; the last one stays. */
function inTurn(...outcomes: Outcome[]) {
  return async () => outcomes.shift() ?? SENT;
}

test("what is certainly not delivered is tried again later, and then it is sent once", async () => {
  const { destination, carried } = pigeon(inTurn(AGAIN));
  const house = await openPipeline({ destination });
  expect(await house.run()).toMatchObject({ state: "delivering" });
  expect(await house.only()).toMatchObject({
    state: "waiting",
    tries: 1,
    reason: "451 come back later",
    nextAt: new Date(house.clock.now().getTime() + 59_504),
  });
  await house.next();
  expect(await house.only()).toMatchObject({ state: "sent", attempts: 2, externalId: "1" });
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
  expect(carried).toHaveLength(2);
  expect(new Set(carried.map(({ message }) => message.key)).size).toBe(1);
});

test("a server that asks for patience is not asked before", async () => {
  const { destination } = pigeon(inTurn({ ...AGAIN, afterMs: 3_600_000 } as Outcome));
  const house = await openPipeline({ destination });
  await house.run();
  expect((await house.only()).nextAt).toEqual(new Date(house.clock.now().getTime() + 3_600_000));
});

test("tries that are used up end in words with a command, and on_failure is notified once", async () => {
  const heard: Message[] = [];
  const { destination, carried } = pigeon(async (message) => {
    if (message.purpose === "report") return AGAIN;
    heard.push(message);
    return SENT;
  });
  const house = await openPipeline({ destination });
  await house.run();
  for (let tries = 1; tries < 6; tries += 1) await house.next();
  expect(carried.filter(({ message }) => message.purpose === "report")).toHaveLength(6);
  expect(await house.only()).toMatchObject({
    state: "gave_up",
    reason: "451 come back later. It was given up, since it was tried 6 times.",
    advice: "To send it again: lookpost retry run1 --failed-only",
  });
  expect(await house.ledger.run("run1")).toMatchObject({ state: "failed" });
  expect(heard).toMatchObject([{ subject: "Failed: Weekly", sections: [], artifacts: [] }]);
  expect(heard[0]?.intro).toContain("lookpost retry run1 --failed-only");
  await house.carry("run", "run1");
  await house.settle();
  expect(heard).toHaveLength(1);
});

test("what is wrong for good is not tried again, and the others are not held up", async () => {
  const { destination } = pigeon(async ({ purpose, key }) => {
    refusedKey ??= key;
    return purpose === "report" && key === refusedKey ? REFUSED : SENT;
  });
  let refusedKey: string | undefined;
  const two = {
    ...REPORT,
    onFailure: [],
    deliver: ["Ana", "Ana"].map((to) => ({
      destination: { kind: "pigeon", options: { to } },
      attach: [],
    })),
  };
  const house = await openPipeline({ destination, report: () => two });
  expect(await house.run()).toMatchObject({ state: "partly_failed" });
  expect(await house.deliveries()).toMatchObject([
    { target: "Ana", state: "refused", attempts: 1, advice: "Correct the address." },
    { target: "Ana (2)", state: "sent" },
  ]);
});

test("of three recipients, only the one that was not taken for now is asked again", async () => {
  const later = { recipient: "ben@example.com", reason: "451", permanent: false };
  const never = { recipient: "cy@example.com", reason: "550", permanent: true };
  const { destination, carried } = pigeon(inTurn(commitment.sent("first", { refused: [later, never] })));
  const house = await openPipeline({ destination, report: () => ({ ...REPORT, onFailure: [] }) });
  await house.run();
  expect(await house.only()).toMatchObject({ state: "waiting", remaining: ["ben@example.com"] });
  await house.next();
  expect(carried.map(({ only }) => only)).toEqual([null, ["ben@example.com"]]);
  expect(await house.only()).toMatchObject({ state: "sent", externalId: "first", refused: [never] });
  expect(await house.ledger.run("run1")).toMatchObject({ state: "partly_failed" });
});

test("recipients that take further messages are served at once, each by name, and that costs no try", async () => {
  const all = ["ana", "ben", "cy", "dan"].map((name) => `${name}@example.com`);
  const never = { recipient: "cy@example.com", reason: "550", permanent: true };
  const { destination, carried } = pigeon(
    inTurn(
      commitment.sent("first", { rest: all.slice(1) }),
      commitment.sent("second", { refused: [never], rest: all.slice(3) }),
      commitment.sent("third"),
    ),
  );
  const once = { triesMax: 1, overMs: 0 };
  const house = await openPipeline({
    destination,
    report: () => ({ ...REPORT, retry: once, onFailure: [] }),
  });
  await house.run();
  const delivery = await house.only();
  expect(delivery).toMatchObject({ attempts: 3, tries: 0 });
  expect(await house.only()).toMatchObject({ state: "sent", externalId: "first", refused: [never] });
  expect(carried.map(({ only }) => only)).toEqual([null, all.slice(1), all.slice(3)]);
});

test("a server that has its hands full with others: it is tried again soon, and that costs no try", async () => {
  const busy = { ...AGAIN, busy: "others_get_through", afterMs: 2_000 } as Outcome;
  const { destination, carried } = pigeon(inTurn(busy, busy, busy, commitment.sent("1")));
  const once = { triesMax: 2, overMs: 60_000 };
  const house = await openPipeline({ destination, report: () => ({ ...REPORT, retry: once }) });
  await house.run();
  expect(await house.only()).toMatchObject({
    state: "waiting",
    tries: 0,
    nextAt: new Date(house.clock.now().getTime() + 2_000),
  });
  for (let time = 0; time < 3; time += 1) await house.next();
  expect(await house.only()).toMatchObject({ state: "sent", tries: 0 });
  expect(carried).toHaveLength(4);
});

test("a recipient who is never taken is named, and the others have theirs", async () => {
  const later = { recipient: "ben@example.com", reason: "451 greylisted", permanent: false };
  const { destination } = pigeon(inTurn(commitment.sent("first", { refused: [later] }), REFUSED));
  const house = await openPipeline({ destination, report: () => ({ ...REPORT, onFailure: [] }) });
  await house.run();
  await house.next();
  expect(await house.only()).toMatchObject({
    state: "sent",
    refused: [{ recipient: "ben@example.com", reason: "550 no such user", permanent: true }],
  });
});

test("what may have arrived and cannot be looked up stays unknown, and somebody hears how to resend it", async () => {
  const heard: Message[] = [];
  const { destination, carried } = pigeon(async (message) => {
    if (message.purpose === "report") return UNKNOWN;
    heard.push(message);
    return SENT;
  });
  const house = await openPipeline({ destination });
  expect(await house.run()).toMatchObject({ state: "partly_failed" });
  const delivery = await house.only();
  expect(delivery).toMatchObject({
    state: "unknown",
    advice: expect.stringContaining(`lookpost resend ${delivery.id}`),
  });
  expect(heard[0]?.intro).toContain(`lookpost resend ${delivery.id}`);
  expect(carried.filter(({ message }) => message.purpose === "report")).toHaveLength(1);
});

test("a report that is sent again once is left to a person when that may have arrived too", async () => {
  const { destination, carried } = pigeon(async () => UNKNOWN);
  const report = () => ({ ...REPORT, onUnknown: "resend" as const, onFailure: [] });
  const house = await openPipeline({ destination, report });
  await house.run();
  await house.next();
  const delivery = await house.only();
  expect(delivery).toMatchObject({
    state: "unknown",
    attempts: 2,
    advice: expect.stringContaining(`lookpost resend ${delivery.id}`),
  });
  expect(carried).toHaveLength(2);
});

test("a report that would rather come twice than not at all has it sent again", async () => {
  const { destination, carried } = pigeon(inTurn(UNKNOWN));
  const house = await openPipeline({ destination, report: () => ({ ...REPORT, onUnknown: "resend" }) });
  await house.run();
  expect(await house.only()).toMatchObject({ state: "waiting", isUncertain: true });
  await house.next();
  expect(await house.only()).toMatchObject({ state: "sent" });
  expect(carried).toHaveLength(2);
});

test("what may have arrived is looked up, and not sent again where it is found", async () => {
  const { destination, carried } = pigeon(inTurn(UNKNOWN), { find: async () => "found:1" });
  const house = await openPipeline({ destination });
  await house.run();
  await house.next();
  expect(await house.only()).toMatchObject({ state: "sent", externalId: "found:1" });
  expect(carried).toHaveLength(1);
});

test("what is not found is looked up once more when it could no longer be under way, and only then sent again", async () => {
  const lookedAt: number[] = [];
  const { destination, carried } = pigeon(inTurn(UNKNOWN), {
    lateArrivalMs: 15_000,
    find: async () => {
      lookedAt.push((house.clock.now().getTime() - began) / 1000);
      return null;
    },
  });
  const house = await openPipeline({ destination });
  const began = house.clock.now().getTime();
  await house.run();
  await house.next();
  expect(carried).toHaveLength(1);
  await house.next();
  expect(lookedAt).toEqual([2, 15]);
  expect(carried).toHaveLength(2);
  expect(await house.only()).toMatchObject({ state: "sent" });
});

test("a look-up that cannot be made is made later, and nothing is sent before", async () => {
  const answers = [
    () => Promise.reject(new ReportError("Slack did not answer.", { code: "unavailable" })),
    async () => "found:1",
  ];
  const { destination, carried } = pigeon(inTurn(UNKNOWN), { find: () => answers.shift()?.() ?? SENT_ID });
  const SENT_ID = Promise.resolve("never asked");
  const house = await openPipeline({ destination });
  await house.run();
  await house.next();
  expect(await house.only()).toMatchObject({ state: "waiting", isUncertain: true });
  await house.next();
  expect(await house.only()).toMatchObject({ state: "sent", externalId: "found:1" });
  expect(carried).toHaveLength(1);
});

test.each([
  ["before it could arrive is simply sent", false, "1", 1],
  ["when it may have arrived is looked up before it is sent", true, "found:1", 0],
])("what a worker was sending that died %s", async (_how, isCommitted, externalId, times) => {
  const { destination, carried } = pigeon(undefined, { find: async () => "found:1" });
  const house = await openPipeline({ destination });
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.carry("run", "run1");
  await house.ledger.signIn("dead", "service", house.clock.now());
  const { id } = await house.only();
  await house.ledger.takeDelivery(id, "dead", house.clock.now());
  if (isCommitted) await house.ledger.commitDelivery({ id, attempt: 1 }, house.clock.now());
  await house.ledger.sweep({ silentMs: 60_000, onlyService: "me" }, house.clock.now());
  await house.settle();
  expect(await house.only()).toMatchObject({ state: "sent", externalId });
  expect(carried).toHaveLength(times);
});

test.each([
  [1, "sent", 1],
  [2, "unknown", 0],
] as const)(
  "on_unknown: resend after %i workers that died once it may have arrived: %s",
  async (deaths, state, times) => {
    const { destination, carried } = pigeon();
    const report = () => ({ ...REPORT, onUnknown: "resend" as const, onFailure: [] });
    const house = await openPipeline({ destination, report });
    await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
    await house.carry("run", "run1");
    const { id } = await house.only();
    for (let attempt = 1; attempt <= deaths; attempt += 1) {
      await house.ledger.signIn(`dead${attempt}`, "service", house.clock.now());
      await house.ledger.takeDelivery(id, `dead${attempt}`, house.clock.now());
      await house.ledger.commitDelivery({ id, attempt }, house.clock.now());
      await house.ledger.sweep({ silentMs: 60_000, onlyService: "me" }, house.clock.now());
    }
    await house.settle();
    expect(await house.only()).toMatchObject({ state });
    expect(carried).toHaveLength(times);
  },
);

test("a delivery that another worker has taken meanwhile is not sent", async () => {
  const { destination } = pigeon(async (_message, sending) => {
    const { id } = await house.only();
    await house.ledger.sweep({ silentMs: 60_000, onlyService: "another" }, house.clock.now());
    await house.ledger.takeDelivery(id, "another", house.clock.now());
    return sending.commit().then(
      () => SENT,
      (thrown: Error) => ({ kind: "again", reason: thrown.message }),
    );
  });
  const house = await openPipeline({ destination });
  await house.run();
  expect(await house.only()).toMatchObject({ state: "sending", owner: "another", attempts: 2 });
});

test("a worker that stood still while it was sending sends nothing, and it costs no try", async () => {
  let isStale = false;
  const { destination, carried } = pigeon(async (_message, sending) => {
    isStale = carried.length === 1;
    const outcome = await sending.commit().then(
      () => SENT,
      (thrown: Error): Outcome => ({ kind: "again", reason: thrown.message }),
    );
    isStale = false;
    return outcome;
  });
  const house = await openPipeline({
    destination,
    confirm: () => {
      if (isStale) throw new ReportError("stood still", { code: "cancelled", retryable: true });
    },
  });
  await house.run();
  expect(carried).toHaveLength(2);
  expect(await house.only()).toMatchObject({ state: "sent", tries: 0, attempts: 2 });
});

test("a worker whose lease is not confirmed takes nothing", async () => {
  let isStale = false;
  const house = await openPipeline({
    confirm: () => {
      if (isStale) throw new ReportError("stood still", { code: "cancelled", retryable: true });
    },
  });
  await house.run();
  await house.ledger.resendDelivery((await house.only()).id, null, house.clock.now());
  isStale = true;
  expect(await house.carry("delivery", (await house.only()).id)).toBe("busy");
  expect(await house.only()).toMatchObject({ state: "pending", attempts: 1 });
});

test("a worker that stops hands back what is certainly not delivered", async () => {
  const stop = new AbortController();
  const { destination } = pigeon(async () => {
    stop.abort();
    return { kind: "again", reason: "connection closed" };
  });
  const house = await openPipeline({ destination });
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.carry("run", "run1");
  await house.carry("delivery", (await house.only()).id, stop.signal);
  expect(await house.only()).toMatchObject({ state: "waiting", tries: 0, isUncertain: false });
  const [attempt] = await house.ledger.deliveryAttempts((await house.only()).id);
  expect(attempt).toMatchObject({ end: "handed_back" });
});

test.each([
  ["may have delivered what it had committed: unknown", true, "unknown"],
  ["has delivered nothing before that, and tries again", false, "waiting"],
])(
  "a destination that fails in a way that was not foreseen %s, with secrets taken out",
  async (_how, commits, state) => {
    const { destination } = pigeon(async (_message, sending) => {
      if (commits) await sending.commit();
      throw new TypeError("cannot read hunter2 of undefined");
    });
    const house = await openPipeline({ destination, report: () => ({ ...REPORT, onFailure: [] }) });
    await house.run();
    expect(await house.only()).toMatchObject({
      state,
      reason: expect.stringMatching(/cannot read \[hidden\]/),
    });
  },
);

test.each([
  ["a fault of ours", new TypeError("cannot read x of undefined")],
  [
    "code that could not be loaded",
    Object.assign(new Error("Cannot find module"), { code: "ERR_MODULE_NOT_FOUND" }),
  ],
  ["no descriptors", Object.assign(new Error("EMFILE"), { code: "EMFILE", syscall: "open" })],
  ["no memory", Object.assign(new Error("ENOMEM"), { code: "ENOMEM", syscall: "spawn" })],
])(
  "%s passes before the commit: reports and notices arrive with a later try, once",
  async (_what, thrown) => {
    const failures = [thrown, thrown];
    const { destination, carried } = pigeon(async (message, sending) => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      await sending.commit();
      carriedKeys.push(message.key);
      return SENT;
    });
    const carriedKeys: string[] = [];
    const wrong = well(async () => {
      throw new ReportError("Look 7 is not there.", { code: "not_found" });
    });
    for (const source of [undefined, wrong]) {
      failures.push(thrown);
      const house = await openPipeline({ destination, ...(source !== undefined && { source }) });
      await house.run();
      for (let tries = 0; tries < 5; tries += 1) await house.next();
      expect((await house.deliveries()).at(-1)).toMatchObject({ state: "sent" });
    }
    expect(new Set(carriedKeys).size).toBe(carriedKeys.length);
    expect(carried.length).toBeGreaterThan(carriedKeys.length);
  },
);

test("what goes on failing in a way that was not foreseen is given up in words, with what to do", async () => {
  const { destination } = pigeon(async () => {
    throw new TypeError("a fault of ours");
  });
  const house = await openPipeline({ destination, report: () => ({ ...REPORT, onFailure: [] }) });
  await house.run();
  for (let tries = 0; tries < 8; tries += 1) await house.next();
  expect(await house.only()).toMatchObject({
    state: "gave_up",
    reason: expect.stringMatching(/a fault of ours.*given up, since/),
    advice: expect.stringMatching(/please report it.*lookpost retry/),
  });
});

const CSV = { kind: "csv", options: {} };
const toEach = (...people: string[]) =>
  people.map((to) => ({ destination: { kind: "pigeon", options: { to } }, attach: [CSV] }));

test("files that are gone are made once more, from the same query, and both deliveries have them", async () => {
  const asked: (string | null)[] = [];
  const source = well(async ({ tasks, signal }) => {
    const standing = await tasks.find("query 1", signal);
    asked.push(standing?.taskId ?? null);
    if (standing === null) await tasks.created("query 1", "task-1");
    return {};
  });
  const read: string[] = [];
  const { destination, carried } = pigeon(async ({ artifacts }) => {
    if (carried.length <= 2) return AGAIN;
    read.push(...artifacts.map(({ file }) => readFileSync(file.path, "utf8")));
    return SENT;
  });
  const report = { ...REPORT, onFailure: [], deliver: toEach("Ana", "Ben") };
  const house = await openPipeline({ destination, source, report: () => report });
  await house.run();
  rmSync(join(house.folder, "spool"), { recursive: true });
  house.clock.advance(60_000);
  const ids = (await house.deliveries()).map(({ id }) => id);
  await Promise.all(ids.map((id) => house.carry("delivery", id)));
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
  expect(read).toEqual(["a,b\r\n", "a,b\r\n"]);
  expect(asked).toEqual([null, "task-1"]);
});

test("a file whose deliveries are put into another order while one waits keeps each one's files apart", async () => {
  let report = { ...REPORT, deliver: [...toEach("Boss"), { ...toEach("All")[0]!, attach: [] }] };
  const { destination, carried } = pigeon(async () => (carried.length <= 2 ? AGAIN : SENT));
  const house = await openPipeline({ destination, report: () => report });
  await house.run();
  report = { ...report, deliver: report.deliver.toReversed() };
  await house.next();
  const files = carried.slice(2).map(({ message }) => message.artifacts.length);
  const targets = (await house.deliveries()).map(({ target, state }) => [target, state]);
  expect(targets).toEqual([
    ["Boss", "sent"],
    ["All", "sent"],
  ]);
  expect(files.toSorted()).toEqual([0, 1]);
  expect(carried[2]?.message.artifacts).toHaveLength(1);
});

test("what was sent is not sent again where the ledger refuses to write it down", async () => {
  let refuses = true;
  const { destination, carried } = pigeon(async (_message, sending) => {
    await sending.commit();
    return SENT;
  });
  const house = await openPipeline({
    destination,
    failing: (ledger) => ({
      ...ledger,
      async settleDelivery(...values) {
        if (refuses) throw new ReportError("The ledger is damaged.", { code: "local" });
        return ledger.settleDelivery(...values);
      },
    }),
  });
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.carry("run", "run1");
  const { id } = await house.only();
  expect(await house.carry("delivery", id)).toBe("busy");
  expect(await house.carry("delivery", id)).toBe("busy");
  refuses = false;
  expect(await house.carry("delivery", id)).toBe("done");
  expect(await house.only()).toMatchObject({ state: "sent" });
  expect(carried).toHaveLength(1);
  expect(house.troubles).toHaveLength(2);
});

test("a server that takes it and loses it every time is not given it for ever", async () => {
  const { destination, carried } = pigeon(
    async (_message, sending) => {
      await sending.commit();
      return UNKNOWN;
    },
    { lateArrivalMs: 30_000, find: async () => null },
  );
  const house = await openPipeline({ destination, report: () => ({ ...REPORT, onFailure: [] }) });
  await house.run();
  for (let waits = 0; waits < 50 && (await house.only()).settledAt === null; waits += 1) await house.next();
  expect(await house.only()).toMatchObject({
    state: "gave_up",
    reason: "It was sent, and never arrived. It was given up, since it was tried 6 times.",
  });
  expect(carried).toHaveLength(6);
});

test("how long it may still turn up counts from when it may have been sent, not from when it was begun", async () => {
  const { destination, carried } = pigeon(
    async (_message, sending) => {
      house.clock.advance(60_000);
      await sending.commit();
      return carried.length === 1 ? UNKNOWN : SENT;
    },
    { lateArrivalMs: 30_000, find: async () => null },
  );
  const house = await openPipeline({ destination });
  await house.run();
  await house.next();
  expect(carried).toHaveLength(1);
  expect((await house.only()).nextAt).toEqual(new Date(house.clock.now().getTime() + 28_000));
});

test("what may have arrived stays so where its report is removed", async () => {
  let report: typeof REPORT | null = REPORT;
  const { destination } = pigeon(inTurn(UNKNOWN), { find: async () => null });
  const house = await openPipeline({ destination, report: () => report });
  await house.run();
  report = null;
  await house.next();
  expect(await house.only()).toMatchObject({ state: "unknown" });
});

test("no more of one destination's deliveries are made at a time than it has places", async () => {
  let atOnce = 0;
  let most = 0;
  const { destination } = pigeon(async () => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise((resolve) => setTimeout(resolve, 5));
    atOnce -= 1;
    return SENT;
  });
  const report = { ...REPORT, deliver: toEach("A", "B", "C", "D", "E") };
  const house = await openPipeline({ destination, report: () => report, slots: 2 });
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.carry("run", "run1");
  await Promise.all((await house.deliveries()).map(({ id }) => house.carry("delivery", id)));
  expect(most).toBe(2);
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
});

test("a report that is removed under way ends, and says so", async () => {
  let report: typeof REPORT | null = REPORT;
  const { destination } = pigeon(inTurn(AGAIN));
  const house = await openPipeline({ destination, report: () => report });
  await house.run();
  report = null;
  await house.next();
  expect(await house.only()).toMatchObject({
    state: "cancelled",
    reason: expect.stringContaining("not in reports.yaml any more"),
  });
  expect(present(await house.ledger.run("run1")).state).toBe("cancelled");
});

test("a destination that was taken out of the report is refused with what to do", async () => {
  let report = REPORT;
  const { destination } = pigeon(inTurn(AGAIN));
  const house = await openPipeline({ destination, report: () => report });
  await house.run();
  report = { ...REPORT, deliver: [], onFailure: [] };
  await house.next();
  expect(await house.only()).toMatchObject({ state: "refused", advice: expect.any(String) });
});

test("a person's resend is another message, which no server may take for a double", async () => {
  const { destination, carried } = pigeon();
  const house = await openPipeline({ destination });
  await house.run();
  house.clock.advance(1_000);
  await house.ledger.resendDelivery((await house.only()).id, null, house.clock.now());
  await house.settle();
  expect(new Set(carried.map(({ message }) => message.key)).size).toBe(2);
});

test("recipients who are served one after the other get the same message, so that answers meet in one thread", async () => {
  const outcomes = [commitment.sent("1", { rest: ["ben@example.com"] }), SENT];
  const { destination, carried } = pigeon(async () => {
    house.clock.advance(1_000);
    return outcomes.shift() ?? SENT;
  });
  const house = await openPipeline({ destination });
  await house.run();
  expect(carried).toHaveLength(2);
  expect(new Set(carried.map(({ message }) => message.key)).size).toBe(1);
});

test("after five reports that did not reach a server, the others leave it alone for a while and say so", async () => {
  let isOut = true;
  const { destination, carried } = pigeon(async () =>
    isOut ? { kind: "again", reason: "no answer", isServerOut: true } : SENT,
  );
  const many = {
    ...REPORT,
    deliver: Array.from({ length: 8 }, (_, index) => ({
      destination: { kind: "pigeon", options: { to: `P${index}` } },
      attach: [],
    })),
  };
  const house = await openPipeline({ destination, report: () => many });
  await house.run();
  expect(carried).toHaveLength(5);
  const held = (await house.deliveries()).slice(5);
  for (const delivery of held) {
    expect(delivery).toMatchObject({
      state: "waiting",
      tries: 0,
      reason: expect.stringContaining("no answer"),
    });
  }
  expect(await house.ledger.circuits()).toMatchObject([{ name: "pigeon home", failures: 5 }]);
  isOut = false;
  for (let rounds = 0; rounds < 4; rounds += 1)
    if ((await house.ledger.run("run1"))?.endedAt === null) await house.next();
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
  expect(await house.ledger.circuits()).toMatchObject([{ failures: 0, openUntil: null }]);
});

test("the first success after an outage wakes what waits for that server, however far off its next try is", async () => {
  const out = new Set(["north", "south"]);
  const { destination } = pigeon(undefined, {
    async deliver(_message, options, terms) {
      if (out.has((options as { loft: string }).loft))
        return { kind: "again", reason: "no answer", isServerOut: true };
      return (await terms.commit()).sent("1");
    },
  });
  const deliver = ["north", "south"].flatMap((loft) =>
    [1, 2, 3, 4, 5, 6].map((nth) => ({
      destination: { kind: "pigeon", options: { to: `${loft} ${nth}`, loft } },
      attach: [],
    })),
  );
  const house = await openPipeline({ destination, report: () => ({ ...REPORT, deliver }) });
  await house.run();
  const waiting = async (loft: string) =>
    (await house.deliveries()).filter(({ state, target }) => state === "waiting" && target.startsWith(loft))
      .length;
  expect([await waiting("north"), await waiting("south")]).toEqual([6, 6]);
  out.delete("north");
  const openUntil = (await house.ledger.circuits()).flatMap((one) => one.openUntil ?? []);
  house.clock.set(present(openUntil[0] ?? null));
  await house.settle();
  expect([await waiting("north"), await waiting("south")]).toEqual([0, 6]);
});

test("a server that takes one of many and is out for the others uses up none of their tries before their time", async () => {
  let isUp = false;
  const { destination, carried } = pigeon(async () => {
    if (!isUp) return { kind: "again", reason: "no answer", isServerOut: true };
    isUp = false;
    return SENT;
  });
  const deliver = Array.from({ length: 8 }, (_, index) => ({
    destination: { kind: "pigeon", options: { to: `P${index}` } },
    attach: [],
  }));
  const house = await openPipeline({ destination, report: () => ({ ...REPORT, deliver }) });
  await house.run();
  const tried = (await house.deliveries()).filter(({ tries }) => tries === 1);
  expect(tried).toHaveLength(5);
  isUp = true;
  house.clock.advance(30_000);
  await house.settle();
  expect(carried.length).toBeGreaterThan(6);
  for (const { id, nextAt } of tried)
    expect(await house.ledger.delivery(id)).toMatchObject({
      state: "waiting",
      tries: 1,
      nextAt,
      attempts: 2,
    });
});

test("what a person asks for is tried at once though its server is known to be out, and once", async () => {
  let isOut = true;
  const { destination, carried } = pigeon(async () =>
    isOut ? { kind: "again", reason: "no answer", isServerOut: true } : SENT,
  );
  const once = { triesMax: 1, overMs: 0 };
  const house = await openPipeline({
    destination,
    report: () => ({ ...REPORT, retry: once, onFailure: [] }),
  });
  await house.run();
  expect(await house.only()).toMatchObject({ state: "gave_up" });
  const openUntil = new Date(house.clock.now().getTime() + 60_000);
  const circuit = { name: "pigeon home", failures: 6, since: DUE, openUntil, reason: "no answer" };
  await house.ledger.saveCircuit(circuit);
  house.clock.advance(5_000);
  isOut = false;
  await house.ledger.reopenRun("run1", "failed_only", null, house.clock.now());
  await house.settle();
  expect(carried).toHaveLength(2);
  expect(await house.only()).toMatchObject({ state: "sent" });
  expect(await house.ledger.circuits()).toMatchObject([{ failures: 0, openUntil: null }]);
});

test("a run of the schedule waits for a server that is known to be out, a person's does not", async () => {
  for (const [trigger, times] of [
    ["schedule", 0],
    ["manual", 1],
  ] as const) {
    const { destination, carried } = pigeon();
    const house = await openPipeline({ destination });
    const openUntil = new Date(house.clock.now().getTime() + 60_000);
    const circuit = { name: "pigeon home", failures: 6, since: DUE, openUntil, reason: "no answer" };
    await house.ledger.saveCircuit(circuit);
    await house.ledger.claimRun({ ...CLAIM, trigger, at: house.clock.now() });
    await house.settle();
    expect(carried, trigger).toHaveLength(times);
  }
});

test("nothing is sent where the ledger refuses the commit, since another worker has begun a later attempt", async () => {
  const arrived: string[] = [];
  let folder = "";
  const { destination } = pigeon(async (message, terms) => {
    const database = new DatabaseSync(join(folder, "ledger.sqlite"));
    database.exec("UPDATE deliveries SET attempts = attempts + 1");
    database.close();
    try {
      const committed = await terms.commit();
      arrived.push(message.key);
      return committed.sent("1");
    } catch (thrown) {
      return { kind: "again", reason: String(thrown) };
    }
  });
  const house = await openPipeline({ destination });
  folder = house.folder;
  await house.run();
  expect(arrived).toEqual([]);
  expect(await house.only()).toMatchObject({ state: "sending", attempts: 2 });
});

test("the next tick of a report does not overtake the notice that it failed", async () => {
  const { destination } = pigeon(async () => AGAIN);
  const source = well(async () => {
    throw new ReportError("Look 7 is not there.", { code: "not_found" });
  });
  const schedule = { cron: "* * * * *", timezone: "UTC" };
  const house = await openPipeline({ destination, source, report: () => ({ ...REPORT, schedule }) });
  await house.run();
  await house.next();
  await house.next();
  const [notice] = await house.deliveries();
  expect(notice).toMatchObject({ purpose: "failed", state: "waiting", tries: 3 });
});

test.each([
  ["refused", [REFUSED], "It may have been delivered before: 550 no such user"],
  ["given up", Array.from({ length: 6 }, () => AGAIN), "451 come back later. It was given up"],
])("what may have arrived stays unknown where a later attempt is %s", async (_, later, reason) => {
  const { destination } = pigeon(inTurn(UNKNOWN, ...later));
  const report = () => ({ ...REPORT, onUnknown: "resend", onFailure: [] }) as const;
  const house = await openPipeline({ destination, report });
  await house.run();
  for (let tries = 0; tries < 6 && (await house.only()).state === "waiting"; tries += 1) await house.next();
  expect(await house.only()).toMatchObject({ state: "unknown", reason: expect.stringContaining(reason) });
});

test("a delivery whose workers die again and again while they are at it is given up in the end", async () => {
  const { destination, carried } = pigeon(inTurn(AGAIN));
  const house = await openPipeline({ destination, report: () => ({ ...REPORT, onFailure: [] }) });
  await house.run();
  const { id } = await house.only();
  for (let deaths = 1; deaths <= 20; deaths += 1) {
    const dying = `dying ${deaths}`;
    await house.ledger.signIn(dying, "service", house.clock.now());
    house.clock.advance(15 * 60_000);
    expect(await house.ledger.takeDelivery(id, dying, house.clock.now())).not.toBeNull();
    await house.ledger.sweep({ silentMs: 1, onlyService: "me" }, house.clock.now());
  }
  house.clock.advance(15 * 60_000);
  await house.settle();
  expect(carried).toHaveLength(1);
  expect(await house.only()).toMatchObject({
    state: "gave_up",
    reason: expect.stringContaining("Its workers died 20 times in a row while they were at it."),
  });
});
