import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import { retryingLedger } from "../../../src/worker/process/retrying-ledger.ts";
import { handClock, openPipeline } from "../open-pipeline.ts";

/** A real ledger whose connection breaks so many times before it works. */
async function broken(times: number, error: ReportError) {
  const { ledger } = await openPipeline();
  let left = times;
  const breaking = {
    ...ledger,
    async circuits() {
      left -= 1;
      if (left >= 0) throw error;
      return ledger.circuits();
    },
  };
  const ending = new AbortController();
  const told: unknown[] = [];
  const clock = handClock();
  const deps = { clock, ending: ending.signal, trouble: (thrown: unknown) => told.push(thrown) };
  return { retrying: retryingLedger(breaking, deps), told, ending, clock };
}

const PASSING = new ReportError("The server restarts.", { code: "unavailable" });

test("a verb that fails for a passing reason is called again until it works, and each failure is reported", async () => {
  const { retrying, told } = await broken(7, PASSING);
  expect(await retrying.circuits()).toEqual([]);
  expect(told).toHaveLength(7);
});

test("what trying again cannot help fails at once", async () => {
  const wrong = new ReportError("It is damaged.", { code: "local" });
  const { retrying, told } = await broken(1, wrong);
  await expect(retrying.circuits()).rejects.toBe(wrong);
  expect(told).toEqual([]);
});

test("a worker that stops tries a few seconds more, and no longer", async () => {
  const { retrying, ending, clock } = await broken(1_000_000, PASSING);
  const began = clock.now().getTime();
  ending.abort();
  await expect(retrying.circuits()).rejects.toBe(PASSING);
  expect(clock.now().getTime() - began).toBeGreaterThanOrEqual(5_000);
});
