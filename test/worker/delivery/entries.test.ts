import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { commitment, type Outcome } from "../../../src/core/model/outcome.ts";
import type { DeliverTo, Report } from "../../../src/core/model/report.ts";
import { contractFault } from "../../../src/core/ports/destination.ts";
import { CLAIM, type Opened, openPipeline, pigeon, REPORT, SENT } from "../open-pipeline.ts";

const AGAIN: Outcome = { kind: "again", reason: "451 come back later" };
const REFUSED: Outcome = { kind: "refused", reason: "550 no such user", advice: "Correct the address." };

/** An entry for Ana, told from her others by its words. */
const entry = (words: string, to = "Ana"): DeliverTo => ({
  destination: { kind: "pigeon", options: { to, words } },
  attach: [],
});
const GERMAN = entry("Guten Morgen");
const ENGLISH = entry("Good morning");

/** Answers by the words of the entry that it is given, and keeps those that it was asked to send. */
function reader(answer: (words: string) => Outcome) {
  const asked: string[] = [];
  const { destination } = pigeon();
  const deliver: typeof destination.deliver = async (_message, options, terms) => {
    const { words } = options as { words: string };
    asked.push(words);
    await terms.commit();
    return answer(words);
  };
  return { asked, destination: { ...destination, deliver } };
}

/** A report of these entries, which the test may change as a person changes the file. */
function fileOf(...entries: readonly DeliverTo[]) {
  let deliver = entries;
  return {
    now: (...changed: readonly DeliverTo[]) => {
      deliver = changed;
    },
    report: (): Report => ({ ...REPORT, deliver, onFailure: [] }),
  };
}

/** Both entries were sent, and one was refused. `redo`: nothing is refused any more, the file has these entries, and the run is done again. */
async function refusedOnce(refused = "Guten Morgen") {
  let isRefused = true;
  const { asked, destination } = reader((words) => (isRefused && words === refused ? REFUSED : SENT));
  const file = fileOf(GERMAN, ENGLISH);
  const house = await openPipeline({ destination, report: file.report });
  await house.run();
  const redo = async (how: "failed_only" | "from_start", ...entries: readonly DeliverTo[]) => {
    isRefused = false;
    file.now(...entries);
    await house.ledger.reopenRun("run1", how, null, house.clock.now());
    await house.settle();
  };
  return { asked, house, redo };
}

const states = async (house: Opened) =>
  (await house.deliveries()).map(({ target, state }) => `${target}: ${state}`);

test("two entries for one address: the one that was refused is sent again, whatever their order in the file is now", async () => {
  const { asked, house, redo } = await refusedOnce();
  expect(await states(house)).toEqual(["Ana: refused", "Ana (2): sent"]);
  await redo("failed_only", ENGLISH, GERMAN);
  expect(asked).toEqual(["Guten Morgen", "Good morning", "Guten Morgen"]);
  expect(await states(house)).toEqual(["Ana: sent", "Ana (2): sent"]);
});

test("two entries for one address, swapped by a hot reload between two automatic tries: each stays what it was", async () => {
  let tries = 0;
  const { asked, destination } = reader((words) => {
    tries += 1;
    return words === "Guten Morgen" && tries < 3 ? AGAIN : SENT;
  });
  const file = fileOf(GERMAN, ENGLISH);
  const house = await openPipeline({ destination, report: file.report });
  await house.run();
  file.now(ENGLISH, GERMAN);
  await house.next();
  expect(asked).toEqual(["Guten Morgen", "Good morning", "Guten Morgen"]);
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
});

test("an entry that was changed meanwhile is sent as the file has it now, and the delivery says so", async () => {
  let tries = 0;
  const { asked, destination } = reader(() => {
    tries += 1;
    return tries === 1 ? AGAIN : SENT;
  });
  const file = fileOf(GERMAN);
  const house = await openPipeline({ destination, report: file.report });
  await house.run();
  file.now(entry("Grüezi"));
  await house.next();
  expect(asked).toEqual(["Guten Morgen", "Grüezi"]);
  expect(await house.only()).toMatchObject({
    state: "sent",
    reason:
      "Its entry in reports.yaml has changed since it was planned: it was sent by the entry as it is now, with the files made before.",
  });
});

test("where several entries of one address were changed, none is taken for another: a person decides", async () => {
  const { asked, house, redo } = await refusedOnce();
  await redo("failed_only", entry("Hello"), entry("Grüezi"));
  expect(asked).toHaveLength(2);
  const [refused] = await house.deliveries();
  expect(refused).toMatchObject({
    state: "refused",
    reason: expect.stringContaining("reports.yaml has changed since this was planned"),
    advice: expect.stringContaining("lookpost retry run1"),
  });
});

