import { expect, test } from "vitest";
import { eventLine, serviceLog } from "../../../src/commands/service/log.ts";
import { openPipeline, pigeon } from "../../worker/open-pipeline.ts";

test("the line of a run whose delivery was refused says where and why", async () => {
  const refused = { kind: "refused", reason: "channel_not_found", advice: "Correct the channel." } as const;
  const { destination } = pigeon(async () => refused);
  const house = await openPipeline({ destination });
  await house.run();
  const lines: string[] = [];
  const out = { write: (line: string) => lines.push(line) };
  const log = serviceLog({ env: {}, out, err: out, stop: new AbortController().signal });
  for (const event of house.events) eventLine(event, log);
  const ended = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === "run failed");
  expect(ended).toMatchObject({
    reason: "pigeon Ana: channel_not_found",
    advice: "Correct the channel.",
    failed: [{ destination: "pigeon", target: "Ana", state: "refused", reason: "channel_not_found" }],
  });
});
