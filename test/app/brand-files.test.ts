import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterAll, expect, test } from "vitest";
import { readReports } from "../../src/app/reports-file.ts";

const folder = mkdtempSync(join(tmpdir(), "lookpost-brand-"));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { LOOKER_BASE_URL: "http://127.0.0.1:9", SMTP_URL: "smtp://127.0.0.1:9" };
const png = (width: number, height: number) => PNG.sync.write(new PNG({ width, height, fill: true }));
writeFileSync(join(folder, "logo.png"), png(320, 80));
writeFileSync(join(folder, "dark.png"), png(320, 80));
writeFileSync(join(folder, "tiny.png"), png(16, 16));
writeFileSync(join(folder, "large.png"), Buffer.concat([png(320, 80), Buffer.alloc(200_000)]));
writeFileSync(join(folder, "page.png"), "<!doctype html>");

function read(brand: string, ofReport = "") {
  const file = join(folder, "reports.yaml");
  writeFileSync(
    file,
    `version: 1
brand: ${brand}
looker: { base_url: "\${LOOKER_BASE_URL}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
reports:
  weekly:
    schedule: "0 8 * * mon"
    look: 42
    ${ofReport === "" ? "" : `brand: ${ofReport}`}
    deliver: [{ email: ops@example.com }]
`,
  );
  return readReports(file, env);
}

const places = (brand: string, ofReport?: string) =>
  read(brand, ofReport).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

test("a report has the file's brand, and its own over it, key by key", () => {
  const { config, problems } = read(
    '{ name: Acme, accent: "#7A1FA2", logo: { light: ./logo.png, dark: ./dark.png } }',
    '{ accent: "#07c", footer: Acme Ltd }',
  );
  expect(problems).toEqual([]);
  expect(config?.reports[0]?.brand).toEqual({
    name: "Acme",
    accent: "#0077cc",
    logo: { light: "./logo.png", dark: "./dark.png" },
    footer: "Acme Ltd",
  });
  expect(config?.brand).toMatchObject({ accent: "#7a1fa2" });
});

test.each([
  ["a colour that is none", "{ accent: teal }", '2:18 "teal" is not a colour'],
  [
    "a colour that is too light",
    '{ accent: "#ffcc00" }',
    "2:18 #ffcc00 has a contrast of 1.5 with white, and letters need 4.5",
  ],
  ["a file of another kind", "{ logo: ./logo.svg }", '2:16 "./logo.svg" is not a PNG, JPEG or GIF file'],
  ["a file that is not there", "{ logo: ./none.png }", "2:16 ./none.png does not exist"],
  [
    "a file that is something else",
    "{ logo: ./page.png }",
    "2:16 ./page.png is not a PNG, JPEG or GIF picture, the three that every mail program shows",
  ],
  [
    "a file that is too large",
    "{ logo: ./large.png }",
    "2:16 ./large.png has 201 kB, and every message carries it: at most 150 kB",
  ],
  ["a picture that is too small", "{ logo: ./tiny.png }", "2:16 ./tiny.png is 16 pixels high: at least 32"],
  [
    "one for dark screens that is not there",
    "{ logo: { light: ./logo.png, dark: ./none.png } }",
    "2:43 ./none.png does not exist",
  ],
])("%s is told where it is written", (_, brand, place) => {
  expect(places(brand)).toEqual([expect.stringContaining(place)]);
});

test("the nearest colour that can be read is named", () => {
  expect(read('{ accent: "#ffcc00" }').problems[0]?.advice).toMatch(
    /The nearest colour that can is "#[0-9a-f]{6}"/,
  );
});

test("a report's own logo is looked at too, and a shared one once", () => {
  expect(places("{ name: Acme }", "{ logo: ./none.png }")).toEqual(["9:20 ./none.png does not exist"]);
  expect(places("{ logo: ./none.png }", "{ name: Acme }")).toEqual(["2:16 ./none.png does not exist"]);
});
