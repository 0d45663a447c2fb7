import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { commandLineOf, type Invocation, spellingIo } from "../../src/commands/invocation.ts";
import { withCommands } from "../../src/core/rules/command-line.ts";

const CALLED: Invocation = {
  env: { PATH: "/usr/local/bin:/usr/bin" },
  script: "/usr/local/bin/lookpost",
  node: process.execPath,
  cwd: "/srv/reports",
  host: "0a1b2c3d4e5f",
};

const NPM = { npm_command: "run", npm_lifecycle_event: "lookpost", npm_package_name: "lookpost" };

function written(text: string, call: Partial<Invocation>, file: string | null = "reports.yaml"): string {
  return withCommands(text, commandLineOf({ ...CALLED, ...call }, file));
}

test.each<readonly [string, Partial<Invocation>, string]>([
  ["on the path", {}, "lookpost retry RUN"],
  ["elsewhere", { script: "/opt/my tools/lookpost" }, "'/opt/my tools/lookpost' retry RUN"],
  ["from a checkout", { script: "/src/lookpost/src/cli.ts", env: NPM }, "npm run -s lookpost -- retry RUN"],
  [
    "by the checkout's demo",
    { script: "/src/lookpost/src/cli.ts", env: { ...NPM, npm_lifecycle_event: "demo" } },
    "npm run -s lookpost -- retry RUN",
  ],
  ["by npx", { env: { npm_command: "exec", npm_lifecycle_event: "npx" } }, "npx lookpost retry RUN"],
  [
    "by a script of another package",
    { script: "/app/node_modules/.bin/lookpost", env: { npm_command: "run", npm_package_name: "app" } },
    "npx lookpost retry RUN",
  ],
  [
    "in the image",
    { env: { LOOKPOST_COMMAND: "docker exec {hostname} lookpost", LOOKPOST_STORE: "file:/data" } },
    "docker exec 0a1b2c3d4e5f lookpost retry RUN",
  ],
  [
    "in a pod",
    {
      env: { LOOKPOST_COMMAND: "docker exec {hostname} lookpost", KUBERNETES_SERVICE_HOST: "10.0.0.1" },
      host: "lookpost-7d9f",
    },
    "kubectl exec lookpost-7d9f -- lookpost retry RUN",
  ],
  ["as a person wants it", { env: { LOOKPOST_COMMAND: "sudo lookpost" } }, "sudo lookpost retry RUN"],
  [
    "on a store of the environment",
    { env: { PATH: "/usr/local/bin", LOOKPOST_STORE: "file:/var/lib/lookpost" } },
    "LOOKPOST_STORE=file:/var/lib/lookpost lookpost retry RUN",
  ],
  [
    "on a database of the environment, whose URL holds a password",
    { env: { PATH: "/usr/local/bin", LOOKPOST_STORE: "postgres://u:secret@db/lookpost" } },
    "lookpost retry RUN",
  ],
])("a command is written as it is called %s", (_, call, command) => {
  expect(written("Then: lookpost retry RUN", call)).toBe(`Then: ${command}`);
});

test("node is named as a shell would find the same one", () => {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-path-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const script = "/opt/lookpost/dist/cli.js";
  expect(written("lookpost history", { script, env: { PATH: folder } })).toBe(
    `${process.execPath} ${script} history`,
  );
  symlinkSync(process.execPath, join(folder, "node"));
  expect(written("lookpost history", { script, env: { PATH: folder } })).toBe(`node ${script} history`);
});

test("a file that is not found by itself is named, whatever the folder", () => {
  const file = (name: string) => written("lookpost retry RUN, lookpost check, lookpost schema", {}, name);
  expect(file("reports.yaml")).toBe("lookpost retry RUN, lookpost check, lookpost schema");
  expect(file("/srv/reports/reports.yaml")).toBe("lookpost retry RUN, lookpost check, lookpost schema");
  expect(file("staging.yaml")).toBe(
    "lookpost retry --config /srv/reports/staging.yaml RUN, lookpost check /srv/reports/staging.yaml, lookpost schema",
  );
});

test("only commands are written so, each once", () => {
  const line = { env: { LOOKPOST_COMMAND: "docker exec box lookpost" } };
  for (const words of ["the user lookpost runs as", "start lookpost", "a lookpost-worker", "LOOKPOST_STORE"])
    expect(written(words, line)).toBe(words);
  const once = written("`lookpost history --run ID`", line);
  expect(once).toBe("`docker exec box lookpost history --run ID`");
  // The service of a container is started by what runs the container.
  expect(written("until one is started: `lookpost start`", line)).toContain("`lookpost start`");
});

test("what would not fit into a line of JSON is left as it was", () => {
  expect(written("lookpost retry RUN", { env: { LOOKPOST_COMMAND: 'sh -c "lookpost"' } })).toBe(
    "lookpost retry RUN",
  );
});

test("what a command writes goes through it, with the file that is known by then", () => {
  const lines: string[] = [];
  const out = { write: (text: string) => lines.push(text), columns: 80 };
  let file: string | null = null;
  const io = spellingIo({ env: {}, out, err: out, stop: new AbortController().signal }, CALLED, () => file);
  io.out.write("lookpost history\n");
  file = "/etc/lookpost/reports.yaml";
  io.err.write("lookpost history\n");
  expect(lines).toEqual(["lookpost history\n", "lookpost history --config /etc/lookpost/reports.yaml\n"]);
  expect(io.out.columns).toBe(80);
  expect(io.spell?.("lookpost next")).toBe("lookpost next --config /etc/lookpost/reports.yaml");
});
