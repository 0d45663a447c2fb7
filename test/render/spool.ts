import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Artifact } from "../../src/core/model/artifact.ts";
import type { Spool } from "../../src/core/ports/spool.ts";

/** A real folder for one test's files, removed when the test is over. */
export async function spoolFolder(): Promise<Spool> {
  const directory = await mkdtemp(join(tmpdir(), "render-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return { directory, path: (name) => join(directory, name), ensureRoom: async () => undefined };
}

/** A file that is really there. */
export async function fileIn(
  spool: Spool,
  filename: string,
  content: Buffer | string,
  more: Partial<Artifact> = {},
): Promise<Artifact> {
  const path = spool.path(`source-${filename}`);
  await writeFile(path, content);
  const file = { path, bytes: Buffer.byteLength(content) };
  return { filename, contentType: "text/csv; charset=utf-8", file, rows: null, sections: [], ...more };
}

export const NEVER: AbortSignal = new AbortController().signal;
