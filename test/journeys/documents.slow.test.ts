import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonSchema, language, reference } from "../../src/app/language.ts";
import { readReports } from "../../src/app/reports-file.ts";
import { runCommand } from "../../src/commands/run/run.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { jsonLines, run, temporaryFolder } from "./program.ts";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLES = readdirSync(join(ROOT, "examples")).filter((name) => name.endsWith(".yaml"));

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ queryMs: 5 });
});
afterAll(() => sandbox.close());

test("reports.schema.json and the reference are those of the schema (`npm run docs` writes them)", () => {
  const schema = JSON.parse(readFileSync(join(ROOT, "reports.schema.json"), "utf8"));
  expect(schema).toEqual(JSON.parse(JSON.stringify(jsonSchema(language))));
  expect(readFileSync(join(ROOT, "docs/reports.yaml.md"), "utf8")).toBe(reference(language));
});

test.each(EXAMPLES)("examples/%s checks without problems and runs", async (name) => {
  const folder = temporaryFolder();
  const file = join(folder, name);
  // With the files that some include.
  cpSync(join(ROOT, "examples"), folder, { recursive: true });
  const { config, problems } = readReports(file, sandbox.env);
  expect(problems).toEqual([]);
  for (const { name: report } of config?.reports ?? []) {
    // In this process: to start the program for each report takes longer than the reports.
    const said = { out: "", err: "" };
    const writing = (to: "out" | "err") => ({
      write: (text: string) => {
        said[to] += text;
      },
    });
    const { signal } = new AbortController();
    const io = { env: sandbox.env, out: writing("out"), err: writing("err"), stop: signal };
    expect(await runCommand(report, { config: file, json: true }, io), said.err).toBe(0);
    expect(jsonLines(said.out).at(-1)).toMatchObject({ type: "run", report, status: "delivered" });
  }
});

test("the report in ten lines of the README is one", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, yaml = ""] = /```yaml\n([\s\S]+?)```/.exec(readme) ?? [];
  expect(yaml).toContain("reports:");
  expect(readFileSync(join(ROOT, "examples/look-by-email.yaml"), "utf8")).toContain(yaml);
});

test("every command the README names exists, and the other way round", async () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const table = /\| command \| what it does \|\n([\s\S]+?)\n\n/.exec(readme)?.[1] ?? "";
  const named = [...table.matchAll(/`([a-z-]+)[^`]*`(?=[^|]*\|)/g)].map((match) => match[1]);
  const { out } = await run(["--help"]);
  const real = [...out.matchAll(/^ {2}([a-z-]+) .*/gm)]
    .map((match) => match[1])
    .filter((name) => name !== "help" && name !== "lookpost");
  expect(new Set(named)).toEqual(new Set(real));
});
