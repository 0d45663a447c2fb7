import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/** One worker as a process of its own, as `lookpost start` makes it. */
export interface Replica {
  readonly name: string;
  readonly startedAt: Date;
  readonly process: ChildProcess;
  /** The process's name in the ledger begins with "HOST:PID:". */
  readonly pid: number;
  readonly isUp: boolean;
  /** Resolves when it says that it has started, or has ended before that. */
  readonly started: Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the signal or code that ended it. */
  readonly ended: Promise<string>;
}

export interface Launch {
  readonly name: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends itself with SIGKILL there: "before_send:2". */
  readonly killAt: string | null;
  /** What it runs: the built program, or the source. */
  readonly cli?: string;
  /** By how much its clock is ahead, in milliseconds. */
  readonly skewMs?: number;
}

/** So that they can all be taken. */
const DESCRIPTORS_MAX = 256;
/** Becomes the program itself, under the same process id. */
const WITH_LIMIT = `ulimit -n ${DESCRIPTORS_MAX} && exec "$0" "$@"`;

export function launch(order: Launch): Replica {
  const { name, folder, env, killAt, cli = join(ROOT, "src/cli.ts"), skewMs = 0 } = order;
  const loaded = ["kill-at", "starve", "skew"].flatMap((one) => ["--import", join(ROOT, `chaos/${one}.ts`)]);
  // Files of its own, as on a machine of its own: another cannot find there what it made.
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const config = ["--config", join(folder, "reports.yaml")];
  const args = [...loaded, cli, "start", ...config, "--grace-seconds", "2"];
  const child = spawn("sh", ["-c", WITH_LIMIT, process.execPath, ...args], {
    cwd: own,
    env: {
      PATH: process.env.PATH ?? "",
      // Where there is one, what Node has compiled in one life need not be compiled in the next.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      LOOKPOST_STORE: `file:${own}`,
      ...env,
      ...(killAt !== null && { LOOKPOST_KILL_AT: killAt }),
      ...(skewMs !== 0 && { LOOKPOST_SKEW_MS: String(skewMs) }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // The log of all lives of the replica, for finding out why.
  const log = createWriteStream(join(folder, `${name}.log`), { flags: "a" });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const { promise: said, resolve: started } = Promise.withResolvers<void>();
  child.stdout?.on("data", (chunk: Buffer) => {
    if (chunk.includes('"msg":"started"')) started();
  });
  const ended = once(child, "exit").then(([code, signal]) => String(signal ?? code));
  return {
    name,
    startedAt: new Date(),
    process: child,
    pid: child.pid ?? 0,
    get isUp() {
      return child.exitCode === null && child.signalCode === null;
    },
    started: Promise.race([said, ended]),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
