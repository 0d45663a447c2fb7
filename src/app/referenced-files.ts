import { readFileSync, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";

/** What `${file:PATH}` found, by path; null: no such file, or nothing in it. Pipes and devices are not in it: they give what they have once. */
export type FileTexts = Readonly<Record<string, string | null>>;

/** Larger ones are refused by the reader of references, and need not be kept. */
const BYTES_MAX = 1_000_000;

/**
 * Reads files for the references of one reports.yaml, and keeps what each held. A file that is missing or empty now, and was not in
 * `before`, is taken as it was then: a secret that is being replaced is, for a moment, neither the old nor the new one.
 */
export function referencedFiles(before: FileTexts = {}): {
  readonly texts: Record<string, string | null>;
  /** Throws as node:fs does. */
  readonly read: (path: string) => string;
} {
  const texts: Record<string, string | null> = {};
  return {
    texts,
    read(path) {
      const kept = before[path] ?? null;
      try {
        const isPlain = statSync(path).isFile();
        const text = readFileSync(path, "utf8");
        if (isPlain) texts[path] = textOrNull(text);
        return textOrNull(text) ?? kept ?? text;
      } catch (cause) {
        texts[path] = null;
        if (kept === null) throw cause;
        return kept;
      }
    },
  };
}

/** What the files hold now. By their bytes, since a rename, a symlink or a whole folder may bring others of the same size and age. */
export async function textsOf(paths: readonly string[]): Promise<FileTexts> {
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await textOf(path)] as const)),
  );
}

async function textOf(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > BYTES_MAX ? null : textOrNull(await readFile(path, "utf8"));
  } catch {
    return null;
  }
}

function textOrNull(text: string): string | null {
  return text.trim() === "" ? null : text;
}