test("the neighbour that is left does not take the place of an entry that was removed", async () => {
  const { asked, house, redo } = await refusedOnce();
  await redo("failed_only", ENGLISH);
  expect(asked).toHaveLength(2);
  expect((await house.deliveries())[0]).toMatchObject({
    state: "refused",
    reason: expect.stringContaining("is not in reports.yaml any more"),
  });
});

test("a run done again from the start sends nothing to an address that has it, whatever was changed and swapped", async () => {
  const { asked, house, redo } = await refusedOnce();
  await redo("from_start", entry("Good morning, all"), GERMAN);
  expect(asked).toEqual(["Guten Morgen", "Good morning", "Guten Morgen"]);
  expect(await states(house)).toEqual(["Ana: sent", "Ana (2): sent"]);
});

test("the ledger keeps no secret of an entry", async () => {
  const secret = "https://hooks.example.com/hunter2";
  const { destination } = pigeon(undefined, { identity: () => secret });
  const file = fileOf(entry(secret));
  const house = await openPipeline({ destination, report: file.report });
  await house.run();
  const { identity, entry: kept } = await house.only();
  expect([identity, kept]).toEqual([
    expect.stringMatching(/^[0-9a-f]{32}$/),
    expect.stringMatching(/^[0-9a-f]{32}$/),
  ]);
  expect(JSON.stringify(await house.deliveries())).not.toContain("hunter2");
});

test("two entries of one server are two deliveries, and only a dead one's circuit opens", async () => {
  const hook = (to: string, loft: string): DeliverTo => ({
    destination: { kind: "pigeon", options: { to, loft } },
    attach: [],
  });
  const dead: Outcome = { kind: "again", reason: "ECONNREFUSED", isServerOut: true };
  const { destination } = pigeon();
  const served: string[] = [];
  const deliver: typeof destination.deliver = async (_message, options, terms) => {
    const { to, loft } = options as { to: string; loft: string };
    if (loft === "dead.example.com") return dead;
    served.push(to);
    return (await terms.commit()).sent(to);
  };
  const entries = [
    ...Array.from({ length: 5 }, (_, index) => hook(`dead ${index}`, "dead.example.com")),
    hook("/one", "well.example.com"),
    hook("/two", "well.example.com"),
  ];
  const house = await openPipeline({
    destination: { ...destination, describe: (options) => (options as { loft: string }).loft, deliver },
    report: fileOf(...entries).report,
  });
  await house.run();
  expect(served).toEqual(["/one", "/two"]);
  expect((await states(house)).slice(5)).toEqual(["well.example.com: sent", "well.example.com (2): sent"]);
  expect(await house.ledger.circuits()).toMatchObject([{ name: "pigeon dead.example.com", failures: 5 }]);
});

test("a delivery that an older lookpost planned goes on by the words it was known by, once", async () => {
  let tries = 0;
  const { asked, destination } = reader((words) => {
    tries += 1;
    return tries < 3 || words === "" ? AGAIN : SENT;
  });
  const house = await openPipeline({ destination, report: fileOf(GERMAN, ENGLISH).report });
  await house.run();
  expect(asked).toEqual(["Guten Morgen", "Good morning"]);
  const database = new DatabaseSync(join(house.folder, "ledger.sqlite"));
  database.exec("UPDATE deliveries SET identity = NULL, entry = NULL");
  database.close();
  await house.next();
  await house.next();
  expect(asked.slice(2).sort()).toEqual(["Good morning", "Guten Morgen"]);
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
});

test("a destination that says sent without having committed is a fault by name, and never sent again by itself", async () => {
  const { destination } = pigeon();
  let asked = 0;
  const deliver = async () => {
    asked += 1;
    return commitment.sent("1");
  };
  const house = await openPipeline({
    destination: { ...destination, deliver },
    report: () => ({ ...fileOf(GERMAN).report(), onUnknown: "resend" }),
  });
  await house.run();
  expect(await house.only()).toMatchObject({
    state: "unknown",
    reason: expect.stringContaining('The destination "pigeon" said "sent" without having committed.'),
    advice: expect.stringContaining("lookpost resend"),
  });
  expect(await house.ledger.run("run1")).toMatchObject({ state: "partly_failed" });
  expect(asked).toBe(1);
});

test("its files are those that the older lookpost made for it", async () => {
  let tries = 0;
  const { destination, carried } = pigeon(async () => {
    tries += 1;
    return tries === 1 ? AGAIN : SENT;
  });
  const withFile = { ...GERMAN, attach: [{ kind: "file", options: {} }] };
  const house = await openPipeline({ destination, report: fileOf(withFile).report });
  await house.run();
  const database = new DatabaseSync(join(house.folder, "ledger.sqlite"));
  database.exec("UPDATE deliveries SET identity = NULL, entry = NULL");
  database.close();
  const [message = ""] = globSync(join(house.folder, "spool/*/message.json"));
  const stored = JSON.parse(readFileSync(message, "utf8"));
  const [files] = Object.values(stored.attached);
  writeFileSync(message, JSON.stringify({ ...stored, attached: { "pigeon Ana": files } }));
  await house.next();
  expect(carried.map(({ message: { artifacts } }) => artifacts.length)).toEqual([1, 1]);
});

