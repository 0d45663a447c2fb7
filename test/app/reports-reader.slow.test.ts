import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readReports } from "../../src/app/reports-file.ts";
import { readReportsApart } from "../../src/app/reports-reader.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const env = {
  LOOKER_BASE_URL: "https://looker.example.com",
  LOOKER_CLIENT_ID: "id",
  LOOKER_CLIENT_SECRET: "a-secret-for-tests",
  SMTP_URL: "smtp://user:another-secret@mail.example.com:587",
  SLACK_BOT_TOKEN: "xoxb-a-token-for-tests",
  HEARTBEAT_URL: "https://hc.example.com/ping/1",
  DATABASE_URL: "postgres://lookpost:third-secret@db.example.com/lookpost?sslmode=require",
};

const folder = mkdtempSync(join(tmpdir(), "lookpost-reader-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(readdirSync(EXAMPLES).filter((name) => name.endsWith(".yaml")))(
  "%s reads the same in a process of its own: nothing is lost on the way",
  async (name) => {
    const file = join(EXAMPLES, name);
    const { config, problems } = readReports(file, env);
    const apart = await readReportsApart(file, env);
    expect(config?.reports.length).toBeGreaterThan(0);
    expect(apart.problems).toEqual(problems);
    expect(apart.config).toStrictEqual({ ...config, locate: expect.any(Function) });
  },
);

test("the problems of a broken file come back with their places", async () => {
  const file = join(folder, "broken.yaml");
  writeFileSync(file, "version: 1\nreports: { weekly: { schedule: never, look: 42 } }\n");
  const { problems } = readReports(file, env);
  expect(problems.length).toBeGreaterThan(0);
  expect((await readReportsApart(file, env)).problems).toEqual(problems);
});

test("a file that is not there is told as where it is read at once", async () => {
  const file = join(folder, "nowhere.yaml");
  await expect(readReportsApart(file, env)).rejects.toMatchObject({
    code: "config",
    message: `There is no file ${file}.`,
    advice: expect.stringContaining("reports.yaml"),
  });
});

test("a reading that is stopped ends, and says so", async () => {
  const stop = new AbortController();
  const reading = readReportsApart(join(folder, "nowhere.yaml"), env, { stop: stop.signal });
  stop.abort();
  await expect(reading).rejects.toMatchObject({ code: "local" });
});
