import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix, relative, resolve } from "node:path";

/**
 * The rules of the house that a linter does not know: what a room may import, how full a folder is, and that a name means one thing.
 * Circles, the length of files and of functions are the linter's (`biome.json`).
 */

const FILES_MAX = 25;
/** This many files of one folder that begin with the same word are a folder. */
const PREFIX_SHARED_BY = 4;

/** What a room may import besides itself and what no list holds: packages. Any other room imports `core` alone. */
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
  "cli.ts": ["commands", "core"],
};

const WHY: Record<string, string> = {
  core: "core is pure: it imports no room and nothing of Node's. Time, randomness, environment and I/O arrive as arguments",
  sandbox:
    "the sandbox imports no other room, not even core: a stand-in that shares code with what it tests proves nothing",
  commands: "commands go through app",
};

/** A file of `src/`: its path there, with slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every broken rule as a sentence that begins with the place. */
export function brokenRules(files: readonly SourceFile[]): string[] {
  return [
    ...files.flatMap(wrongImports),
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
      ([folder, names]) => `${folder} holds ${names.length} files: more than ${FILES_MAX} are two folders`,
    );
}

function sharedPrefixes(files: readonly SourceFile[]): string[] {
  return [...byFolder(files)].flatMap(([folder, names]) =>
    [...grouped(names.map((name) => [name.split("-")[0] ?? "", name]))]
      .filter(([, sharing]) => sharing.length >= PREFIX_SHARED_BY)
      .map(
        ([prefix, sharing]) => `${folder}: ${sharing.length} files begin with ${prefix}: they are a folder`,
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
    .map(([name, paths]) => `${name} means ${paths.length} things: ${paths.join(", ")}`);
}

function byFolder(files: readonly SourceFile[]): Map<string, string[]> {
  return grouped(files.map(({ path }) => [posix.dirname(path), posix.basename(path, ".ts")]));
}

function grouped(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

/** Reads `src/` below a folder. */
export function readSource(root: string): SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ path: name.replaceAll("\\", "/"), text: readFileSync(join(root, name), "utf8") }));
}

/** Folders of `test/` that mirror none of `src/`, beyond those that test the whole. */
export function strayTests(root: string, whole: readonly string[]): string[] {
  const tests = join(root, "test");
  const folders = readdirSync(tests, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => dirname(name));
  return [...new Set(folders)]
    .filter(
      (folder) => folder !== "." && !whole.includes(roomOf(folder)) && !existsSync(join(root, "src", folder)),
    )
    .map((folder) => `test/${folder} mirrors no folder of src/`);
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, "..");
  const whole = ["journeys", "look", "chaos", "checks", "bench"];
  const broken = [...brokenRules(readSource(join(root, "src"))), ...strayTests(root, whole)];
  for (const rule of broken) console.error(rule);
  if (broken.length > 0)
    console.error(`${relative(process.cwd(), root) || basename(root)}: ${broken.length} broken rules`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}