test("a destination that cannot be closed fails the run by its name, before anything is sent", async () => {
  const { destination, carried } = pigeon();
  const house = await openPipeline({ destination, report: fileOf(GERMAN).report });
  house.worker.adapters.destination = () => {
    throw contractFault("pigeon", "cannot be closed: it has no close()");
  };
  const run = await house.run();
  expect(run).toMatchObject({
    state: "failed",
    reason: 'The destination "pigeon" cannot be closed: it has no close().',
    advice: expect.stringContaining("please report it"),
  });
  expect(carried).toEqual([]);
});

const withFile = (one: DeliverTo): DeliverTo => ({ ...one, attach: [{ kind: "file", options: {} }] });

test("an older worker that shares the disk finds the files by the words that it knows a delivery by", async () => {
  const { destination } = pigeon(async () => AGAIN);
  const house = await openPipeline({ destination, report: fileOf(withFile(GERMAN), ENGLISH).report });
  await house.run();
  const [message = ""] = globSync(join(house.folder, "spool/*/message.json"));
  const { attached } = JSON.parse(readFileSync(message, "utf8"));
  expect(attached["pigeon Ana"]).toHaveLength(1);
  expect(attached["pigeon Ana (2)"]).toEqual([]);
});

test("files made again by a file that had another entry are not taken for this one's, and it never goes out without", async () => {
  let tries = 0;
  const { destination, carried } = pigeon(async () => {
    tries += 1;
    return tries < 3 ? AGAIN : SENT;
  });
  const file = fileOf(withFile(GERMAN));
  const house = await openPipeline({ destination, report: file.report });
  await house.run();
  for (const spool of globSync(join(house.folder, "spool/*"))) rmSync(spool, { recursive: true });
  file.now(entry("Grüezi"));
  await house.next();
  file.now(withFile(GERMAN));
  await house.next();
  expect(carried.map(({ message: { artifacts } }) => artifacts.length)).toEqual([1, 0, 1]);
});

test("notices to one address go out though all their entries were changed since they were planned", async () => {
  const sent: string[] = [];
  const { destination } = pigeon();
  const deliver: typeof destination.deliver = async (_message, options, terms) => {
    const { to, words } = options as { to: string; words: string };
    if (to === "Bob") return REFUSED;
    sent.push(words);
    await terms.commit();
    return SENT;
  };
  let onFailure = [GERMAN, ENGLISH];
  const report = () => ({ ...REPORT, deliver: [entry("Hi", "Bob")], onFailure });
  const house = await openPipeline({ destination: { ...destination, deliver }, report });
  await house.run();
  expect(sent).toEqual(["Guten Morgen", "Good morning"]);
  onFailure = [entry("Hello"), entry("Grüezi")];
  await house.ledger.reopenRun("run1", "failed_only", null, house.clock.now());
  await house.settle();
  expect(sent.slice(2)).toEqual(["Hello", "Grüezi"]);
});

test("a run done again from the start drops what no entry is left for, and does not ask for another start", async () => {
  const { asked, house, redo } = await refusedOnce("Good morning");
  await redo("from_start", entry("Grüezi"));
  expect(asked).toEqual(["Guten Morgen", "Good morning"]);
  expect(await states(house)).toEqual(["Ana: sent"]);
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
});

test("where workers have different files, an entry that one does not have is left to the others for a while", async () => {
  const { asked, destination } = reader(() => SENT);
  const file = fileOf(GERMAN);
  const house = await openPipeline({ destination, report: file.report });
  Object.assign(house.worker, { isOnlyService: false });
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.carry("run", "run1");
  file.now(entry("Guten Morgen", "Bob"));
  await house.settle();
  expect(await house.only()).toMatchObject({
    state: "waiting",
    tries: 0,
    reason: "Its entry is not in this worker's reports.yaml; another's may have it.",
  });
  file.now(GERMAN);
  await house.next();
  expect(asked).toEqual(["Guten Morgen"]);
  expect(await states(house)).toEqual(["Ana: sent"]);
});

test("an entry that no worker's file has any more is refused after that while", async () => {
  const { asked, destination } = reader(() => SENT);
  const file = fileOf(GERMAN);
  const house = await openPipeline({ destination, report: file.report });
  Object.assign(house.worker, { isOnlyService: false });
  await house.ledger.claimRun({ ...CLAIM, at: house.clock.now() });
  await house.carry("run", "run1");
  file.now(entry("Guten Morgen", "Bob"));
  await house.settle();
  house.clock.advance(11 * 60_000);
  await house.settle();
  expect(asked).toEqual([]);
  expect(await states(house)).toEqual(["Ana: refused"]);
});
