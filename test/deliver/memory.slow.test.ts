import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startSandboxMail } from "../../src/sandbox/mail/server.ts";
import { startSandboxSlack } from "../../src/sandbox/slack/server.ts";
import { scratchFolder } from "./scratch.ts";

// A large attachment must not sit in memory, not even once: held whole it would cost its size, and in base64 more.

const growthBytesMax = 50_000_000;

async function fileOf(folder: string, megabytes: number): Promise<string> {
  const file = path.join(folder, `${megabytes}.csv`);
  const handle = await open(file, "w");
  for (let index = 0; index < megabytes; index += 1)
    await handle.write(Buffer.alloc(1_000_000, `${index},2,3\r\n`));
  await handle.close();
  return file;
}

async function growthBytes(...args: string[]): Promise<number> {
  const probe = path.join(import.meta.dirname, "memory-probe.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [probe, ...args]);
  return Number(stdout);
}

async function sumOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

test("an email with 60 MB attached is sent without holding them", async () => {
  const outbox = await scratchFolder();
  const server = await startSandboxMail({ outbox });
  onTestFinished(async () => {
    await server.close();
    await rm(outbox, { recursive: true });
  });
  const file = await fileOf(outbox, 60);
  expect(await growthBytes("email", server.url, "", await fileOf(outbox, 5), file)).toBeLessThan(
    growthBytesMax,
  );
  expect((await server.messages()).at(-1)?.bytes).toBeGreaterThan(80_000_000);
});

test("a Slack upload of 120 MB is made without holding it, and arrives whole", async () => {
  const outbox = await scratchFolder();
  const server = await startSandboxSlack({ outbox });
  onTestFinished(async () => {
    await server.close();
    await rm(outbox, { recursive: true });
  });
  const file = await fileOf(outbox, 120);
  expect(await growthBytes("slack", server.url, server.token, await fileOf(outbox, 5), file)).toBeLessThan(
    growthBytesMax,
  );
  expect(await sumOf(server.pathOf(server.files().at(-1)!))).toBe(await sumOf(file));
});

test("120 MB are written into a folder without holding them, and stand there whole", async () => {
  const folder = await scratchFolder();
  const file = await fileOf(folder, 120);
  expect(await growthBytes("file", folder, "", await fileOf(folder, 5), file)).toBeLessThan(growthBytesMax);
  const written = path.join(folder, "out", "weekly-delays", "2026-11-16T0800-2", "data.csv");
  expect(await sumOf(written)).toBe(await sumOf(file));
  await rm(folder, { recursive: true });
});
