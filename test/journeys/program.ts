import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whenFinished } from "./journey.ts";

export { journey, whenFinished } from "./journey.ts";

/** The command line that `lookpost` stands for. */
export const FROM_SOURCE: readonly string[] = [
  process.execPath,
  join(import.meta.dirname, "../../src/cli.ts"),
];

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Program {
  readonly process: ChildProcess;
  /** What it has written to stdout and stderr so far. */
  out(): string;
  err(): string;
  readonly ended: Promise<Ended>;
}

/** See vitest.config.ts. */
const { NODE_COMPILE_CACHE } = process.env;

/** Starts `lookpost …` as a process, with nothing of this environment but its PATH. */
export function start(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = process.cwd(),
  [program = "", ...options] = FROM_SOURCE,
): Program {
  const child = spawn(program, [...options, ...args], {
    cwd,
    // Else commands are written as this process is called: by the path of its source.
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE, LOOKPOST_COMMAND: "lookpost", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  whenFinished(() => {
    child.kill("SIGKILL");
  });
  return { process: child, out: () => out, err: () => err, ended };
}

export function run(args: readonly string[], env?: Record<string, string>, cwd?: string): Promise<Ended> {
  return start(args, env, cwd).ended;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-journey-"));
  whenFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** Short of a test's own limit (vitest.config.ts), so that a test that hangs says what it waited for. */
const HANGS_MS = 540_000;

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = Date.now() + HANGS_MS;
  while (!(await condition())) {
    if (Date.now() > endsAt) throw new Error(`Still not so after ${HANGS_MS / 1000} s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
