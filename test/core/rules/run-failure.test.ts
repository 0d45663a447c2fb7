import { expect, test } from "vitest";
import type { Delivery, Run } from "../../../src/core/model/run.ts";
import { runFailure } from "../../../src/core/rules/run-failure.ts";

const RUN = { id: "run1", state: "failed", reason: null, advice: null } as Run;
const SETTLED = new Date(0);

function delivery(id: string, more: Partial<Delivery>): Delivery {
  const plain = { id, purpose: "report", kind: "slack", target: "#ops", state: "sent", settledAt: SETTLED };
  return { ...plain, reason: null, advice: null, refused: [], ...more } as Delivery;
}

test("a run without a reason of its own has that of its first failed delivery, and says how many more there are", () => {
  const gone = { state: "refused", reason: "channel_not_found", advice: "Correct the channel." } as const;
  const first = delivery("d1", gone);
  expect(runFailure(RUN, [delivery("d0", {}), first])).toMatchObject({
    reason: "slack #ops: channel_not_found",
    advice: "Correct the channel.",
    failed: [{ delivery: "d1", destination: "slack", target: "#ops", state: "refused" }],
  });
  const others = [delivery("d2", { ...gone, target: "#x" }), delivery("d3", { ...gone, target: "#y" })];
  expect(runFailure(RUN, [first, ...others]).reason).toBe("slack #ops: channel_not_found (and 2 more)");
});

test("recipients that were refused are named with their own reasons", () => {
  const refused = [{ recipient: "bob@example.com", reason: "550 No such user", permanent: true }];
  const [mail] = [delivery("d1", { kind: "email", target: "ops", refused })];
  expect(runFailure(RUN, [mail!]).reason).toBe("email ops: refused for bob@example.com: 550 No such user");
});

test("a run that failed before its deliveries keeps its own reason; notices and open deliveries are no failures", () => {
  const own = { ...RUN, reason: "Look 7 is not there.", advice: "Correct it." };
  const open = delivery("d1", { state: "waiting", settledAt: null });
  const notice = delivery("d2", { purpose: "failed", state: "refused" });
  expect(runFailure(own, [open, notice])).toEqual({ reason: own.reason, advice: own.advice, failed: [] });
});
