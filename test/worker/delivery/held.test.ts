import { expect, test } from "vitest";
import type { Outcome } from "../../../src/core/model/outcome.ts";
import type { DeliveryTerms } from "../../../src/core/ports/destination.ts";
import { handClock, openPipeline, pigeon, REPORT, SENT } from "../open-pipeline.ts";

const PREPARING: Outcome = {
  kind: "again",
  reason: "The list is still being read.",
  advice: "Write the id.",
  afterMs: 120_000,
  isPreparing: true,
};

/** A destination whose first attempts are to wait for something. */
function preparing(times: number) {
  const terms: DeliveryTerms[] = [];
  const { destination } = pigeon(async (_message, given) => {
    terms.push(given);
    return terms.length <= times ? PREPARING : SENT;
  });
  return { destination, terms };
}

test("what is to wait for something costs no try, and its next tick does not overtake it", async () => {
  const { destination } = preparing(4);
  // One try, and due again every five minutes.
  const report = {
    ...REPORT,
    schedule: { cron: "*/5 * * * *", timezone: "UTC" },
    retry: { triesMax: 1, overMs: 0 },
  };
  const pipeline = await openPipeline({ destination, report: () => report });
  await pipeline.run();
  expect(await pipeline.only()).toMatchObject({
    state: "waiting",
    tries: 0,
    reason: "The list is still being read.",
    advice: "Write the id.",
  });
  for (let times = 0; times < 4; times += 1) await pipeline.next();
  expect(await pipeline.only()).toMatchObject({ state: "sent", attempts: 5 });
});

test("it comes again at once where it is told that what it waits for is there, sooner or later than it was written down", async () => {
  const { destination, terms } = preparing(2);
  const pipeline = await openPipeline({ destination });
  await pipeline.run();
  const now = pipeline.clock.now();
  terms[0]?.hasten();
  terms[0]?.hasten();
  await expect.poll(async () => (await pipeline.only()).nextAt).toEqual(now);
  await pipeline.settle();
  expect(await pipeline.only()).toMatchObject({ state: "waiting", attempts: 2 });
  // What the first attempt waited for says nothing of the second.
  terms[0]?.hasten();
  expect((await pipeline.only()).nextAt).toEqual(new Date(now.getTime() + 120_000));
  terms[1]?.hasten();
  await expect.poll(async () => (await pipeline.only()).nextAt).toEqual(now);

  const early = pigeon(async (_message, given) => {
    given.hasten();
    return early.carried.length === 1 ? PREPARING : SENT;
  });
  const other = await openPipeline({ destination: early.destination });
  await other.run();
  await expect
    .poll(async () => {
      await other.settle();
      return (await other.only()).state;
    })
    .toBe("sent");
  expect(other.clock.now()).toEqual(handClock().now());
});

test("what is never ready is tried and given up like all else after an hour", async () => {
  const { destination, terms } = preparing(Number.POSITIVE_INFINITY);
  const pipeline = await openPipeline({ destination });
  await pipeline.run();
  while ((await pipeline.only()).settledAt === null && terms.length < 1_000) await pipeline.next();
  expect(await pipeline.only()).toMatchObject({ state: "gave_up" });
  expect(terms.length).toBeLessThan(250);
});

test("a destination keeps its notes in the ledger, and no large ones", async () => {
  const read: unknown[] = [];
  const { destination } = pigeon(async (_message, { notebook }) => {
    await notebook.write("loft", "north", 0);
    read.push(...(await notebook.read(["loft", "coop"])));
    await notebook
      .write("loft", "x".repeat(600_000), null)
      .catch((thrown: Error) => read.push(thrown.message));
    return SENT;
  });
  const pipeline = await openPipeline({ destination });
  await pipeline.run();
  expect(read).toEqual([
    { name: "loft", text: "north", version: 1, ageMs: 0 },
    'The destination "pigeon" keeps a note of more than 524288 bytes.',
  ]);
  expect(await pipeline.ledger.notes("pigeon", ["loft"], pipeline.clock.now())).toHaveLength(1);
});
