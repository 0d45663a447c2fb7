import { expect, test } from "vitest";
import { checkOnline } from "../../src/check.ts";
import { openHouse } from "./house.ts";

const SCHEDULE = 'schedule: "0 8 * * mon", timezone: UTC';
const RAW = "{ csv: { raw: true } }";

test("a Look without a limit that files want raw and as rendered is refused before it is run, and by check", async () => {
  const { run, app, sandbox } = await openHouse(`
  both: { ${SCHEDULE}, look: 80, deliver: [{ email: ops@example.com, attach: csv }, { slack: "#flight-ops", attach: ${RAW} }] }
  raw: { ${SCHEDULE}, look: 80, deliver: [{ email: ops@example.com, attach: ${RAW} }, { slack: "#flight-ops" }] }
`);
  const { run: done } = await run("both");
  expect(done).toMatchObject({ state: "failed", reason: expect.stringContaining("fetched once") });
  expect(sandbox.looker.tasks()).toEqual([]);
  expect(await checkOnline(app, new AbortController().signal)).toEqual([
    expect.objectContaining({
      report: "both",
      message: expect.stringContaining("fetched once"),
      advice: expect.stringContaining("raw: true for all"),
    }),
  ]);
});
