import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Message } from "../../../src/core/model/message.ts";
import type { SourceContext } from "../../../src/core/ports/adapter.ts";
import { CLAIM, DUE, NEVER, openPipeline, pigeon, present, REPORT, SENT, well } from "../open-pipeline.ts";

const PASSING = new ReportError("Looker did not answer.", { code: "unavailable" });
const WRONG = new ReportError("There is no Look 4242.", { code: "not_found", advice: "Name another." });

function failing(...failures: (ReportError | null)[]) {
  return well(async () => {
    const failure = failures.shift() ?? null;
    if (failure !== null) throw failure;
    return {};
  });
}

test("a Looker that is out for a moment costs a wait, and the report arrives", async () => {
  const { destination, carried } = pigeon();
  const house = await openPipeline({ destination, source: failing(PASSING, PASSING) });
  expect(await house.run()).toMatchObject({
    state: "waiting",
    reason: "Looker did not answer.",
    tries: 1,
    owner: null,
  });
  await house.next();
  await house.next();
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered", attempts: 3 });
  expect(carried).toHaveLength(1);
  const attempts = await house.ledger.runAttempts("run1");
  expect(attempts.map(({ end }) => end)).toEqual(["again", "again", "done"]);
});

test("what is wrong for good fails at once, and its owner is told what to do", async () => {
  const heard: Message[] = [];
  const { destination } = pigeon(async (message) => {
    heard.push(message);
    return SENT;
  });
  const house = await openPipeline({ destination, source: failing(WRONG) });
  expect(await house.run()).toMatchObject({ state: "failed", reason: WRONG.message, advice: WRONG.advice });
  expect(heard).toMatchObject([{ purpose: "notice", subject: "Failed: Weekly" }]);
  expect(heard[0]?.intro).toContain("There is no Look 4242.");
  expect(heard[0]?.intro).toContain("lookpost retry run1");
});

