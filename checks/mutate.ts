import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { MUTATIONS, type Mutation } from "./mutations.ts";

/**
 * Breaks each line of `mutations.ts`, one at a time and in a copy of the tree, and demands that one of the named tests fails.
 *
 *   npm run mutate [-- part of a file's path]
 *
 * Exit code 1: a broken line that no test noticed. 2: the list does not fit the code any more, or the tests fail without a mutation.
 */

const ROOT = resolve(import.meta.dirname, "..");
const COPIED = [
  "src",
  "test",
  "chaos",
  "bench",
  "fonts",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];

/** The file's text with the mutation. Throws where the line is not in it, or more than once. */
export function mutated(text: string, { line, becomes }: Pick<Mutation, "line" | "becomes">): string {
  const count = text.split(line).length - 1;
  if (count !== 1) throw new Error(`its line is there ${count} times: ${line}`);
  return text.replace(line, () => becomes);
}

function main(asked: string | undefined): number {
  const chosen = MUTATIONS.filter(({ file }) => asked === undefined || file.includes(asked));
  if (chosen.length === 0) return wrong(`No mutation is of a file with "${asked}" in its path.`);
  const copy = mkdtempSync(join(tmpdir(), "lookpost-mutate-"));
  try {
    for (const part of COPIED) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    const tests = [...new Set(chosen.flatMap((mutation) => mutation.tests))];
    const before = run(copy, tests);
    if (!before.passed)
      return wrong(`The tests fail before anything is broken:
${before.output}`);
    return judged(chosen, copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function judged(chosen: readonly Mutation[], copy: string): number {
  let survived = 0;
  for (const mutation of chosen) {
    const path = join(copy, mutation.file);
    const text = readFileSync(path, "utf8");
    let broken: string;
    try {
      broken = mutated(text, mutation);
    } catch (thrown) {
      return wrong(`${mutation.file}: ${thrown instanceof Error ? thrown.message : thrown}`);
    }
    writeFileSync(path, broken);
    const isNoticed = !run(copy, mutation.tests).passed;
    writeFileSync(path, text);
    if (!isNoticed) survived += 1;
    console.log(`${isNoticed ? "noticed " : "SURVIVED"}  ${mutation.file}: ${mutation.what}`);
  }
  console.log(`${chosen.length - survived} of ${chosen.length} broken lines were noticed by a test.`);
  return survived === 0 ? 0 : 1;
}

function run(copy: string, tests: readonly string[]): { passed: boolean; output: string } {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const args = ["run", "--project", "fast", "--bail", "1", "--reporter", "agent", ...tests];
  const { status, error, stdout, stderr } = spawnSync(process.execPath, [vitest, ...args], {
    cwd: copy,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  if (error !== undefined) throw error;
  return { passed: status === 0, output: stdout + stderr };
}

function wrong(words: string): number {
  console.error(words);
  return 2;
}

if (import.meta.main) process.exitCode = main(process.argv[2]);
