import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "..");
const run = promisify(execFile);

/** What is built, and the packages that it needs, in a folder of its own, as on a machine that it is deployed to. */
export interface Program {
  /** The file to start with Node. */
  readonly cli: string;
  /** Takes the files away under those who run, as `npm ci && npm run build` does. */
  remove(): void;
  /** Puts them there again. */
  install(): Promise<void>;
}

/** `npm run build` comes first. Rejects where it has not. */
export async function installProgram(folder: string): Promise<Program> {
  if (!existsSync(join(ROOT, "dist/cli.js")))
    throw new Error("There is no dist/: run `npm run build` first, or leave out --ordeals upgrade.");
  const packages = await neededPackages();
  const here = join(folder, "program");
  let removals = 0;
  async function install(): Promise<void> {
    mkdirSync(here, { recursive: true });
    await copy(join(ROOT, "package.json"), here);
    for (const one of packages) await copy(one, dirname(join(here, relative(ROOT, one))));
    for (const name of ["dist", "fonts"]) await copy(join(ROOT, name), here);
  }
  await install();
  return {
    cli: join(here, "dist/cli.js"),
    install,
    remove() {
      removals += 1;
      // Renamed first: from one moment to the next nothing is there any more.
      const gone = join(folder, `program-${removals}`);
      renameSync(here, gone);
      rmSync(gone, { recursive: true, force: true });
    },
  };
}

/** Of production, without those within others: they come with those. */
async function neededPackages(): Promise<readonly string[]> {
  const listed = await run("npm", ["ls", "--omit=dev", "--all", "--parseable"], { cwd: ROOT }).catch(
    // What is not as the lock file says is listed all the same.
    (thrown: { stdout?: string }) => ({ stdout: thrown.stdout ?? "" }),
  );
  const all = listed.stdout.split("\n").filter((path) => path.startsWith(join(ROOT, "node_modules")));
  return all.filter((path) => !all.some((other) => path.startsWith(`${other}/`)));
}

/** With hard links where that can be done: nothing is written into them. */
async function copy(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  await run("cp", ["-al", from, to]).catch(() => run("cp", ["-a", from, to]));
}
