import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { chartProblems } from "../../src/app/check.ts";
import { readReports } from "../../src/app/reports-file.ts";

const folder = mkdtempSync(join(tmpdir(), "lookpost-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

const INTER = createRequire(import.meta.url).resolve(
  "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
);

const env = { LOOKER_BASE_URL: "http://127.0.0.1:9", SMTP_URL: "smtp://127.0.0.1:9" };

function read(top: string, section: string) {
  const file = join(folder, "reports.yaml");
  writeFileSync(
    file,
    `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
${top}
reports:
  weekly:
    schedule: "0 8 * * mon"
    look: 42
    ${section}
    deliver: [{ email: ops@example.com }]
`,
  );
  return readReports(file, env);
}

const places = (problems: readonly { line: number; column: number; message: string }[]) =>
  problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

test("a font that exists and is one is not a problem, wherever the command is run", () => {
  writeFileSync(join(folder, "copy.ttf"), Buffer.from([0, 1, 0, 0, 0, 0]));
  expect(places(read(`fonts: [./copy.ttf, ${INTER}]`, "").problems)).toEqual([]);
});

test("a font that does not exist, or is something else, is reported where it is named", () => {
  writeFileSync(join(folder, "page.ttf"), "<!doctype html>");
  expect(places(read("fonts: [./copy.otf, ./page.ttf]", "").problems)).toEqual([
    "4:9 ./copy.otf does not exist",
    "4:21 ./page.ttf is not a TTF or OTF font",
  ]);
});

test("a chart's specification is compiled by check, and one that fetches is refused", async () => {
  const good = read("", "vega_lite: { mark: bar, encoding: { x: { field: a.b, type: nominal } } }").config;
  expect(good && (await chartProblems(good))).toEqual([]);
  const bad = read("", "vega_lite: { mark: bar, data: { url: http://127.0.0.1:9/x.json } }").config;
  const problems = bad === null ? [] : await chartProblems(bad);
  expect(problems).toMatchObject([
    { line: 9, report: "weekly", message: expect.stringContaining("vega_lite.data") },
  ]);
});

test("what recipients of signed links may not open is told before they try", () => {
  const file = join(folder, "embed.yaml");
  writeFileSync(
    file,
    `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", embed: { models: [faa], permissions: [access_data, see_looks] } }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
server: { port: 8080, url: https://lookpost.example.com }
defaults: { link: embed }
reports:
  good: { schedule: "0 8 * * mon", look: 42, deliver: [{ email: ops@example.com }] }
  mixed:
    schedule: "0 8 * * mon"
    sections:
      - dashboard: "faa::punctuality"
      - query: { model: sandbox, explore: generated, fields: [generated.id] }
    deliver: [{ email: ops@example.com }]
`,
  );
  expect(places(readReports(file, env).problems)).toEqual([
    "11:20 recipients of signed links may not open a LookML dashboard: looker.embed does not grant the permission see_lookml_dashboards",
    "12:9 recipients of signed links may not open a query: looker.embed does not grant the permission explore",
    "12:9 recipients of signed links may not open a query: looker.embed does not grant the model sandbox",
  ]);
});
