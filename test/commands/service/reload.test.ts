import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AppConfig } from "../../../src/app/app.ts";
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
  const end = watchReports({ file, stamp, files: {} }, env, {
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
  const end = watchReports({ file, stamp: "another", files: {} }, env, {
    missing: () => undefined,
    unread: reject,
    good: async () => {
      if (troubles.length === 0) throw locked;
      resolve();
    },
    bad: reject,
    trouble: (thrown) => void troubles.push(thrown),
  });
  onTestFinished(() => {
    end();
    rmSync(folder, { recursive: true });
  });
  await promise;
  expect(troubles).toEqual([locked]);
});
