import { describe, expect, test } from "vitest";
import { readinessOf, type ServiceState, whatIsWrong } from "../../../src/commands/service/state.ts";

const WELL: ServiceState = {
  worker: { isWell: () => true },
  timetable: { lateMs: () => 0 },
  ledgerFailing: () => null,
  fileProblem: null,
  missingFiles: null,
};

const ok = { ok: true };
const wrong = (message: string) => ({ ok: false, message });

describe("/readyz", () => {
  test("is ready where the ledger answers and no tick waits", () => {
    expect(readinessOf(WELL)).toEqual({ ready: true, checks: { ledger: ok, schedule: ok, config: ok } });
    expect(whatIsWrong(WELL)).toBeNull();
  });

  test.each([
    ["no ledger yet", { worker: null, timetable: null }, "The ledger is not open yet."],
    [
      "a ledger that could not be opened",
      { worker: null, timetable: null, waitsFor: "no answer" },
      "no answer",
    ],
    [
      "a ledger that does not answer",
      { worker: { isWell: () => false } },
      "The ledger has not answered for some seconds.",
    ],
    [
      "a ledger that a verb fails on, though its beats are taken",
      { ledgerFailing: () => "The disk of /data is full." },
      "The disk of /data is full.",
    ],
  ])("is not ready with %s", (_, part, message) => {
    const state = { ...WELL, ...part };
    const { ready, checks } = readinessOf(state);
    expect([ready, checks.ledger]).toEqual([false, wrong(message)]);
    expect(whatIsWrong(state)).toBe(message);
  });

  test.each([
    ["no schedules yet", { timetable: null }, "The schedules have not been read yet."],
    ["a tick that waits", { timetable: { lateMs: () => 60_001 } }, "A tick has been waiting for 1 min 0 s."],
  ])("is not ready with %s", (_, part, message) => {
    const state = { ...WELL, ...part };
    const { ready, checks } = readinessOf(state);
    expect([ready, checks.schedule]).toEqual([false, wrong(message)]);
    expect(whatIsWrong(state)).toBe(message);
  });

  test("is ready while a tick has been waiting for no more than a minute", () => {
    expect(readinessOf({ ...WELL, timetable: { lateMs: () => 60_000 } }).ready).toBe(true);
  });

  test("stays ready with a broken file, and says so: the last good one is in use", () => {
    const state = { ...WELL, fileProblem: "reports.yaml is broken" };
    const { ready, checks } = readinessOf(state);
    expect([ready, checks.config]).toEqual([true, wrong("reports.yaml is broken")]);
    expect(whatIsWrong(state)).toBeNull();
  });
});
