import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Message } from "../../src/core/model/message.ts";
import { emailConnection, emailOptions, openEmail } from "../../src/deliver/index.ts";
import { renderMail } from "../../src/render/mail/mail.ts";
import { systemClock } from "../deliver/sample-message.ts";
import { artifactOf } from "../deliver/scratch.ts";
import { LINTED } from "./samples.ts";

function isInstalled(): boolean {
  try {
    execFileSync("spamassassin", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const home = mkdtempSync(path.join(tmpdir(), "lookpost-spam-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** SpamAssassin's points, its local rules alone: it asks no network. */
async function points(mail: string | Uint8Array): Promise<{ points: number; report: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = execFile(
    "spamassassin",
    ["-L", "-t", "-p", "/dev/null"],
    { env: { ...process.env, HOME: home }, maxBuffer: 64_000_000 },
    (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
  );
  child.stdin?.end(mail);
  const report = /Content analysis details:.*$/s.exec(await promise)?.[0] ?? "";
  return { points: Number(/\((-?[\d.]+) points/.exec(report)?.[1]), report };
}

const email = openEmail(
  emailConnection.parse({ smtp: "smtp://127.0.0.1:25", from: "Data Team <reports@example.com>" }),
  { renderMail, clock: systemClock },
);

async function eml(message: Message): Promise<string | Uint8Array> {
  const artifacts = await Promise.all(
    message.artifacts.map(async (artifact) => ({
      ...(await artifactOf(artifact.filename, "Carrier,Flights\r\nDelta,3102\r\n")),
      rows: artifact.rows,
    })),
  );
  const options = emailOptions.parse({ to: "Ana Ruiz <ana@example.com>", thread: true });
  const files = await email.preview?.({ ...message, artifacts }, options);
  return files?.find(({ name }) => name === "message.eml")?.contents ?? "";
}

// `apt-get install spamassassin` brings it.
test.skipIf(!isInstalled()).each(Object.entries(LINTED))(
  "SpamAssassin gives the %s digest less than one point (skipped where it is not installed)",
  async (_, message) => {
    const scored = await points(await eml(message));
    expect(scored.points, scored.report).toBeLessThan(1);
  },
);
