import { globSync, realpathSync, type Stats, statSync } from "node:fs";
import { glob, stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { FoundFile, IncludedFiles } from "../config/index.ts";

/** Which patterns were followed, and what they led to then. */
export interface FollowedIncludes {
  /** Each with the file that names it. */
  readonly patterns: readonly (readonly [pattern: string, from: string])[];
  /** Taken before anything of it was read. */
  readonly stamp: string;
}

/** Follows the includes of one reports.yaml. `read` throws as it does. */
export function includedFiles(
  read: (file: string) => string,
): IncludedFiles & { followed(): FollowedIncludes } {
  const patterns: (readonly [string, string])[] = [];
  const stamps: string[] = [];
  return {
    find(pattern, from) {
      const found = pathsOf(
        pattern,
        from,
        isGlob(pattern) ? globSync(pattern, { cwd: folderOf(from) }) : [pattern],
      );
      const states = found.map((file) => [file, statSync(file, { throwIfNoEntry: false })] as const);
      patterns.push([pattern, from]);
      stamps.push(stampOf(pattern, states));
      return present(pattern, states).flatMap(([file]) => foundAt(file));
    },
    read,
    followed: () => ({ patterns, stamp: stamps.join("\n\n") }),
  };
}

/** What the same patterns lead to now. Holds up nothing else where a disk does not answer. */
export async function stampOfIncludes({ patterns }: FollowedIncludes): Promise<string> {
  const stamps = await Promise.all(
    patterns.map(async ([pattern, from]) => {
      const names = [];
      if (!isGlob(pattern)) names.push(pattern);
      else for await (const name of glob(pattern, { cwd: folderOf(from) })) names.push(name);
      const found = pathsOf(pattern, from, names);
      const states = found.map(async (file) => [file, await stat(file).catch(() => undefined)] as const);
      return stampOf(pattern, await Promise.all(states));
    }),
  );
  return stamps.join("\n\n");
}

type State = readonly [file: string, stat: Stats | undefined];

/** A file that a rename or a symlink puts in its place has another inode. */
function stampOf(pattern: string, states: readonly State[]): string {
  return present(pattern, states)
    .map(([file, stat]) => `${file} ${stat?.mtimeMs} ${stat?.size} ${stat?.dev} ${stat?.ino}`)
    .join("\n");
}

/** A folder that is named is said to be one when it is read; one that a glob leads to is left out. */
function present(pattern: string, states: readonly State[]): readonly State[] {
  return states.filter(([, stat]) => (isGlob(pattern) ? stat?.isFile() === true : stat !== undefined));
}

function pathsOf(pattern: string, from: string, names: readonly string[]): string[] {
  const folder = from === "" ? "" : dirname(from);
  return names
    .filter((name) => !isHidden(name, pattern))
    .map((name) => (isAbsolute(name) ? name : join(folder, name)))
    .sort();
}

function folderOf(from: string): string {
  return from === "" ? "." : dirname(from);
}

function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}

/** As a shell has it: what begins with a dot is named with it. A mounted ConfigMap keeps its versions in such folders. */
function isHidden(name: string, pattern: string): boolean {
  const hidden = /(?:^|\/)\.[^./]/;
  return isGlob(pattern) && hidden.test(name) && !hidden.test(pattern);
}

function foundAt(file: string): FoundFile[] {
  try {
    return [{ file, identity: realpathSync(file) }];
  } catch {
    // It is gone meanwhile.
    return [];
  }
}
