import { createHash } from "node:crypto";
import { realpathSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join, parse, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { ReportError } from "../../core/error.ts";

export interface PathLock {
  release(): void;
}

/** How long a process that has the lock may take to say who it is: one that is stopped does not answer. */
const ANSWER_MS_MAX = 1_000;

/**
 * Makes `owner` the only service on a path of this machine for as long as it lives: also where the folder, or the ledger in it, was moved
 * away or replaced meanwhile, which a lock on a file does not outlive. It is a socket that listens under a name made of the path: on Linux
 * in the abstract namespace (unix(7)) and on Windows a pipe, which end with the process, however that ends; elsewhere a file: one
 * at which no process answers is left over. Rejects with ReportError `config` where another process has it.
 */
export async function lockPath(directory: string, owner: string): Promise<PathLock> {
  const servers: Server[] = [];
  const release = () => {
    for (const server of servers.splice(0)) server.close();
  };
  for (const name of namesOf(directory)) {
    try {
      const server = await listenAlone(name, owner, directory);
      if (server !== null) servers.push(server);
    } catch (cause) {
      release();
      throw cause;
    }
  }
  return { release };
}

/** Null where this system lets nothing listen there (a sandbox): then the lock in the folder has to do. */
async function listenAlone(name: string, owner: string, directory: string): Promise<Server | null> {
  for (let tries = 1; ; tries += 1) {
    const listened = await listen(name, owner);
    if (listened !== "taken") return listened;
    const holder = await whoListens(name);
    if (holder !== null || tries === TRIES_MAX) throw taken(directory, holder ?? "");
    // It has ended meanwhile, or a file was left over.
    if (name.startsWith(tmpdir())) rmSync(name, { force: true });
  }
}

const TRIES_MAX = 3;

function listen(name: string, owner: string): Promise<Server | "taken" | null> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end(`${owner}\n`, () => socket.destroy());
  });
  // It must not keep a process alive that has nothing else to do.
  server.unref();
  return new Promise((done) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      done(cause.code === "EADDRINUSE" ? "taken" : null),
    );
    server.listen({ path: name }, () => {
      server.on("error", () => undefined);
      done(server);
    });
  });
}

/** "" for one that does not say; null: nothing listens there. */
async function whoListens(name: string): Promise<string | null> {
  const socket = connect({ path: name });
  socket.setTimeout(ANSWER_MS_MAX, () => socket.end().destroy());
  try {
    return (await text(socket)).trim();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : null;
    return code === "ECONNREFUSED" || code === "ENOENT" ? null : "";
  } finally {
    socket.destroy();
  }
}

/** One for the path as it is written, and one for where it leads. In another root (a container) it is another path. */
function namesOf(directory: string): readonly string[] {
  const written = resolve(directory);
  const { dev, ino } = statSync(parse(written).root, { bigint: true });
  const names = new Set([written, leadsTo(written)]);
  return [...names].map((path) => {
    const hash = createHash("sha256").update(`${dev} ${ino} ${path}`).digest("hex").slice(0, 32);
    if (process.platform === "linux") return `\0lookpost-${hash}`;
    if (process.platform === "win32") return `\\\\.\\pipe\\lookpost-${hash}`;
    return join(tmpdir(), `lookpost-${hash}.sock`);
  });
}

/** Of a folder that is not there yet: where it will be. */
function leadsTo(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(leadsTo(above), basename(path));
  }
}

function taken(directory: string, holder: string): ReportError {
  const who = holder === "" ? "" : ` (${holder})`;
  return new ReportError(`Another lookpost service is already using the folder ${directory}${who}.`, {
    code: "config",
    advice:
      "Stop that one first, or name another folder under `store:`. `run`, `history`, `retry`, `resend` and `cancel` can be used while it runs. It has the folder also where that was moved or replaced meanwhile.",
  });
}
