import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

/** The packages, and modules of Node's, that a process has loaded once it has imported a file of ours. */
function loadedBy(file: string): string[] {
  const script = `
    import { registerHooks } from "node:module";
    const urls = new Set();
    registerHooks({ load: (url, context, next) => (urls.add(url), next(url, context)) });
    await import(${JSON.stringify(join(SRC, file))});
    console.log(JSON.stringify([...urls]));`;
  const urls = JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" }),
  );
  const names = urls.map(
    (url: string) => /^node:.+|(?<=\/node_modules\/)(?:@[^/]+\/)?[^/]+/.exec(url)?.[0] ?? "",
  );
  return [...new Set<string>(names)].filter((name) => name !== "").sort();
}

test("a service that waits for its first tick has loaded neither what reads reports.yaml nor what sends", () => {
  const loaded = loadedBy("commands/service/serve.ts");
  expect(loaded).toContain("node-cron");
  const heavy = [
    "zod",
    "yaml",
    "nodemailer",
    "@slack/web-api",
    "@looker/sdk",
    "hono",
    "csv-parse",
    "pg",
    "pg-boss",
    "vega",
    "vega-lite",
    "@resvg/resvg-js",
    "liquidjs",
    "yazl",
    "mdast-util-from-markdown",
  ];
  expect(loaded.filter((name) => heavy.includes(name))).toEqual([]);
  // Their import reads each of their exports, and one of them loads the whole of undici.
  expect(loaded.filter((name) => name === "node:http" || name === "node:https")).toEqual([]);
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
