import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../../src/core/model/message.ts";
import { openEmail } from "../../src/deliver/email/email.ts";
import { emailConnection, emailOptions } from "../../src/deliver/email/schema.ts";
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

/** What SpamAssassin makes of each mail, by its local rules alone: it asks no network. It is slow to start, so one scores all. */
async function scores(mails: ReadonlyMap<string, string | Uint8Array>): Promise<Map<string, Score>> {
  const files = [...mails].map(([name, mail]) => {
    const file = path.join(home, `${name}.eml`);
    writeFileSync(file, mail);
    return file;
  });
  const { stdout } = await promisify(execFile)("spamassassin", ["-L", "-t", "-p", "/dev/null", ...files], {
    env: { ...process.env, HOME: home },
    maxBuffer: 256_000_000,
  });
  const scored = stdout.split(/^X-Spam-Checker-Version:/m).slice(1);
  return new Map(
    [...mails.keys()].map((name, index) => {
      const report = /Content analysis details:.*$/s.exec(scored[index] ?? "")?.[0] ?? "";
      return [name, { points: Number(/\((-?[\d.]+) points/.exec(report)?.[1]), report }];
    }),
  );
}

interface Score {
  readonly points: number;
  readonly report: string;
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
const installed = isInstalled();
let found = new Map<string, Score>();
beforeAll(async () => {
  if (!installed) return;
  const mails = new Map<string, string | Uint8Array>();
  for (const [name, message] of Object.entries(LINTED)) mails.set(name, await eml(message));
  found = await scores(mails);
});

test.skipIf(!installed).each(Object.keys(LINTED))(
  "SpamAssassin gives the %s digest less than one point (skipped where it is not installed)",
  (name) => {
    const score = found.get(name);
    expect(score?.points, score?.report).toBeLessThan(1);
  },
);
