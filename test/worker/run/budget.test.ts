import { expect, test } from "vitest";
import { askOthersAt } from "../../../src/worker/run/budget.ts";
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
