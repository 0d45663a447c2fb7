import { spawnSync } from "node:child_process";

/** Whether there is a Python to read files back with: other software than ours. */
export const hasPython = spawnSync("python3", ["--version"]).status === 0;

/** What a script says, which is JSON. */
export function python(script: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync("python3", [...script], {
    encoding: "utf8",
    maxBuffer: 512 * 1024 * 1024,
    env: { ...process.env, PYTHONIOENCODING: "utf-8:surrogatepass" },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
