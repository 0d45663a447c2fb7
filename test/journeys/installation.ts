import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const BUILT_FROM = ["src", "package.json", "tsconfig.json", "tsconfig.build.json", "rolldown.config.ts"];

/** A folder in which lookpost was built, with a Node of its own. */
export interface Installation {
  readonly folder: string;
  /** The command line of `lookpost` there. */
  readonly program: readonly string[];
  /** Takes away all that was installed: code, packages, and Node itself. As `npm ci` and `npm run build` begin. */
  empty(): void;
  /** Puts it there again, built once more. As they end. */
  fill(): void;
  remove(): void;
}

/** The packages are a link to those of the checkout, which Node is told not to look behind: once it is gone, so are they. */
export function installation(): Installation {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-installed-"));
  const [modules, node] = [join(folder, "node_modules"), join(folder, "node")];
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const fill = () => {
    for (const name of BUILT_FROM) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), modules);
    copyFileSync(process.execPath, node);
    const env = { ...process.env, PATH };
    execFileSync("npm", ["run", "--silent", "build"], { cwd: folder, env, stdio: "pipe" });
  };
  fill();
  const options = ["--preserve-symlinks", "--preserve-symlinks-main", "--max-semi-space-size=4"];
  return {
    folder,
    program: [node, ...options, join(folder, "dist/cli.js")],
    fill,
    empty() {
      rmSync(modules);
      for (const name of ["node", "dist", ...BUILT_FROM]) rmSync(join(folder, name), { recursive: true });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
