import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonSchema, language, reference } from "../../src/app/language.ts";
import { readReports } from "../../src/app/reports-file.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { jsonLines, run, temporaryFolder } from "./program.ts";

const ROOT = join(import.meta.dirname, "../..");
const TARGET = join(ROOT, "../shared/reports.target.yaml");
const EXAMPLES = readdirSync(join(ROOT, "examples")).filter((name) => name.endsWith(".yaml"));

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ queryMs: 5 });
});
afterAll(() => sandbox.close());

test("reports.schema.json and the reference are those of the schema (`npm run docs` writes them anew)", () => {
  const schema = JSON.parse(readFileSync(join(ROOT, "reports.schema.json"), "utf8"));
  expect(schema).toEqual(JSON.parse(JSON.stringify(jsonSchema(language))));
  expect(readFileSync(join(ROOT, "docs/reports.yaml.md"), "utf8")).toBe(reference(language));
});

test.each(EXAMPLES)("examples/%s checks without problems and runs", async (name) => {
  const folder = temporaryFolder();
  const file = join(folder, name);
  copyFileSync(join(ROOT, "examples", name), file);
  const { config, problems } = readReports(file, sandbox.env);
  expect(problems).toEqual([]);
  for (const report of config?.reports ?? []) {
    const { code, out } = await run(["run", report.name, "--config", file, "--json"], sandbox.env, folder);
    const lines = jsonLines(out);
    expect(lines.at(-1)).toMatchObject({ type: "run", report: report.name, status: "delivered" });
    expect(code).toBe(0);
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

test.skipIf(!existsSync(TARGET))(
  "of the language to come, what is not built yet is said to be so (skipped where ../shared is absent)",
  () => {
    const env = {
      ...sandbox.env,
      DATABASE_URL: "",
      HOOK_URL: "x",
      HOOK_SECRET: "x",
      CHAT_URL: "x",
      TEAMS_URL: "x",
    };
    const { problems } = readReports(TARGET, env);
    expect(problems.length).toBeGreaterThan(10);
    expect(
      problems
        .filter(({ message }) => !/not supported by this version/.test(message))
        .map((one) => one.message),
    ).toEqual([]);
  },
);
