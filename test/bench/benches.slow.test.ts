import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const BENCHES = readdirSync(join(ROOT, "bench")).filter(
  (name) =>
    name.endsWith(".ts") && readFileSync(join(ROOT, "bench", name), "utf8").includes(`node bench/${name}`),
);

function bench(name: string, words: readonly string[], root = ROOT) {
  return spawnSync(process.execPath, [join(root, "bench", name), ...words], { encoding: "utf8" });
}

test("there are ten", () => {
  expect(BENCHES).toHaveLength(10);
});

test.each(BENCHES)("%s refuses an argument that it does not know, and says how it is called", (name) => {
  const { status, stdout, stderr } = bench(name, ["nonsense"]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("nonsense");
  expect(stderr).toContain(`Usage: node bench/${name} [`);
});

test("a bench of what was built says so where nothing was", () => {
  const root = mkdtempSync(join(tmpdir(), "lookpost-bench-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "test"));
  for (const part of ["bench", "src", "package.json"])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  for (const file of ["postgres.ts", "ports.ts"]) cpSync(join(ROOT, "test", file), join(root, "test", file));
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  for (const name of ["idle.ts", "large-result.ts", "makespan.ts", "replicas.ts"])
    expect(bench(name, [], root)).toMatchObject({
      status: 2,
      stdout: "",
      stderr: `${name}: It measures dist/cli.js: \`npm run build\` first.\n`,
    });
});
