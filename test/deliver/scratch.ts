import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import type { Artifact } from "../../src/core/model/artifact.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A folder that goes when the test file has run. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "lookpost-deliver-"));
  folders.push(folder);
  return folder;
}

export async function artifactOf(
  filename: string,
  content: string | Buffer,
  contentType = "text/csv",
): Promise<Artifact> {
  const file = path.join(await scratchFolder(), "artifact");
  await writeFile(file, content);
  return {
    filename,
    contentType,
    file: { path: file, bytes: (await stat(file)).size },
    rows: null,
    sections: [0],
  };
}
