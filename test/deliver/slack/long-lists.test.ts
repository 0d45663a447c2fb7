import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Outcome } from "../../../src/core/model/outcome.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import { type Notebook, notebookInMemory } from "../../../src/core/ports/notebook.ts";
import { slackConnection, slackOptions } from "../../../src/deliver/slack/schema.ts";
import { openSlack } from "../../../src/deliver/slack/slack.ts";
import { renderSlack, sampleMessage, termsOf } from "../sample-message.ts";
import { listingSlack, noise, target } from "./listing-slack.ts";

/** Sleeping moves it on, and takes no time. */
function movingClock(): Clock & { advance(ms: number): void } {
  let nowMs = Date.parse("2026-11-16T13:00:05Z");
  return {
    now: () => new Date(nowMs),
    advance(ms) {
      nowMs += ms;
    },
    async sleep(ms, signal) {
      await nextTurn();
      signal?.throwIfAborted();
      nowMs += ms;
    },
  };
}

/** A worker's Slack: `deliver` makes one attempt, `persist` comes again when it is told to, as the worker does. */
function openWorker(url: string, clock: Clock, notebook: Notebook) {
  const connection = slackConnection.parse({ token: "xoxb-test", api_url: url });
  const destination = openSlack(connection, { renderSlack, clock });
  onTestFinished(() => destination.close());
  const deliver = (place: string, hasten = () => {}) =>
    destination.deliver(sampleMessage(), slackOptions.parse(place), termsOf({ notebook, hasten }));
  async function persist(place: string): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (;;) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const outcome = await deliver(place, resolve);
      outcomes.push(outcome);
      if (outcome.kind !== "again" || outcome.isPreparing !== true) return outcomes;
      await promise;
    }
  }
  return { deliver, persist, close: () => destination.close() };
}

const cursorsOf = (pages: readonly { args: URLSearchParams }[]) =>
  pages.map(({ args }) => args.get("cursor"));

test("27,000 channels at 20 list calls a minute are read once for 40 deliveries, and none of them waits in an attempt", async () => {
  const slack = await listingSlack({ channels: [...noise(27_000), target], rows: 200, limitedAfter: 20 });
  const clock = movingClock();
  const began = clock.now().getTime();
  const worker = openWorker(slack.url, clock, notebookInMemory(clock));
  const names = Array.from({ length: 38 }, (_, index) => `#noise-${index * 700}`);
  const all = await Promise.all(["#target", "#target", ...names].map((name) => worker.persist(name)));
  expect(all.map((outcomes) => outcomes.at(-1)?.kind)).toEqual(all.map(() => "sent"));
  expect(slack.pages()).toHaveLength(136);
  expect(new Set(cursorsOf(slack.pages())).size).toBe(136);
  expect(slack.seen.filter(({ limited }) => limited)).toHaveLength(6);
  // Told when the name is there, and not all at the end.
  expect(Math.max(...all.map((outcomes) => outcomes.length))).toBe(2);
  expect(all[0]?.[0]).toMatchObject({ kind: "again", isPreparing: true, afterMs: 120_000 });
  expect(clock.now().getTime() - began).toBe(6 * 60_000);
});

test("a restart in the middle of the list goes on from its cursor", async () => {
  const slack = await listingSlack({ channels: [...noise(9_000), target], rows: 200, limitedAfter: 20 });
  const clock = movingClock();
  const notebook = notebookInMemory(clock);
  const first = openWorker(slack.url, clock, notebook);
  expect(await first.deliver("#target")).toMatchObject({ kind: "again", isPreparing: true });
  await first.close();
  const read = slack.pages().length;
  expect(read).toBeLessThan(46);
  const second = openWorker(slack.url, clock, notebook);
  expect((await second.persist("#target")).at(-1)).toMatchObject({ kind: "sent" });
  // The page under way at the restart, at most, is read twice.
  expect(slack.pages().length).toBeLessThanOrEqual(46 + 1);
  expect(cursorsOf(slack.pages()).filter((cursor) => cursor === null)).toHaveLength(1);

  // What was read is confirmed by one call, however old it is, and not read again.
  clock.advance(3 * 3_600_000);
  const third = openWorker(slack.url, clock, notebook);
  expect(await third.deliver("#noise-8000")).toMatchObject({ kind: "sent" });
  expect(slack.pages().length).toBeLessThanOrEqual(46 + 1);
  expect(slack.seen.filter(({ method }) => method === "conversations.info")).toHaveLength(2);
});

test("two workers read the list once between them, and both are told", async () => {
  const slack = await listingSlack({ channels: [...noise(9_000), target], rows: 200, limitedAfter: 20 });
  const clock = movingClock();
  const notebook = notebookInMemory(clock);
  const workers = [openWorker(slack.url, clock, notebook), openWorker(slack.url, clock, notebook)];
  const all = await Promise.all(workers.map((worker) => worker.persist("#target")));
  expect(all.map((outcomes) => outcomes.at(-1)?.kind)).toEqual(["sent", "sent"]);
  expect(slack.pages()).toHaveLength(46);
});

