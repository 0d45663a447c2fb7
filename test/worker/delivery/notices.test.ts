import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import { commitment, type Outcome } from "../../../src/core/model/outcome.ts";
import { openPipeline, pigeon, REPORT, SENT, well } from "../open-pipeline.ts";

const UNKNOWN = commitment.unknown("The connection was lost after the message.");

/** Looker refuses, so that on_failure is told. */
const failing = well(async () => {
  throw new ReportError("Look 7 is not there.", { code: "not_found" });
});

function inTurn(...outcomes: readonly Outcome[]): () => Promise<Outcome> {
  const left = [...outcomes];
  return async () => left.shift() ?? SENT;
}

test("a notice that may not have arrived is sent again, though its report would be left to a person", async () => {
  const { destination, carried } = pigeon(inTurn(UNKNOWN, SENT));
  const house = await openPipeline({ destination, source: failing });
  await house.run();
  const [waiting] = await house.deliveries();
  expect(waiting).toMatchObject({ purpose: "failed", state: "waiting", isUncertain: true });
  await house.next();
  const [notice] = await house.deliveries();
  expect(notice).toMatchObject({ state: "sent", attempts: 2 });
  // One message to a mail server that looks: the same key.
  expect(new Set(carried.map(({ message }) => message.key)).size).toBe(1);
});

test("a notice that may have arrived three times is left to a person, who is told how to send it", async () => {
  const { destination, carried } = pigeon(async () => UNKNOWN);
  const house = await openPipeline({ destination, source: failing });
  await house.run();
  for (let tries = 0; tries < 6 && (await house.deliveries())[0]?.state === "waiting"; tries += 1)
    await house.next();
  const [notice] = await house.deliveries();
  expect(carried).toHaveLength(3);
  expect(notice).toMatchObject({
    state: "unknown",
    advice: expect.stringContaining(`lookpost resend ${notice?.id}`),
  });
});

test("a notice is tried again where its report is tried once, and where a command sends it", async () => {
  for (const role of ["service", "command"] as const) {
    const report = () => ({ ...REPORT, retry: { triesMax: 1, overMs: 0 } });
    const { destination } = pigeon(inTurn({ kind: "again", reason: "451 come back later" }));
    const house = await openPipeline({ destination, source: failing, report, role });
    await house.run();
    expect((await house.deliveries())[0], role).toMatchObject({ state: "waiting", tries: 1 });
  }
});

test("a notice that was given up says how it is sent, which a retry of its run would not do", async () => {
  const { destination } = pigeon(async () => ({ kind: "again", reason: "451 come back later" }));
  const house = await openPipeline({ destination, source: failing });
  await house.run();
  for (let tries = 0; tries < 6; tries += 1) await house.next();
  const [notice] = await house.deliveries();
  expect(notice).toMatchObject({
    state: "gave_up",
    advice: `To send it again: lookpost resend ${notice?.id}`,
  });
});
