import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { journey, jsonLines, run, start, temporaryFolder, until } from "./program.ts";

journey("demo --once runs every report of reports.yaml over the sandbox and exits with 0", async () => {
  const folder = temporaryFolder();
  // Whatever the environment names, the demo must not go there.
  const elsewhere = {
    LOOKER_BASE_URL: "http://127.0.0.1:9",
    SMTP_URL: "smtp://127.0.0.1:9",
    SLACK_BOT_TOKEN: "xoxb-real",
  };
  const { code, out, err } = await run(["demo", "--once", "--json", "--outbox", folder], elsewhere);
  expect(err).toMatch(/so that the last day is yesterday/);
  expect(code).toBe(0);
  const lines = jsonLines(out);
  expect(lines.filter((line) => line.type === "run").map((line) => [line.report, line.status])).toEqual([
    ["weekly-delays", "delivered"],
    ["monday-digest", "delivered"],
    ["operations", "delivered"],
    ["late-in-texas", "delivered"],
    ["flight-log", "delivered"],
  ]);
  for (const line of lines.filter((line) => line.type === "delivery"))
    expect(line).toMatchObject({ status: "sent" });
  expect(readdirSync(join(folder, "mail")).filter((name) => name.endsWith(".eml"))).toHaveLength(4);
});

journey("demo names one address where what arrived can be looked at, and ends at Ctrl-C", async () => {
  const demo = start(["demo"]);
  const address = () => /as its recipients would: +(http:\S+)/.exec(demo.out())?.[1];
  await until(() => address() !== undefined);
  const page = await fetch(address() ?? "");
  expect(await page.text()).toContain("Weekly flight delays");
  demo.process.kill("SIGINT");
  expect(await demo.ended).toMatchObject({ code: 0 });
});

journey("the sandbox runs alone on the ports it is given", async () => {
  const sandbox = start(["sandbox", "--json", "--outbox", temporaryFolder()]);
  await until(() => sandbox.out().includes("\n"));
  const { looker, env } = JSON.parse(sandbox.out()) as { looker: string; env: Record<string, string> };
  expect((await fetch(`${looker}/versions`)).status).toBe(200);
  const taken = await run(["sandbox", "--looker-port", new URL(looker).port]);
  expect(taken).toMatchObject({ code: 1, err: expect.stringContaining("already") });
  expect((await run(["test-connection"], env, temporaryFolder())).code).toBe(0);
  sandbox.process.kill("SIGTERM");
  expect(await sandbox.ended).toMatchObject({ code: 0 });
});
