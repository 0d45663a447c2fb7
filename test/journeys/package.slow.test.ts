import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const { engines, scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const NEEDED = engines.node.replace(">=", "");

const ENV = {
  PATH: process.env.PATH ?? "",
  LOOKER_BASE_URL: "https://looker.example.com",
  LOOKER_CLIENT_ID: "id",
  LOOKER_CLIENT_SECRET: "secret-of-looker",
  SMTP_URL: "smtp://127.0.0.1:2525",
};

let home: string;
/** Where the package is installed. */
let installed: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "lookpost-package-"));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", home], { cwd: ROOT, stdio: "pipe" });
  const modules = join(home, "node_modules");
  installed = join(modules, "lookpost");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["xzf", join(home, "lookpost-0.1.0.tgz"), "-C", installed, "--strip-components=1"]);
  for (const name of productionPackages()) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
}, 300_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What npm installs with the package: nothing that only its development needs. */
function productionPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  return Object.entries<{ dev?: boolean }>(packages)
    .filter(([path, { dev }]) => /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) && dev !== true)
    .map(([path]) => path.replace("node_modules/", ""))
    .filter((name) => existsSync(join(ROOT, "node_modules", name)));
}

function run(args: readonly string[], options: readonly string[] = []) {
  const cli = join(installed, "dist/cli.js");
  return spawnSync(process.execPath, [...options, cli, ...args], { cwd: home, env: ENV, encoding: "utf8" });
}

describe("the package", () => {
  test("carries what the README and the documents link to, and nothing of the checkout beyond that", () => {
    const pages = [
      "README.md",
      "CONTRIBUTING.md",
      "ARCHITECTURE.md",
      "docs/operations.md",
      "docs/digests.md",
      "docs/development/README.md",
    ];
    const links = pages.flatMap((page) =>
      [...readFileSync(join(installed, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
        ([, path = ""]) => normalize(join(dirname(page), path)),
      ),
    );
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((path) => !existsSync(join(installed, path)))).toEqual([]);
    for (const path of ["src", "test", "bench", "chaos", "dist/sandbox", "Dockerfile"])
      expect(existsSync(join(installed, path)), path).toBe(false);
  });

  test("says its version and its schema", () => {
    expect(run(["--version"])).toMatchObject({ status: 0, stdout: "0.1.0\n", stderr: "" });
    const schema = run(["schema"]);
    expect(schema.stdout).toBe(readFileSync(join(installed, "reports.schema.json"), "utf8"));
    expect(schema.status).toBe(0);
  });

  test("checks a file, lists its ticks and its history", () => {
    const file = join(installed, "examples/look-by-email.yaml");
    expect(run(["check", file])).toMatchObject({ status: 0, stderr: "" });
    // In a week in which New York changes its clocks, that is said.
    const next = {
      status: 0,
      stderr: expect.stringMatching(/^Cannot tell .*There is no ledger at .+\n(?:The clocks of .+\n)?$/),
    };
    expect(run(["next", "--config", file])).toMatchObject(next);
    expect(run(["history", "--config", file])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("There is no ledger at "),
    });
  });

  test.each(["demo", "sandbox"])("says in one sentence where to run %s", (command) => {
    expect(run([command])).toMatchObject({
      status: 2,
      stderr:
        "The sandbox is not part of this installation.\n  Run it from a checkout of lookpost, after `npm ci`.\n",
    });
  });
});

describe("an older Node", () => {
  const SENTENCE = `lookpost needs Node ${NEEDED} or later; this is 20.20.2.\n`;

  /** What makes this Node say that it is another one. */
  function saysItIs(version: string): string[] {
    const file = join(home, `says-${version}.cjs`);
    writeFileSync(
      file,
      `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`,
    );
    return ["--require", file];
  }

  test.each([["--version"], ["check"], ["start"], ["no-such-command"]])(
    "is told so by %s of the package",
    (...args) => {
      expect(run(args, saysItIs("20.20.2"))).toMatchObject({ status: 2, stdout: "", stderr: SENTENCE });
    },
  );

  const STARTING = ["chaos", "check", "coverage", "demo", "docs", "lookpost", "mutate"];

  test("is told so by every script that starts our TypeScript, before it comes to that", () => {
    const ours = Object.entries<string>(scripts).filter(([, script]) => /^node .*needs-node/.test(script));
    expect(ours.map(([name]) => name).sort()).toEqual(STARTING);
    for (const [name, script] of ours) {
      const [first = ""] = script.split(" && ");
      const { status, stderr } = spawnSync(
        process.execPath,
        [...saysItIs("20.20.2"), ...first.split(" ").slice(1)],
        {
          cwd: ROOT,
          encoding: "utf8",
        },
      );
      expect({ status, stderr }, name).toEqual({ status: 2, stderr: SENTENCE });
    }
  });

  test.each([
    ["22.17.1", 2],
    ["22.18.0", 0],
    ["24.0.0", 0],
  ])("is older than package.json asks for: %s ends with %i", (version, status) => {
    expect(run(["--version"], saysItIs(version)).status).toBe(status);
  });
});

test("the source asks for no syntax that the oldest Node of package.json lacks: `using` came with 24", () => {
  const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
  const using = files.filter(
    (file) => file.endsWith(".ts") && /\busing \w+ =/.test(readFileSync(join(ROOT, "src", file), "utf8")),
  );
  expect(using).toEqual([]);
});
