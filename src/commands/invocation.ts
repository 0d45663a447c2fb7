import { existsSync, realpathSync } from "node:fs";
import { hostname } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { type CommandLine, PLAIN, shellWord, withCommands } from "../core/rules/command-line.ts";
import type { Io, Output } from "./io.ts";

/** How this process was called: what the system says of it. */
export interface Invocation {
  readonly env: Io["env"];
  /** process.argv[1]. */
  readonly script: string;
  /** process.execPath. */
  readonly node: string;
  readonly cwd: string;
  /** In a container its id, unless it was given another. */
  readonly host: string;
}

export function thisInvocation(): Invocation {
  const { env, argv, execPath } = process;
  return { env, script: argv[1] ?? "", node: execPath, cwd: process.cwd(), host: hostname() };
}

/** The one place that decides how commands are written: in notices, in the log, on the terminal. */
export function commandLineOf(call: Invocation, file: string | null): CommandLine {
  const { LOOKPOST_COMMAND: given, LOOKPOST_STORE: store = "" } = call.env;
  const isGiven = given !== undefined && given.trim() !== "";
  const line: CommandLine = {
    program: isGiven ? ofContainer(given.trim(), call) : programOf(call),
    // A URL may hold a password, and the command needs the environment of the service in any case.
    store: !isGiven && store.startsWith("file:") ? shellWord(store) : null,
    file: file === null || isFoundByItself(file, call) ? null : shellWord(resolve(call.cwd, file)),
    startsService: !isGiven,
  };
  // It has to fit into a line of JSON as it is.
  return /["\\\p{Cc}]/u.test(line.program + line.store + line.file) ? PLAIN : line;
}

/** What the image says is `docker exec {hostname} lookpost`; in Kubernetes the host's name is the pod's. */
function ofContainer(given: string, { env, host }: Invocation): string {
  const isPod = env.KUBERNETES_SERVICE_HOST !== undefined;
  const words = isPod ? given.replace(/^docker exec \{hostname\}/, "kubectl exec {hostname} --") : given;
  return words.replaceAll("{hostname}", host);
}

function isFoundByItself(file: string, { cwd }: Invocation): boolean {
  return resolve(cwd, file) === resolve(cwd, "reports.yaml");
}

/** npm says in its environment what it runs (https://docs.npmjs.com/cli/using-npm/scripts#environment). */
function programOf(call: Invocation): string {
  const { script, env } = call;
  const folder = dirname(script);
  if (env.npm_command === "exec" || /[/\\]node_modules[/\\]/.test(script)) return "npx lookpost";
  if (env.npm_lifecycle_event !== undefined)
    return env.npm_package_name === "lookpost" ? "npm run -s lookpost --" : "npx lookpost";
  if (basename(script) === "cli.js" || basename(script) === "cli.ts")
    return `${shellWord(nodeOf(call))} ${shellWord(script)}`;
  if (basename(script) !== "lookpost" || onPath(env).includes(folder)) return "lookpost";
  return shellWord(script);
}

/** "node" where a shell would take the same one. */
function nodeOf({ node, env }: Invocation): string {
  const first = onPath(env)
    .map((folder) => join(folder, "node"))
    .find((path) => existsSync(path));
  return first !== undefined && realpathSync(first) === realpathSync(node) ? "node" : node;
}

function onPath({ PATH = "" }: Io["env"]): readonly string[] {
  return PATH.split(delimiter).filter((folder) => folder !== "");
}

/** What is written to it has its commands as they are called here. `file` is asked each time: which one is used is known later. */
export function spellingIo(io: Io, call: Invocation, file: () => string | null): Io {
  const known = new Map<string | null, CommandLine>();
  const spell = (text: string) => {
    const line = known.get(file()) ?? commandLineOf(call, file());
    known.set(file(), line);
    return withCommands(text, line);
  };
  return { ...io, spell, verbatim: io.out, out: spelled(io.out, spell), err: spelled(io.err, spell) };
}

function spelled(output: Output, spell: (text: string) => string): Output {
  return {
    write: (text) => output.write(spell(text)),
    get isTTY() {
      return output.isTTY;
    },
    get columns() {
      return output.columns;
    },
  };
}
