import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { run, temporaryFolder } from "./program.ts";

const QUERY_MS = 3_000;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ queryMs: QUERY_MS });
});
afterAll(() => sandbox.close());

const REPORTS = `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
reports:
  minutely: { schedule: "* * * * *", look: 42, deliver: [{ email: ops@example.com }] }
`;

test("start refuses a file with problems, all of them at once", async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "reports.yaml"),
    REPORTS.replace("look: 42", "lok: 42").replace('"* * * * *"', '"61 * * * *"'),
  );
  const { code, err, out } = await run(["start"], sandbox.env, folder);
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(err).toMatch(/reports\.yaml:5:\d+: report "minutely".*61/);
  expect(err).toMatch(/lok.*\n.*\n.*\n.*"look"/);
});
