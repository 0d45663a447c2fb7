import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AppConfig } from "../../../src/app/app.ts";
import { readReports } from "../../../src/app/reports-file.ts";
import { stampOf } from "../../../src/app/reports-reader.ts";
import { watchReports } from "../../../src/commands/service/reload.ts";

const text = (title: string) => `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
reports:
  weekly: { title: ${title}, schedule: "0 8 * * mon", look: 42, deliver: [{ email: ops@example.com }] }
`;

test("a file that changed before it was watched, and after it was read, is read again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-reload-"));
  const file = join(folder, "reports.yaml");
  writeFileSync(file, text("Before"));
  const stamp = await stampOf(file);
  writeFileSync(file, text("After that"));
  const { promise, resolve, reject } = Promise.withResolvers<AppConfig>();
  const env = { LOOKER_BASE_URL: "http://127.0.0.1:9", SMTP_URL: "smtp://127.0.0.1:9" };
  const end = watchReports({ file, stamp, files: {}, includes: { patterns: [], stamp: "" } }, env, {
    missing: () => undefined,
    unread: reject,
    good: async (config) => resolve(config),
    bad: reject,
    trouble: reject,
  });
  onTestFinished(() => {
    end();
    rmSync(folder, { recursive: true });
  });
  expect((await promise).reports[0]?.title).toBe("After that");
});

test("an included file that changes is read again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-reload-"));
  const file = join(folder, "reports.yaml");
  const [head = "", reports = ""] = text("Before").split(/^(?=reports:)/m);
  writeFileSync(file, `${head}include: "*/a.yaml"\n`);
  mkdirSync(join(folder, "team"));
  writeFileSync(join(folder, "team/a.yaml"), reports);
  const env = { LOOKER_BASE_URL: "http://127.0.0.1:9", SMTP_URL: "smtp://127.0.0.1:9" };
  const { includes } = readReports(file, env);
  writeFileSync(join(folder, "next"), reports.replace("Before", "After that"));
  renameSync(join(folder, "next"), join(folder, "team/a.yaml"));
  const { promise, resolve, reject } = Promise.withResolvers<AppConfig>();
  const end = watchReports({ file, stamp: await stampOf(file), files: {}, includes }, env, {
    missing: () => undefined,
    unread: reject,
    good: async (config) => resolve(config),
    bad: reject,
    trouble: reject,
  });
  onTestFinished(() => {
    end();
    rmSync(folder, { recursive: true });
  });
  expect((await promise).reports[0]?.title).toBe("After that");
});

test("a good file that the ledger could not take over is tried again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-reload-"));
  const file = join(folder, "reports.yaml");
  writeFileSync(file, text("Once"));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const troubles: unknown[] = [];
  const env = { LOOKER_BASE_URL: "http://127.0.0.1:9", SMTP_URL: "smtp://127.0.0.1:9" };
  const locked = new Error("the database is locked");
  const end = watchReports(
    { file, stamp: "another", files: {}, includes: { patterns: [], stamp: "" } },
    env,
    {
      missing: () => undefined,
      unread: reject,
      good: async () => {
        if (troubles.length === 0) throw locked;
        resolve();
      },
      bad: reject,
      trouble: (thrown) => void troubles.push(thrown),
    },
  );
  onTestFinished(() => {
    end();
    rmSync(folder, { recursive: true });
  });
  await promise;
  expect(troubles).toEqual([locked]);
});
