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
}

export function launch({ name, folder, env, killAt }: Launch): Replica {
  const args = ["--import", join(ROOT, "chaos/kill-at.ts"), join(ROOT, "src/cli.ts"), "start"];
  // Files of its own, as on a machine of its own: another cannot find there what it made.
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const config = ["--config", join(folder, "reports.yaml")];
  const child = spawn(process.execPath, [...args, ...config, "--grace-seconds", "2"], {
    cwd: own,
    env: {
      PATH: process.env.PATH ?? "",
      LOOKPOST_STORE: `file:${own}`,
      ...env,
      ...(killAt !== null && { LOOKPOST_KILL_AT: killAt }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // The log of all lives of the replica, for finding out why.
  const log = createWriteStream(join(folder, `${name}.log`), { flags: "a" });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = once(child, "exit").then(([code, signal]) => String(signal ?? code));
  return {
    name,
    startedAt: new Date(),
    process: child,
    pid: child.pid ?? 0,
    get isUp() {
      return child.exitCode === null && child.signalCode === null;
    },
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
