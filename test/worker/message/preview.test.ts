import { expect, test } from "vitest";
import { previewMessages } from "../../../src/worker/message/preview.ts";
import { NEVER, openPipeline, REPORT } from "../open-pipeline.ts";

test("several messages to one address are named as the ledger will name them", async () => {
  const entry = (words: string) => ({
    destination: { kind: "pigeon", options: { to: "Ana", words } },
    attach: [],
  });
  const report = { ...REPORT, deliver: [entry("Guten Morgen"), entry("Good morning")] };
  const house = await openPipeline({ report: () => report });
  const run = await house.run();
  const previewed = await previewMessages({ run, report, owner: "me", signal: NEVER }, house.worker);
  expect(previewed.map(({ target }) => target)).toEqual(["Ana", "Ana (2)"]);
  expect(previewed.map(({ target }) => target)).toEqual(
    (await house.deliveries()).map(({ target }) => target),
  );
});
