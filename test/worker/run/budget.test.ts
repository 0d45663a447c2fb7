import { expect, test } from "vitest";
import { askOthersAt, timeUsed } from "../../../src/worker/run/budget.ts";
import { DUE, handClock } from "../open-pipeline.ts";

const MINUTE_MS = 60_000;

test.each([
  ["a young run, in a fleet", false, "service", 9, true],
  ["a run that is older than any deployment", false, "service", 10, false],
  ["the only service", true, "service", 0, false],
  ["a command", false, "command", 0, false],
] as const)("whether another worker may know the report: %s", (_, isOnlyService, role, minutes, mayKnow) => {
  const clock = handClock(new Date(DUE.getTime() + minutes * MINUTE_MS));
  const at = askOthersAt({ claimedAt: DUE }, { isOnlyService, role, clock });
  expect(at).toEqual(mayKnow ? new Date(clock.now().getTime() + 10_000) : null);
});

const attemptOf = (from: number, to: number, end: "again" | "held" | "handed_back" | "lost" | "refused") => ({
  attempt: 1,
  owner: "w",
  startedAt: new Date(from * MINUTE_MS),
  committedAt: null,
  endedAt: new Date(to * MINUTE_MS),
  end,
  reason: null,
});

test.each([
  ["its tries, not the waits between them", 0, [attemptOf(0, 5, "again"), attemptOf(20, 27, "again")], 12],
  ["what was handed back", null, [attemptOf(0, 5, "handed_back")], 5],
  [
    "nothing of a worker that died: no one knows when",
    0,
    [attemptOf(0, 5, "again"), attemptOf(6, 99, "lost")],
    5,
  ],
  ["nothing before a person reopened it", null, [attemptOf(0, 5, "again"), attemptOf(6, 9, "refused")], 0],
  ["nothing before its tries began again", 30, [attemptOf(0, 5, "again"), attemptOf(30, 31, "again")], 1],
] as const)("a run has used up %s", (_, triesSince, attempts, minutes) => {
  const since = triesSince === null ? null : new Date(triesSince * MINUTE_MS);
  expect(timeUsed({ triesSince: since }, attempts)).toBe(minutes * MINUTE_MS);
});
