import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

/** The packages, and modules of Node's, that a process has loaded once it has imported a file of ours; with `later`, all that is declared too. */
function loadedBy(file: string, later: string | null = null): string[] {
  const all = later === null ? "" : `await (await import(${JSON.stringify(join(SRC, later))})).loadAll();`;
  const script = `
    import { registerHooks } from "node:module";
    const urls = new Set();
    registerHooks({ load: (url, context, next) => (urls.add(url), next(url, context)) });
    await import(${JSON.stringify(join(SRC, file))});

    ${all}
    console.log(JSON.stringify([...urls]));`;
  const urls = JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" }),
  );
  const names = urls.map(
    (url: string) => /^node:.+|(?<=\/node_modules\/)(?:@[^/]+\/)?[^/]+/.exec(url)?.[0] ?? "",
  );
  return [...new Set<string>(names)].filter((name) => name !== "").sort();
}

test("a service has loaded what every run, delivery and notice can need once it has loaded what it declares", () => {
  const loaded = loadedBy("commands/service/serve.ts", "core/later.ts");
  expect(loaded).toEqual(
    expect.arrayContaining([
      "@looker/sdk",
      "@slack/web-api",
      "csv-parse",
      "liquidjs",
      "mdast-util-from-markdown",
      "node-cron",
      "nodemailer",
      "yazl",
    ]),
  );
  // Its processes have these: they are a build's bundles, and not loaded here.
  const apart = ["zod", "yaml", "vega", "vega-lite"];
  // A store in Postgres loads these when it is opened, which is before the service is ready.
  const fleet = ["pg", "pg-boss"];
  expect(loaded.filter((name) => [...apart, ...fleet].includes(name))).toEqual([]);
});

test("our own code does not import node:http: that reads each of its exports, and one of them loads the whole of undici", () => {
  const loaded = loadedBy("commands/service/serve.ts");
  expect(loaded.filter((name) => name === "node:http" || name === "node:https")).toEqual([]);
});

test("a command that asks the ledger alone loads little of what carries reports out", () => {
  const loaded = loadedBy("commands/history/history.ts");
  const heavy = ["@looker/sdk", "@slack/web-api", "csv-parse", "nodemailer", "pg", "yazl"];
  expect(loaded.filter((name) => heavy.includes(name))).toEqual([]);
});

test("the list of commands is shown without loading any of them", () => {
  expect(loadedBy("commands/program.ts")).toContain("commander");
  expect(loadedBy("commands/program.ts").filter((name) => !name.startsWith("node:"))).toEqual(["commander"]);
});

test.each([
  "deliver/slack/calls.ts",
  "deliver/email/send.ts",
  "looker/http/sdk.ts",
  "render/mail/mail.ts",
  "render/slack/slack.ts",
])("%s carries a report out without what reads reports.yaml", (file) => {
  expect(loadedBy(file).filter((name) => name === "zod" || name === "yaml")).toEqual([]);
});