test("where the file says none, the timeout counts over all tries of a run, without the waits between them", async () => {
  let tries = 0;
  const source = well(async ({ signal }) => {
    tries += 1;
    house.clock.advance(25_000);
    if (tries < 3) throw PASSING;
    // Looker goes on for ever; nothing is left of the time.
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  const house = await openPipeline({ source, report: () => ({ ...REPORT, timeoutMs: 50_000 }) });
  expect(await house.run()).toMatchObject({ state: "waiting", tries: 1 });
  await house.next();
  expect(await house.ledger.run("run1")).toMatchObject({ state: "waiting", tries: 2 });
  await house.next();
  expect(await house.ledger.run("run1")).toMatchObject({
    state: "failed",
    reason: "Its timeout of 50.0 s was over before the next try.",
  });
});

/** A Looker that fails for now as often as the test says, ten seconds in, and then goes on for ever. */
function hanging(failures: number, pass: (ms: number) => void) {
  let tries = 0;
  return well(async ({ signal }) => {
    tries += 1;
    pass(10_000);
    if (tries <= failures) throw PASSING;
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
}

test("a timeout that the file names counts from the tick, and no try is waited for that would come after it", async () => {
  const report = { ...REPORT, timeoutMs: 90_000, timeoutFrom: "tick" } as const;
  const source = hanging(9, (ms) => house.clock.advance(ms));
  const house = await openPipeline({ source, report: () => report });
  // Ten seconds of work, and the next try after about a minute.
  expect(await house.run()).toMatchObject({ state: "waiting", tries: 1 });
  await house.next();
  expect(await house.ledger.run("run1")).toMatchObject({
    state: "failed",
    tries: 1,
    reason: expect.stringContaining(
      "It was given up, since the report's timeout is over before the next try.",
    ),
  });
});

test("what is under way when the timeout is over, counted from the tick, is cancelled", async () => {
  const report = { ...REPORT, timeoutMs: 80_000, timeoutFrom: "tick" } as const;
  const source = hanging(1, (ms) => house.clock.advance(ms));
  const house = await openPipeline({ source, report: () => report });
  const begun = house.clock.now().getTime();
  await house.run();
  house.clock.set(new Date(begun + 79_900));
  await house.settle();
  expect(await house.ledger.run("run1")).toMatchObject({
    state: "failed",
    attempts: 2,
    reason: "Its queries did not finish within 1 min 20 s and were cancelled.",
  });
});

test("a try that comes after the timeout is not made, unless the run was in no hands, or a person asks for it", async () => {
  const report = { ...REPORT, timeoutMs: 80_000, timeoutFrom: "tick", onFailure: [] } as const;
  const house = await openPipeline({ source: failing(PASSING), report: () => report });
  const { ledger, clock } = house;
  await house.run();
  await ledger.signIn("gone", "service", clock.now());
  await ledger.claimRun({ ...CLAIM, id: "run2", report: "other", at: clock.now() });
  await ledger.takeRun("run2", "gone", clock.now());
  clock.advance(90_000);
  await ledger.sweep({ silentMs: 15_000, onlyService: "me" }, clock.now());
  await house.settle();
  expect(await ledger.run("run1")).toMatchObject({
    state: "failed",
    reason: "Its timeout of 1 min 20 s was over before the next try.",
  });
  expect(await ledger.run("run2")).toMatchObject({ state: "delivered" });
  clock.advance(1_000);
  await ledger.reopenRun("run1", "from_start", null, clock.now());
  await house.settle();
  expect(await ledger.run("run1")).toMatchObject({ state: "delivered" });
});

test("tries that are used up end the run, and it says how often it was tried", async () => {
  const house = await openPipeline({ source: failing(...Array<ReportError>(9).fill(PASSING)) });
  await house.run();
  for (let waits = 0; waits < 20 && (await house.ledger.run("run1"))?.endedAt === null; waits += 1)
    await house.next();
  expect(await house.ledger.run("run1")).toMatchObject({
    state: "failed",
    tries: 5,
    reason: expect.stringContaining("It was given up, since it was tried 6 times."),
    advice: expect.stringContaining("lookpost retry run1"),
  });
});

test("a run is overtaken by the report's next tick", async () => {
  const minutely = { ...REPORT, schedule: { cron: "* * * * *", timezone: "UTC" } };
  const house = await openPipeline({
    source: failing(PASSING),
    report: () => minutely,
  });
  expect(await house.run()).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("due again before the next try"),
  });
});

test("a command tries once: a person is watching", async () => {
  const house = await openPipeline({ source: failing(PASSING), role: "command" });
  expect(await house.run()).toMatchObject({ state: "failed" });
});

test("a worker that stops hands its run back, unfailed, and the next one polls the query that is at Looker already", async () => {
  const stop = new AbortController();
  const asked: (string | null)[] = [];
  const source = well(async ({ tasks, signal }: SourceContext) => {
    const standing = await tasks.find("query 1 as json_detail", signal);
    asked.push(standing?.taskId ?? null);
    if (standing === null) {
      await tasks.created("query 1 as json_detail", "task-1");
      stop.abort();
      signal.throwIfAborted();
    }
    return {};
  });
  const house = await openPipeline({ source });
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.carry("run", "run1", stop.signal);
  expect(await house.ledger.run("run1")).toMatchObject({
    state: "planned",
    owner: null,
    tries: 0,
    reason: null,
  });
  await house.settle();
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
  expect(asked).toEqual([null, "task-1"]);
  expect(await house.ledger.sections("run1")).toMatchObject([{ taskId: "task-1" }]);
});

test("two reports that ask for the same thing at the same tick share one query", async () => {
  let created = 0;
  const source = well(async ({ tasks }) => {
    if ((await tasks.find("query 1", NEVER)) === null) {
      created += 1;
      await tasks.created("query 1", "task-1");
    }
    return {};
  });
  const house = await openPipeline({ source });
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.ledger.claimRun({ ...CLAIM, id: "run2", report: "other", at: house.clock.now() });
  await Promise.all([house.carry("run", "run1"), house.carry("run", "run2")]);
  expect(created).toBe(1);
  await house.ledger.claimRun({
    ...CLAIM,
    id: "run3",
    kind: "repeat",
    burst: "x",
    trigger: "manual",
    at: house.clock.now(),
  });
  await house.carry("run", "run3");
  expect(created).toBe(2);
});

test("a run that a person reopens asks Looker again, and never sends twice what was sent", async () => {
  let created = 0;
  const source = well(async ({ tasks }) => {
    if ((await tasks.find("query 1", NEVER)) === null) {
      created += 1;
      await tasks.created("query 1", `task-${created}`);
    }
    return {};
  });
  const two = {
    ...REPORT,
    onFailure: [],
    deliver: ["Ana", "Ben"].map((to) => ({ destination: { kind: "pigeon", options: { to } }, attach: [] })),
  };
  let refuses = true;
  const keys: string[] = [];
  const { destination } = pigeon(async ({ key }) => {
    keys.push(key);
    if (keys.length !== 2 || !refuses) return SENT;
    refuses = false;
    return { kind: "refused", reason: "no such channel", advice: "Make it." };
  });
  const house = await openPipeline({ source, destination, report: () => two });
  expect(await house.run()).toMatchObject({ state: "partly_failed" });
  await house.ledger.reopenRun("run1", "from_start", null, house.clock.now());
  await house.settle();
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
  expect(created).toBe(2);
  expect(keys).toHaveLength(3);
  expect(keys[2]).toBe(keys[1]);
});

test("a person's cancel ends the run, its query and what it has not yet sent", async () => {
  const reasons: unknown[] = [];
  const source = well(async ({ signal }) => {
    house.worker.underWay.cancel("run1");
    reasons.push(signal.reason);
    signal.throwIfAborted();
    return {};
  });
  const house = await openPipeline({ source });
  expect(await house.run()).toMatchObject({ state: "cancelled" });
  expect(reasons).toMatchObject([{ code: "cancelled", retryable: false }]);
});

test("while Looker is known to be out, runs wait without asking it, and cost no try", async () => {
  let asked = 0;
  const source = well(async () => {
    asked += 1;
    throw PASSING;
  });
  const house = await openPipeline({ source });
  const reports = Array.from({ length: 8 }, (_, index) => `report-${index}`);
  for (const report of reports)
    await house.ledger.claimRun({ ...CLAIM, id: report, report, at: house.clock.now() });
  await house.settle();
  expect(asked).toBe(5);
  expect(present(await house.ledger.run("report-7"))).toMatchObject({
    state: "waiting",
    tries: 0,
    reason: "Looker is out, and is left alone for a while: Looker did not answer.",
  });
});

test("a run whose workers die again and again while they are at it rests ever longer, and is given up in the end", async () => {
  const house = await openPipeline();
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  for (let deaths = 1; deaths <= 20; deaths += 1) {
    const dying = `dying ${deaths}`;
    await house.ledger.signIn(dying, "service", house.clock.now());
    house.clock.advance(15 * 60_000);
    expect(await house.ledger.takeRun("run1", dying, house.clock.now())).not.toBeNull();
    await house.ledger.sweep({ silentMs: 1, onlyService: "me" }, house.clock.now());
  }
  expect(await house.ledger.run("run1")).toMatchObject({ state: "waiting", tries: 0 });
  house.clock.advance(15 * 60_000);
  await house.settle();
  expect(await house.ledger.run("run1")).toMatchObject({
    state: "failed",
    reason: "Its workers died 20 times in a row while they were at it.",
  });
});

test("a Look that is not there says that Looker is", async () => {
  let asked = 0;
  const source = well(async () => {
    asked += 1;
    throw asked % 5 === 0 ? WRONG : PASSING;
  });
  const house = await openPipeline({ source });
  for (let index = 0; index < 12; index += 1)
    await house.ledger.claimRun({ ...CLAIM, id: `r${index}`, report: `r${index}`, at: house.clock.now() });
  await house.settle();
  expect(asked).toBe(12);
});

test("what is not delivered when it should be is told once, and not where some have it", async () => {
  const heard: Message[] = [];
  const { destination } = pigeon(async (message) => {
    if (message.purpose === "report") return { kind: "again", reason: "451" };
    heard.push(message);
    return SENT;
  });
  const house = await openPipeline({ destination });
  const expectAt = new Date(DUE.getTime() + 30 * 60_000);
  await house.ledger.claimRun({ ...CLAIM, expectAt, at: house.clock.now() });
  await house.settle();
  expect(heard).toEqual([]);
  house.clock.set(expectAt);
  await house.settle();
  await house.settle();
  expect(heard.map(({ subject }) => subject)).toEqual(["Late: Weekly"]);
  expect(heard[0]?.intro).toContain("lookpost history --run run1");
});

test("a run that was taken in a transaction whose reply was lost is gone on with", async () => {
  const house = await openPipeline();
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.ledger.takeRun("run1", "me", house.clock.now());
  expect(await house.carry("run", "run1")).toBe("done");
  expect(present(await house.ledger.run("run1")).state).toBe("delivering");
});

test("a run that another worker has is left alone", async () => {
  const house = await openPipeline();
  await house.ledger.signIn("other", "service", house.clock.now());
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.ledger.takeRun("run1", "other", house.clock.now());
  expect(await house.carry("run", "run1")).toBe("done");
  expect(await house.ledger.run("run1")).toMatchObject({ state: "running", owner: "other" });
  expect(house.events).toEqual([]);
});

test("a retry from the start asks a Looker that is known to be out at once, and its success wakes what waits", async () => {
  let isOut = true;
  const source = well(async () => {
    if (isOut) throw PASSING;
    return {};
  });
  const report = { ...REPORT, retry: { triesMax: 1, overMs: 0 }, onFailure: [] };
  const house = await openPipeline({ source, report: () => report });
  expect(await house.run()).toMatchObject({ state: "failed" });
  const now = house.clock.now();
  const openUntil = new Date(now.getTime() + 240_000);
  await house.ledger.saveCircuit({ name: "looker", failures: 8, since: now, openUntil, reason: "no answer" });
  await house.ledger.claimRun({ ...CLAIM, id: "run2", dueAt: now, at: now });
  await house.ledger.claimRun({ ...CLAIM, id: "run3", report: "other", dueAt: now, at: now });
  house.clock.advance(5_000);
  await house.settle();
  for (const id of ["run2", "run3"])
    expect(await house.ledger.run(id), id).toMatchObject({ state: "waiting", tries: 0 });
  isOut = false;
  await house.ledger.reopenRun("run1", "from_start", null, house.clock.now());
  await house.settle();
  for (const id of ["run1", "run2", "run3"])
    expect(await house.ledger.run(id), id).toMatchObject({ state: "delivered" });
});

test("of a retry, the first attempt alone is made whatever is known of Looker", async () => {
  const house = await openPipeline({
    source: well(async () => {
      throw PASSING;
    }),
    report: () => ({ ...REPORT, onFailure: [] }),
  });
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.ledger.cancelRun("run1", "x", house.clock.now());
  house.clock.advance(1_000);
  await house.ledger.reopenRun("run1", "from_start", null, house.clock.now());
  await house.settle();
  const openUntil = new Date(house.clock.now().getTime() + 240_000);
  const circuit = { name: "looker", failures: 8, since: openUntil, openUntil, reason: "no answer" };
  await house.ledger.saveCircuit(circuit);
  await house.next();
  const ends = (await house.ledger.runAttempts("run1")).map(({ end }) => end);
  expect(ends).toEqual(["again", "held"]);
});

test("a run that is held back beyond the report's next tick is given up, with what is out", async () => {
  const schedule = { cron: "* * * * *", timezone: "UTC" };
  const house = await openPipeline({ report: () => ({ ...REPORT, schedule }) });
  const now = house.clock.now();
  const openUntil = new Date(now.getTime() + 120_000);
  await house.ledger.saveCircuit({ name: "looker", failures: 7, since: now, openUntil, reason: "no answer" });
  expect(await house.run()).toMatchObject({
    state: "failed",
    reason:
      "Looker is out, and is left alone for a while: no answer. It was given up, since the report is due again before the next try.",
    advice: "To run it again: lookpost retry run1",
  });
});
