import { expect, test } from "vitest";
import { commitment, type Outcome } from "../../../src/core/model/outcome.ts";
import type { DeliverTo } from "../../../src/core/model/report.ts";
import type { OpenDestination } from "../../../src/core/ports/destination.ts";
import { openFill } from "../../../src/template/fill.ts";
import { everyOnFailure, type Told, tellDirectly } from "../../../src/worker/delivery/tell-directly.ts";
import { openHouse } from "../house.ts";
import { handClock, NEVER, pigeon, REPORT } from "../open-pipeline.ts";

const NOTICE = { subject: "The ledger is damaged", paragraphs: ["Stop the service.", "lookpost history"] };

const to = (name: string, more: object = {}): DeliverTo => ({
  destination: { kind: "pigeon", options: { to: name, ...more } },
  attach: [],
});

function deps(destination: OpenDestination, signal = NEVER) {
  const told: Told[] = [];
  const clock = handClock();
  const adapters = { destination: () => destination, fill: async () => openFill() };
  const redact = (text: string) => text.replaceAll("s3cret", "***");
  return { clock, told, deps: { adapters, clock, redact, signal, told: (one: Told) => told.push(one) } };
}

test("every address of on_failure in the file is told, once", () => {
  const { deps: given } = deps(pigeon().destination);
  const file = {
    onFailure: [to("Ops"), to("Ana")],
    reports: [
      { ...REPORT, onFailure: [to("Ops", { subject: "other words" }), to("Ben")] },
      { ...REPORT, onFailure: [to("Ben")] },
    ],
  };
  const names = everyOnFailure(file, given.adapters).map(({ destination }) => destination.options);
  expect(names).toEqual([{ to: "Ops" }, { to: "Ana" }, { to: "Ben" }]);
});

test("each is sent the same words, and each end is told", async () => {
  const { destination, carried } = pigeon();
  const { told, deps: given } = deps(destination);
  await tellDirectly([to("Ops"), to("Ana")], NOTICE, given);
  expect(carried.map(({ message }) => message)).toMatchObject([
    { purpose: "service", subject: NOTICE.subject, intro: "Stop the service.\n\nlookpost history" },
    { purpose: "service", subject: NOTICE.subject },
  ]);
  expect(new Set(carried.map(({ message }) => message.key)).size).toBe(2);
  expect(told).toEqual([
    { kind: "pigeon", target: "Ops", problem: null },
    { kind: "pigeon", target: "Ana", problem: null },
  ]);
});

test("what is certainly not sent is tried again, as late as was asked for, and given up in the end with the reason", async () => {
  const at: number[] = [];
  const { destination } = pigeon(async () => {
    at.push(clock.now().getTime());
    return { kind: "again", reason: "busy with s3cret", afterMs: 60_000 };
  });
  const { clock, told, deps: given } = deps(destination);
  await tellDirectly([to("Ops")], NOTICE, given);
  const waits = at.slice(1).map((ms, index) => (ms - (at[index] ?? 0)) / 1_000);
  expect(waits).toEqual([60, 60, 120, 600, 1_800]);
  expect(told).toEqual([{ kind: "pigeon", target: "Ops", problem: "busy with ***" }]);
});

test("what may have arrived is sent once more, unless it is found there", async () => {
  const doubtful = async (): Promise<Outcome> => commitment.unknown("the line broke");
  const { destination, carried } = pigeon(doubtful);
  const { told, deps: given } = deps(destination);
  await tellDirectly([to("Ops")], NOTICE, given);
  expect(carried).toHaveLength(2);
  expect(new Set(carried.map(({ message }) => message.key)).size).toBe(1);
  expect(told).toMatchObject([{ problem: "It may have arrived: the line broke" }]);

  const found = pigeon(doubtful, { find: async () => "there" });
  const second = deps(found.destination);
  await tellDirectly([to("Ops")], NOTICE, second.deps);
  expect(found.carried).toHaveLength(1);
  expect(second.told).toMatchObject([{ problem: null }]);
});

test("recipients that are left are served alone; those refused for good are named", async () => {
  const outcomes = [
    commitment.sent("1", { rest: ["b", "c"] }),
    commitment.sent("1", {
      refused: [
        { recipient: "b", reason: "full", permanent: false },
        { recipient: "c", reason: "gone", permanent: true },
      ],
    }),
    commitment.sent("1"),
  ];
  const { destination, carried } = pigeon(async () => outcomes.shift() ?? commitment.sent("1"));
  const { told, deps: given } = deps(destination);
  await tellDirectly([to("Ops")], NOTICE, given);
  expect(carried.map(({ only }) => only)).toEqual([null, ["b", "c"], ["b"]]);
  expect(told).toMatchObject([{ problem: "Not for c: gone" }]);
});

test("a destination that cannot be opened or throws keeps no other from being told; a stop ends the waits", async () => {
  const stop = new AbortController();
  const { destination } = pigeon(async (message) => {
    if (message.intro === null) return commitment.sent("1");
    throw new Error("out of order");
  });
  const { told, deps: given } = deps(destination, stop.signal);
  given.clock.sleep = async () => stop.abort();
  await tellDirectly([to("Ops")], NOTICE, given);
  expect(told).toEqual([
    {
      kind: "pigeon",
      target: "Ops",
      problem: "The service was stopped before it could be sent. out of order",
    },
  ]);
});

test("by mail and in Slack it says that it is lookpost's own, and the entry's subject gives way", async () => {
  const house = await openHouse(
    `  weekly: { schedule: "0 8 * * mon", look: 42, deliver: [{ email: ana@example.com }], on_failure: [{ email: { to: ops@example.com, subject: "Failed {{ report.title }}", message: "Run {{ run.id }}: {{ rows }} rows." } }, { slack: "#data-ops" }] }\n`,
  );
  const told: Told[] = [];
  const { config } = house.app;
  const adapters = { destination: house.app.destination, fill: async () => openFill() };
  const given = { adapters, clock: house.app.clock, redact: house.app.redact, signal: NEVER };
  await tellDirectly(everyOnFailure(config, adapters), NOTICE, { ...given, told: (one) => told.push(one) });
  expect(told.map(({ problem }) => problem)).toEqual([null, null]);
  const [mail] = await house.mails();
  expect(mail?.subject).toBe("The ledger is damaged");
  expect(mail?.text).toContain("Run service: 0 rows.");
  expect(mail?.text).toMatch(/Noticed .* UTC/);
  expect(mail?.text).toContain("Sent by lookpost itself");
  expect(mail?.text).not.toMatch(/Due|Report /);
  const [post] = house.sandbox.slack.posts("#data-ops").map((one) => JSON.stringify(one));
  expect(post).toContain("Sent by lookpost itself");
  expect(post).not.toMatch(/Due /);
});
