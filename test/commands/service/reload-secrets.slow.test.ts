import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readReportsApart, stampOf } from "../../../src/app/reports-reader.ts";
import { watchReports } from "../../../src/commands/service/reload.ts";

const text = (title: string) => `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
reports:
  weekly: { title: ${title}, schedule: "0 8 * * mon", look: 42, deliver: [{ email: ops@example.com }] }
`;

/** A reports.yaml with a secret in a file, watched; `next` resolves with the secret of the next good reading. */
async function watchedSecret(secret: string, makeFile: (folder: string) => string) {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-reload-"));
  const file = join(folder, "reports.yaml");
  const path = makeFile(folder);
  writeFileSync(
    file,
    text("Secret").replace(
      'base_url: "${LOOKER_BASE_URL}"',
      `base_url: "\${LOOKER_BASE_URL}", client_secret: "\${file:${path}}"`,
    ),
  );
  const env = { LOOKER_BASE_URL: "http://127.0.0.1:9", SMTP_URL: "smtp://127.0.0.1:9" };
  const stamp = await stampOf(file);
  const { files, includes, config } = await readReportsApart(file, env);
  expect(config?.connections.looker?.client_secret).toBe(secret);
  const seen: string[] = [];
  const missing: (readonly string[])[] = [];
  const problems: unknown[] = [];
  const end = watchReports({ file, stamp, files, includes }, env, {
    good: async ({ connections }) => void seen.push(connections.looker?.client_secret ?? ""),
    bad: (error) => void problems.push(error),
    trouble: (thrown) => void problems.push(thrown),
    missing: (paths) => void missing.push(paths),
    unread: (error) => void problems.push(error),
  });
  onTestFinished(() => {
    end();
    rmSync(folder, { recursive: true });
  });
  return { folder, file, path, seen, missing, problems };
}

/** As a kubelet mounts a secret: the file is a link through `..data`, which is a link to a folder. */
function mountedSecret(folder: string, name: string, secret: string): string {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, "secret"), secret);
  return name;
}

test("a secret of Kubernetes, whose ..data is replaced by a rename, is read again", async () => {
  const watched = await watchedSecret("first-secret", (folder) => {
    symlinkSync(mountedSecret(folder, "..1", "first-secret\n"), join(folder, "..data"));
    symlinkSync(join("..data", "secret"), join(folder, "secret"));
    return join(folder, "secret");
  });
  symlinkSync(mountedSecret(watched.folder, "..2", "other-secret\n"), join(watched.folder, "..data_tmp"));
  renameSync(join(watched.folder, "..data_tmp"), join(watched.folder, "..data"));
  await expect.poll(() => watched.seen).toEqual(["other-secret"]);
});

test("a secret that is written in place, of the same length and with the same time, is read again", async () => {
  const time = new Date("2026-01-01T00:00:00Z");
  const watched = await watchedSecret("first-secret", (folder) => {
    writeFileSync(join(folder, "secret"), "first-secret");
    utimesSync(join(folder, "secret"), time, time);
    return join(folder, "secret");
  });
  writeFileSync(watched.path, "other-secret");
  utimesSync(watched.path, time, time);
  await expect.poll(() => watched.seen).toEqual(["other-secret"]);
});

test("a secret in a folder that is replaced is read again, and its absence in between is said and is no harm", async () => {
  const watched = await watchedSecret("first-secret", (folder) => {
    return join(folder, mountedSecret(folder, "mounted", "first-secret"), "secret");
  });
  renameSync(join(watched.folder, "mounted"), join(watched.folder, "old"));
  await expect.poll(() => watched.missing).toEqual([[watched.path]]);
  // What else changes meanwhile is taken over with the last good secret.
  writeFileSync(
    watched.file,
    text("Other").replace(
      'base_url: "${LOOKER_BASE_URL}"',
      `base_url: "\${LOOKER_BASE_URL}", client_secret: "\${file:${watched.path}}"`,
    ),
  );
  await expect.poll(() => watched.seen).toEqual(["first-secret"]);
  mountedSecret(watched.folder, "mounted", "other-secret");
  await expect.poll(() => watched.seen).toEqual(["first-secret", "other-secret"]);
  expect(watched.missing).toEqual([[watched.path], []]);
  expect(watched.problems).toEqual([]);
});

test("an empty secret is one that is missing", async () => {
  const watched = await watchedSecret("first-secret", (folder) => {
    writeFileSync(join(folder, "secret"), "first-secret");
    return join(folder, "secret");
  });
  writeFileSync(watched.path, "\n");
  await expect.poll(() => watched.missing).toEqual([[watched.path]]);
  unlinkSync(watched.path);
  writeFileSync(watched.path, "other-secret");
  await expect.poll(() => watched.seen).toEqual(["other-secret"]);
  expect(watched.problems).toEqual([]);
});
