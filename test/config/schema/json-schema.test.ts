import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { jsonSchema, reference } from "../../../src/config/index.ts";
import { HEAD, withReport } from "../file.ts";
import { language } from "../language.ts";

const schema = jsonSchema(language);
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
const accepts = (text: string) => validate(parse(text, { merge: true }));

test.each([
  ["the short form", withReport("filters: { a.b: 1, a.c: true }")],
  [
    "sections and options",
    withReport(
      "sections: [{ query: saved }]\ndeliver: [{ email: { to: [a@example.com] }, attach: [csv, { csv: { bom: true } }] }]",
    ),
  ],
  [
    "references where numbers are wanted",
    withReport('limit: "${LIMIT}"', HEAD.replace("looker: {", 'looker: { port: "${PORT}",')),
  ],
  [
    "what is to be done when something goes wrong",
    withReport(
      'catch_up: all\nretry: { tries: 3 }\non_unknown: resend\nexpect_by: 09:30\non_failure: [{ slack: "#ops" }]',
      `${HEAD}store: "\${DATABASE_URL}"\nkeep: 90d\nheartbeat: https://hc-ping.com/1\nserver: 8080\ndefaults: { retry: none, on_failure: { slack: "#ops" } }\n`,
    ),
  ],
  [
    "every way of showing a result",
    withReport(
      `link: none
sections:
  - { look: 1, text: "*Words*", highlight: { a.b: "> 5%" }, attach: [xlsx, { csv: { raw: true } }] }
  - { look: 2, kpi: a.b, compare: year, history: { look: 3, date: a.day, value: a.b } }
  - { look: 4, chart: { mark: arc, x: a.name, y: [a.b, a.c], color: a.kind } }
  - { look: 5, vega_lite: { mark: bar, encoding: { x: { field: a.day } } } }
  - { look: 6, show: image, width: 800, height: 400 }
  - { look: 7, show: changes, key: [a.name] }
  - { dashboard: 8, attach: pdf }`,
      `${HEAD}fonts: [./a.ttf]\nserver: { port: 1, url: https://example.com }\ndefaults: { link: looker }\n`,
    ),
  ],
  [
    "a home for anchors",
    withReport("deliver: *people", `${HEAD}x-people: &people [{ email: a@example.com }]\n`),
  ],
])("an editor takes %s", (_what, text) => {
  expect(accepts(text), JSON.stringify(validate.errors)).toBe(true);
});

test.each([
  "unknown-key",
  "unknown-key-top-level",
  "unknown-key-option",
  "wrong-type-limit",
  "wrong-choice",
  "content-neither",
  "content-both",
  "deliver-empty",
  "destination-none",
  "destination-unknown",
  "destination-two-in-one",
  "attach-unknown",
  "schedule-missing",
  "version-missing",
  "version-2",
  "report-name",
  "reports-missing",
  "rows-too-many",
  "filter-list",
  "catch-up",
  "retry-word",
  "retry-number",
  "retry-tries",
  "retry-unknown-key",
  "on-unknown",
  "on-failure-text",
  "on-failure-attach",
  "on-failure-two-in-one",
  "on-failure-no-destination",
  "defaults-on-failure-misspelt",
  "store-long-form",
  "keep-unknown-key",
  "server-port",
  "server-without-port",
  "show-misspelt",
  "compare-misspelt",
  "chart-mark",
  "chart-without-y",
  "chart-y-empty",
  "chart-vega-lite-in-it",
  "chart-text",
  "history-without-content",
  "history-both",
  "history-without-date",
  "history-of-dashboard",
  "key-empty",
  "kpi-list",
  "width-too-large",
  "attach-in-report",
  "attach-in-section-misspelt",
  "link-misspelt",
  "fonts-empty",
  "text-empty",
  "sections-text-alone",
])("an editor marks bad/%s.yaml", (name) => {
  expect(accepts(readFileSync(new URL(`../bad/${name}.yaml`, import.meta.url), "utf8"))).toBe(false);
});

test("nothing of our own notation is left in the schema", () => {
  expect(JSON.stringify(schema)).not.toMatch(/"(secret|variable|wants|otherwise)":/);
});

test("the reference names every key of the language with its type, default and description", () => {
  const page = reference(language);
  expect(page).toContain(
    "| `send_if` | `always`, `has_results`, `no_results` | `defaults.send_if, always` |",
  );
  expect(page).toContain("| `client_secret` | text | required | *Secret.* Client secret of the API key. |");
  expect(page).toContain("| `reports` | a mapping | required |");
  expect(page).toContain("| `bom` | `true` or `false` | `false` |");
  expect(page).toContain("| `tries` | a whole number | `defaults.retry, 6` |");
  expect(page).toContain("| `files` | text | `7d` |");
  expect(page).toContain("| `heartbeat` | text |  | *Hidden in all output.* URL to ping");
  expect(page).toContain("Either text or a list of text or a mapping.");
});

test("the reference leaves no key of the schema out", () => {
  const page = reference(language);
  const missing = [...keysOf(schema)].filter((key) => !page.includes(`\`${key}\``));
  expect(missing).toEqual([]);
});

function keysOf(json: unknown): Set<string> {
  if (typeof json !== "object" || json === null) return new Set();
  const own = "properties" in json ? Object.keys(json.properties as object) : [];
  return new Set([...own, ...Object.values(json).flatMap((child) => [...keysOf(child)])]);
}
