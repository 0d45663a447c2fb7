import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { temporaryFolder } from "./program.ts";

const ROOT = join(import.meta.dirname, "../..");
const BUILT_FROM = [
  "src",
  "fonts",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "rolldown.config.ts",
];

/** A folder in which lookpost was built, to install it from as often as needed. */
export interface Build {
  readonly folder: string;
  remove(): void;
}

export function build(): Build {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-built-"));
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  for (const name of BUILT_FROM) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const env = { ...process.env, PATH };
  execFileSync("npm", ["run", "--silent", "build"], { cwd: folder, env, stdio: "pipe" });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What was built, with a Node of its own; it is there until the test is over. */
export interface Installation {
  /** The command line of `lookpost` there. */
  readonly program: readonly string[];
  /** Takes away all that was installed: code, packages, and Node itself. As `npm ci` and `npm run build` begin. */
  empty(): void;
  /** Puts other files in their place. As they end. */
  fill(): void;
}

/** The packages are a link to those of the checkout, which Node is told not to look behind: once it is gone, so are they. */
export function installation(built: Build): Installation {
  const folder = temporaryFolder();
  const [modules, node] = [join(folder, "node_modules"), join(folder, "node")];
  const files = ["dist", ...BUILT_FROM];
  const fill = () => {
    for (const name of files) cpSync(join(built.folder, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), modules);
    copyFileSync(process.execPath, node);
  };
  fill();
  const options = ["--preserve-symlinks", "--preserve-symlinks-main", "--max-semi-space-size=4"];
  return {
    program: [node, ...options, join(folder, "dist/cli.js")],
    fill,
    empty() {
      rmSync(modules);
      for (const name of ["node", ...files]) rmSync(join(folder, name), { recursive: true });
    },
  };
}
