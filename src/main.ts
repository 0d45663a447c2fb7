import { createRequire } from "node:module";
import { CommanderError } from "commander";
import { spellingIo, thisInvocation } from "./commands/invocation.ts";
import { FAILED, type Io, type Output, printError, safe, WRONG } from "./commands/io.ts";
import { commands } from "./commands/program.ts";
import { toReportError } from "./core/error.ts";

/** Exit codes: 0 done, 1 something failed, 2 the configuration or the call is wrong. */
async function main(argv: readonly string[], plain: Io): Promise<number> {
  let code = 0;
  let file: string | null = null;
  const io = spellingIo(plain, thisInvocation(), () => file);
  const program = commands(version(), io, (result) => {
    code = result;
  });
  program.hook("preAction", (_, command) => {
    file = command.name() === "check" ? command.processedArgs[0] : (command.opts().config ?? null);
  });
  try {
    await program.parseAsync(argv);
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : WRONG;
    const error = toReportError(thrown);
    printError(error, io);
    if (error.code === "local" && io.env.LOOKPOST_LOG_LEVEL === "debug") io.err.write(`${error.stack}\n`);
    return error.code === "config" ? WRONG : FAILED;
  }
}

/** Node 22 warns on every start that its SQLite is experimental: nothing that a user of lookpost can change. */
function withoutSqliteWarning(): void {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).startsWith("SQLite is an experimental feature"))
      Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
}

/** Ctrl-C and SIGTERM end in good order; a second one ends at once. */
function processIo(): Io {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) {
        process.stderr.write(
          "Stopped at once. A query may still be running in Looker; other workers can take over this one's work after 15 s.\n",
        );
        process.exit(FAILED);
      }
      stop.abort();
    });
  }
  for (const stream of [process.stdout, process.stderr]) stream.on("error", lostOutput);
  return { env: process.env, out: safely(process.stdout), err: safely(process.stderr), stop: stop.signal };
}

/** Whatever a command writes, nothing of it commands the terminal. */
function safely(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => stream.write(safe(text, stream)),
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
  };
}

/** The reader of the output has gone (`| head`), or its disk is full: that must not stop a run half-way. */
function lostOutput(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") process.exitCode = FAILED;
}

/** The package is one folder above both src and dist. */
function version(): string {
  const { version } = createRequire(import.meta.url)("../package.json") as { version: string };
  return version;
}

withoutSqliteWarning();
const code = await main(process.argv, processIo());
process.exitCode ||= code;
