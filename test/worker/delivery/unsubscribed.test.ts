import { expect, test } from "vitest";
import type { Message } from "../../../src/core/model/message.ts";
import { commitment } from "../../../src/core/model/outcome.ts";
import { openPipeline, pigeon, REPORT, SENT } from "../open-pipeline.ts";

const REPORT_TO = (to: string) => ({
  ...REPORT,
  deliver: [{ destination: { kind: "pigeon", options: { to } }, attach: [] }],
});
const who = (recipient: string, report = "weekly") => ({ report, kind: "pigeon", recipient });

async function opened(to: string, fly?: Parameters<typeof pigeon>[0]) {
  const { destination, carried } = pigeon(fly);
  const house = await openPipeline({ destination, report: () => REPORT_TO(to) });
  const leave = (recipient: string, report?: string) =>
    house.ledger.unsubscribe(who(recipient, report), "link", house.clock.now());
  return { house, carried, leave };
}

test("who has unsubscribed is left out, which is said; letters' case makes no other recipient", async () => {
  const { house, carried, leave } = await opened("Ana@example.com, ben@example.com");
  await leave("ana@EXAMPLE.com");
  await leave("ben@example.com", "another report");
  expect(await house.run()).toMatchObject({ state: "delivered" });
  expect(carried.map(({ only }) => only)).toEqual([["ben@example.com"]]);
  expect(await house.only()).toMatchObject({
    state: "sent",
    reason: "Not sent to Ana@example.com, who unsubscribed.",
    refused: [],
  });
});

test("a delivery that nobody wants any more is not sent, and that is no failure", async () => {
  const { house, carried, leave } = await opened("ana@example.com, ben@example.com");
  await leave("ana@example.com");
  await leave("ben@example.com");
  expect(await house.run()).toMatchObject({
    state: "skipped",
    reason: "All of its recipients have unsubscribed.",
  });
  expect(carried).toEqual([]);
  expect(await house.deliveries()).toMatchObject([
    { purpose: "report", state: "unsubscribed", reason: "All of its recipients have unsubscribed." },
  ]);
});

test("it is honoured by a resend, and lifted it is sent", async () => {
  const { house, carried, leave } = await opened("ana@example.com");
  await house.run();
  await leave("ana@example.com");
  const { id } = await house.only();
  house.clock.advance(1_000);
  await house.ledger.resendDelivery(id, null, house.clock.now());
  await house.settle();
  expect(await house.only()).toMatchObject({ state: "unsubscribed" });
  expect(carried).toHaveLength(1);
  await house.ledger.resubscribe(who("ana@example.com"));
  await house.ledger.resendDelivery(id, null, house.clock.now());
  await house.settle();
  expect(carried).toHaveLength(2);
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
});

test("one who unsubscribes between two tries does not get it; one who was served keeps what they have", async () => {
  const later = { recipient: "ben@example.com", reason: "451", permanent: false };
  const { house, carried, leave } = await opened("ana@example.com, ben@example.com", async () =>
    commitment.sent("first", { refused: [later] }),
  );
  await house.run();
  expect(await house.only()).toMatchObject({ state: "waiting", remaining: ["ben@example.com"] });
  await leave("ben@example.com");
  await house.next();
  expect(carried).toHaveLength(1);
  expect(await house.only()).toMatchObject({
    state: "sent",
    externalId: "first",
    refused: [],
    reason: "All who had not got it yet have unsubscribed.",
  });
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
});

test("one who unsubscribes before their turn is not among those who were refused then", async () => {
  const outcomes = [
    commitment.sent("first", { refused: [], rest: ["ben@example.com", "cy@example.com"] }),
    { kind: "refused", reason: "550 no such user", advice: "Correct the address." } as const,
  ];
  const { house, carried, leave } = await opened(
    "ana@example.com, ben@example.com, cy@example.com",
    async () => {
      await leaving();
      return outcomes.shift() ?? SENT;
    },
  );
  const leaving = () => leave("ben@example.com");
  await house.run();
  await house.settle();
  // The last is the notice of the refusal.
  expect(carried.map(({ only }) => only)).toEqual([null, ["cy@example.com"], null]);
  expect(await house.only()).toMatchObject({
    state: "sent",
    refused: [{ recipient: "cy@example.com", reason: "550 no such user", permanent: true }],
  });
});

test("a notice of a failure is for operators, and goes to them whatever they unsubscribed from", async () => {
  const heard: Message[] = [];
  const { house, leave } = await opened("Ana", async (message) => {
    if (message.purpose === "report") return { kind: "refused", reason: "550", advice: "Correct it." };
    heard.push(message);
    return SENT;
  });
  await leave("Ops");
  await house.run();
  expect(heard).toHaveLength(1);
});
