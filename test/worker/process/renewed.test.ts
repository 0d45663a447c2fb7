import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Outcome } from "../../../src/core/model/outcome.ts";
import { connectionsRenewed } from "../../../src/worker/process/renewed.ts";
import { openPipeline, pigeon, REPORT, SENT, well } from "../open-pipeline.ts";

const REFUSED = new ReportError("Looker refuses the login.", { code: "auth", advice: "Check it." });
const BAD_LOGIN = { kind: "refused", reason: "535 no", advice: "Check it.", isLogin: true } as const;

test("a run that failed for a refused login is made once the connection has another secret", async () => {
  let key = "old";
  const source = well(async () => {
    if (key === "old") throw REFUSED;
    return {};
  });
  const { destination, carried } = pigeon();
  const house = await openPipeline({ source, destination });
  expect(await house.run()).toMatchObject({ state: "failed" });
  key = "new";
  expect(await connectionsRenewed(["looker"], house.worker)).toBe(1);
  await house.settle();
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
  expect(carried.filter(({ message }) => message.purpose === "report")).toHaveLength(1);
  // Nothing is left to be tried at the next change.
  expect(await connectionsRenewed(["looker"], house.worker)).toBe(0);
});

test.each([
  ["another connection", ["email"]],
  ["none", []],
])("it is left as it is where what changed is %s", async (_, kinds) => {
  const house = await openPipeline({ source: well(async () => Promise.reject(REFUSED)) });
  await house.run();
  expect(await connectionsRenewed(kinds, house.worker)).toBe(0);
  expect(await house.ledger.run("run1")).toMatchObject({ state: "failed" });
});

test("a run that failed for something else, or has no try left, is left as it is", async () => {
  const wrong = new ReportError("There is no Look 4242.", { code: "not_found" });
  const other = await openPipeline({ source: well(async () => Promise.reject(wrong)) });
  await other.run();
  expect(await connectionsRenewed(["looker"], other.worker)).toBe(0);
  const once = { ...REPORT, retry: { triesMax: 1, overMs: 0 } };
  const last = await openPipeline({ source: well(async () => Promise.reject(REFUSED)), report: () => once });
  await last.run();
  expect(await connectionsRenewed(["looker"], last.worker)).toBe(0);
});

test("a run whose time for trying is over is left as it is", async () => {
  const house = await openPipeline({ source: well(async () => Promise.reject(REFUSED)) });
  await house.run();
  house.clock.advance(3 * 60 * 60_000);
  expect(await connectionsRenewed(["looker"], house.worker)).toBe(0);
});

test("a delivery that was refused for the login is sent once the connection has another secret", async () => {
  const outcomes: Outcome[] = [BAD_LOGIN, SENT];
  const { destination, carried } = pigeon(async (message) =>
    message.purpose === "report" ? (outcomes.shift() ?? SENT) : SENT,
  );
  const house = await openPipeline({ destination });
  expect(await house.run()).toMatchObject({ state: "failed" });
  expect(await house.only()).toMatchObject({ state: "refused" });
  expect(await connectionsRenewed(["pigeon"], house.worker)).toBe(1);
  await house.settle();
  expect(await house.only()).toMatchObject({ state: "sent" });
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
  expect(carried.filter(({ message }) => message.purpose === "report")).toHaveLength(2);
});

test("an attempt that was under way with the old secret is made again at once", async () => {
  let key = "old";
  const { destination } = pigeon(async (message): Promise<Outcome> => {
    if (message.purpose !== "report") return SENT;
    const used = key;
    if (used === "old") {
      // The secret is replaced while the server still thinks about the old one.
      key = "new";
      await connectionsRenewed(["pigeon"], house.worker);
    }
    return used === "old" ? BAD_LOGIN : SENT;
  });
  const house = await openPipeline({ destination });
  await house.run();
  expect(await house.ledger.run("run1")).toMatchObject({ state: "delivered" });
});

test("what waits for a server is due at once, and its circuit is over", async () => {
  const out = { kind: "again", reason: "no answer", isServerOut: true } as const;
  const outcomes: Outcome[] = [out];
  const { destination } = pigeon(async () => outcomes.shift() ?? SENT);
  const house = await openPipeline({ destination });
  for (let times = 0; times < 5; times += 1) await house.worker.circuits.failed("pigeon home", "no answer");
  await house.run();
  expect(await house.only()).toMatchObject({ state: "waiting" });
  await connectionsRenewed(["slack"], house.worker);
  await house.settle();
  expect(await house.only()).toMatchObject({ state: "waiting" });
  outcomes.length = 0;
  await connectionsRenewed(["pigeon"], house.worker);
  await house.settle();
  expect(await house.only()).toMatchObject({ state: "sent" });
});