test("a worker that dies with the list in its hands leaves it to the other", async () => {
  const slack = await listingSlack({ channels: [...noise(9_000), target], rows: 200, limitedAfter: 20 });
  const clock = movingClock();
  const kept = notebookInMemory(clock);
  let isDead = false;
  // Killed: from one moment to the next it writes nothing more.
  const dying: Notebook = {
    read: (names) => (isDead ? new Promise(() => undefined) : kept.read(names)),
    write: (...note) => (isDead ? new Promise(() => undefined) : kept.write(...note)),
  };
  await openWorker(slack.url, clock, dying).deliver("#target");
  isDead = true;
  const other = openWorker(slack.url, clock, kept);
  expect((await other.persist("#target")).at(-1)).toMatchObject({ kind: "sent" });
  expect(cursorsOf(slack.pages()).filter((cursor) => cursor === null)).toHaveLength(1);
});

test("a cursor that Slack has forgotten sets the list back to its beginning", async () => {
  let forgets = 1;
  const instead = (cursor: string) => {
    if (cursor !== "300" || forgets === 0) return null;
    forgets -= 1;
    return { ok: false, error: "invalid_cursor" };
  };
  const slack = await listingSlack({ channels: [...noise(500), target], rows: 100, instead });
  const clock = movingClock();
  const worker = openWorker(slack.url, clock, notebookInMemory(clock));
  expect((await worker.persist("#target")).at(-1)).toMatchObject({ kind: "sent" });
  expect(slack.pages()).toHaveLength(4 + 6);
});

test("cursors that are never good end the try, with the id as advice", async () => {
  const instead = (cursor: string) => (cursor === "" ? null : { ok: false, error: "invalid_cursor" });
  const slack = await listingSlack({ channels: [...noise(500), target], rows: 100, instead });
  const clock = movingClock();
  const worker = openWorker(slack.url, clock, notebookInMemory(clock));
  const last = (await worker.persist("#target")).at(-1);
  expect(last).toMatchObject({ kind: "again", reason: expect.stringContaining("invalid_cursor") });
  expect(slack.pages().length).toBeLessThan(10);
});

test("a pause of many minutes ends the try, and the next goes on from there", async () => {
  const channels = [...noise(500), target];
  const slack = await listingSlack({ channels, rows: 100, limitedAfter: 2, waitS: 600 });
  const clock = movingClock();
  const notebook = notebookInMemory(clock);
  const worker = openWorker(slack.url, clock, notebook);
  expect(await worker.deliver("#target")).toMatchObject({ kind: "again", afterMs: 600_000 });
  const calls = slack.seen.length;
  clock.advance(60_000);
  // Another need not ask to be told the same.
  const other = openWorker(slack.url, clock, notebook);
  expect(await other.deliver("#target")).toMatchObject({ kind: "again", afterMs: 540_000 });
  expect(slack.seen).toHaveLength(calls);
  clock.advance(540_001);
  expect(await other.deliver("#target")).toMatchObject({ kind: "again", afterMs: 600_000 });
  clock.advance(600_001);
  expect(await worker.deliver("#target")).toMatchObject({ kind: "sent" });
  expect(slack.pages()).toHaveLength(6);
});

test("a list without end is left, and the id advised", async () => {
  const slack = await listingSlack({ channels: noise(3), rows: 1, endless: true });
  const clock = movingClock();
  const outcomes = await openWorker(slack.url, clock, notebookInMemory(clock)).persist("#target");
  expect(outcomes).toMatchObject([
    { kind: "again", isPreparing: true, advice: expect.stringContaining("the channel's details") },
    {
      kind: "refused",
      reason:
        "#target is not among the first 3 channels that Slack lists, and lookpost reads no more of so long a list.",
      advice: expect.stringContaining("Write the channel's id in place of its name"),
    },
  ]);
  expect(slack.pages()).toHaveLength(500);
});

test("a channel that is renamed in a long list has its successor found, and the list is read again once", async () => {
  const channels: { id: string; name: string }[] = [...noise(3_000), { ...target }];
  const slack = await listingSlack({ channels, rows: 100, limitedAfter: 20 });
  const clock = movingClock();
  const worker = openWorker(slack.url, clock, notebookInMemory(clock));
  await worker.persist("#target");
  channels[3_000] = { ...target, name: "target-old" };
  channels[17] = { id: "C0HEIR0001", name: "target" };
  expect((await worker.persist("#target")).at(-1)).toMatchObject({
    kind: "sent",
    externalId: "C0HEIR0001:1764000000.000100",
  });
  // Found on the first page of the second reading.
  expect(slack.pages()).toHaveLength(31 + 1);
});

test("a Slack whose list and whose channels contradict each other is asked once more, and the list believed", async () => {
  const info = { ok: true, channel: { name: "another" } };
  const slack = await listingSlack({
    channels: [...noise(3_000), target],
    rows: 100,
    limitedAfter: 20,
    info,
  });
  const clock = movingClock();
  const worker = openWorker(slack.url, clock, notebookInMemory(clock));
  const kinds = async () => (await worker.persist("#target")).map(({ kind }) => kind);
  expect(await kinds()).toEqual(["again", "again", "sent"]);
  expect(slack.pages()).toHaveLength(31 + 31);
  clock.advance(3_600_000);
  expect(await kinds()).toEqual(["again", "sent"]);
  expect(slack.pages()).toHaveLength(31 + 31 + 31);
});
