import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ReportError } from "../core/error.ts";
import { notWhole } from "../core/installation.ts";
import { later } from "../core/later.ts";
import { shortageOf } from "../core/shortage.ts";

/** A program of ours that runs as a process of its own, and is talked to in structured clones. */
export interface ChildProgram {
  /** Rejects with ReportError `local`, retryable, where no process can be started, or a file that it needs is missing. */
  start(options: ChildOptions): Promise<ChildProcess>;
}

export interface ChildOptions {
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly execArgv?: readonly string[];
}

interface ChildSource {
  /** In src/, without its ending. */
  readonly entry: string;
  /** As rolldown.config.ts names what it makes of it. */
  readonly name: string;
  /** Absolute paths of what it reads besides, which it gets as arguments. */
  readonly files?: () => readonly string[];
}

/**
 * From a build it is read once, with all that a service loads at its start, and started from memory. Files that are only of use as files (an
 * addon, fonts) are opened then, and the process inherits them: what is open stays as it was when the installation is replaced. From the
 * source, where a bundle would have to be made first, it is started from its file.
 */
export function childProgram(source: ChildSource): ChildProgram {
  const isBuilt = import.meta.filename.endsWith(".js");
  const launch = later(() => {
    try {
      return isBuilt ? fromMemory(source) : fromFile(source);
    } catch (thrown) {
      throw notWhole(thrown);
    }
  });
  return {
    async start({ env, execArgv = [] }) {
      const { code, args, fds, env: more } = launch();
      const child = await started([...BASE_ARGV, ...execArgv, ...args], {
        env: { ...more, ...env },
        stdio: [code === null ? "ignore" : "pipe", "ignore", "ignore", "ipc", ...fds],
      });
      // If it has ended already, `close` reports it.
      child.stdin?.on("error", () => undefined);
      if (code !== null) child.stdin?.end(code);
      return child;
    },
  };
}

/** SIGUSR1 would open a debugger's port. */
const BASE_ARGV = ["--disable-sigusr1"];

/** The first of the descriptors that a process inherits besides its standard ones and the channel. */
const FIRST_FD = 4;

interface Launch {
  /** Passed to Node on its standard input; null: the arguments name a file. */
  readonly code: Buffer | null;
  readonly args: readonly string[];
  /** What it inherits. */
  readonly fds: readonly number[];
  /** Of its environment, what is the same at every start. */
  readonly env: ChildOptions["env"];
}

function fromMemory({ name, files = () => [] }: ChildSource): Launch {
  const code = readFileSync(new URL(`../children/${name}.js`, import.meta.url));
  const args = ["--input-type=module", "-"];
  // Only Linux gives a file that is open a path.
  if (process.platform !== "linux") return { code, args: [...args, ...files()], fds: [], env: {} };
  const fds = opened(files());
  return {
    code,
    args: [...args, ...fds.map((_, index) => `/proc/self/fd/${FIRST_FD + index}`)],
    fds,
    env: {},
  };
}

/** All, or none: it is tried again where descriptors have run out, and has to leave those that it got. */
function opened(files: readonly string[]): readonly number[] {
  const fds: number[] = [];
  try {
    for (const file of files) fds.push(openSync(file, "r"));
    return fds;
  } catch (thrown) {
    for (const fd of fds) closeSync(fd);
    throw thrown;
  }
}

function fromFile({ entry, files = () => [] }: ChildSource): Launch {
  return {
    code: null,
    args: [fileURLToPath(new URL(`../${entry}.ts`, import.meta.url)), ...files()],
    fds: [],
    // Hundreds of files of TypeScript: where what is compiled is kept, a start takes a third less.
    env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
  };
}

/** Where the program that runs this can be started again, though its own file may have been replaced. */
const OWN_PROGRAM = "/proc/self/exe";

/** How long after a failure for want of something (descriptors, memory, processes) it is tried again. */
const TRIED_AGAIN_AFTER_MS = [250, 1_000, 3_000];

async function started(args: readonly string[], options: SpawnOptions): Promise<ChildProcess> {
  for (const waitMs of [...TRIED_AGAIN_AFTER_MS, null]) {
    try {
      return await startedOnce(args, options);
    } catch (thrown) {
      if (waitMs === null || shortageOf(thrown) === null) throw notStarted(thrown);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  throw new RangeError("unreachable");
}

/** Node gives back a process without an id and without a channel where it could not make one, and says why later. */
function startedOnce(args: readonly string[], options: SpawnOptions): Promise<ChildProcess> {
  const program = existsSync(OWN_PROGRAM) ? OWN_PROGRAM : process.execPath;
  return new Promise((resolve, reject) => {
    // Only the service handles Ctrl-C.
    const child = spawn(program, args, { ...options, detached: true, serialization: "advanced" });
    child.once("error", reject);
    child.once("spawn", () => {
      child.off("error", reject);
      resolve(child);
    });
  });
}

function notStarted(cause: unknown): ReportError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ReportError(`No process could be started (${why}).`, {
    code: "local",
    advice:
      "Check how many files and processes lookpost may have open (ulimit -n, ulimit -u), and whether the machine has free memory.",
    retryable: true,
    cause,
  });
}
