import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../src/app/sandbox.ts";
import { slackView } from "../../src/deliver/slack/preview/blocks.ts";

test("the sandbox's page draws Slack's posts as a preview does", async () => {
  const sandbox = await startSandbox({});
  onTestFinished(() => sandbox.close());
  expect(await (await fetch(new URL("/style.css", sandbox.page.url))).text()).toContain(slackView.style);
});
