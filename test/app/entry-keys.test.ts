import { expect, test } from "vitest";
import { destinationOf } from "../../src/app/destinations.ts";
import { language } from "../../src/app/language.ts";
import { readConfig } from "../../src/config/index.ts";
import { type OpenDestination, openDestination } from "../../src/core/ports/destination.ts";
import { entryKey } from "../../src/worker/delivery/entries.ts";

const env = { SMTP: "smtps://ana:hunter2@mail.example.com", TOKEN: "xoxb-hunter2", WHO: "ops@example.com" };

/** The keys of a report's entries, each as it is written in the YAML. */
function keysOf(deliver: readonly string[], changed: Partial<typeof env> = {}) {
  const text = `
version: 1
looker: { base_url: https://looker.example.com, client_id: id, client_secret: "\${TOKEN}" }
email: { smtp: "\${SMTP}", from: reports@example.com }
slack: { token: "\${TOKEN}" }
audiences: { desk: [ops@example.com, ana@example.com], channel: { slack: "#ops" } }
defaults: { timezone: UTC }
reports:
  weekly:
    schedule: "0 8 * * mon"
    look: 42
    deliver:
${deliver.map((one) => `      - ${one}`).join("\n")}`;
  const readFile = () => "";
  const read = readConfig(text, { file: "reports.yaml", env: { ...env, ...changed }, readFile, language });
  expect(read.problems).toEqual([]);
  const { connections = {}, reports = [] } = read.config ?? {};
  const destination = (kind: string): OpenDestination =>
    openDestination(destinationOf(kind), (connections as Record<string, unknown>)[kind] ?? null, {
      clock: { now: () => new Date(0), sleep: async () => undefined },
      directory: "/",
      redact: String,
      renderMail: () => ({ html: "", text: "" }),
      renderSlack: () => ({ text: "", blocks: [] }),
    });
  return (reports[0]?.deliver ?? []).map((one) => entryKey(one, { destination }));
}

const keyOf = (one: string, changed?: Partial<typeof env>) => keysOf([one], changed)[0];

test("an entry has one key, however it is spelt, wherever it is in the list, and whatever the secrets of its server are", () => {
  const plain = keyOf("{ email: ops@example.com, attach: csv }");
  for (const same of [
    "{ attach: [csv], email: [ops@example.com] }",
    "{ email: { to: ops@example.com }, attach: { csv: {} } }",
    "{ email: { cc: [], thread: false, to: [ops@example.com] }, attach: [{ csv: { delimiter: ',', bom: false } }] }",
    "{ email: '${WHO}', attach: csv }",
  ])
    expect(keyOf(same)).toEqual(plain);
  expect(keysOf(["{ slack: '#ops' }", "{ email: ops@example.com, attach: csv }"])[1]).toEqual(plain);
  const rotated = { SMTP: "smtps://ana:hunter3@other.example.com", TOKEN: "xoxb-hunter3" };
  expect(keyOf("{ email: ops@example.com, attach: csv }", rotated)).toEqual(plain);
  expect(keyOf("{ slack: ops }", rotated)).toEqual(keyOf("{ slack: { channel: '#ops' } }"));
});

test("an address is the same entry whether it is written there or comes from an audience", () => {
  expect(keyOf("{ email: desk, attach: csv }")).toEqual(
    keyOf("{ email: [ops@example.com, ana@example.com], attach: csv }"),
  );
  expect(keyOf("{ email: { to: desk } }")).toEqual(keyOf("desk"));
  expect(keyOf("{ slack: channel }")).toEqual(keyOf("{ slack: '#ops' }"));
});

test("another word, file or order of recipients is another entry of the same address", () => {
  const plain = keyOf("{ email: [ops@example.com, ana@example.com] }");
  for (const other of [
    "{ email: [ana@example.com, OPS@example.com] }",
    "{ email: { to: ops@example.com, bcc: ana@example.com } }",
    "{ email: [Ops <ops@example.com>, ana@example.com] }",
    "{ email: { to: [ops@example.com, ana@example.com], subject: '{{ report.name }}' } }",
    "{ email: [ops@example.com, ana@example.com], attach: csv }",
  ]) {
    const key = keyOf(other);
    expect(key?.identity).toBe(plain?.identity);
    expect(key?.entry).not.toBe(plain?.entry);
  }
});

/*
 * These are in the ledgers of services that run: a delivery that waits while its lookpost is replaced is found again by them. An option
 * that gets a default other than null, false or an empty list changes those of every entry, and of several to one address none could be
 * told from the others any more.
 */
test("the keys of entries are those of the lookpost before", () => {
  expect(
    keysOf([
      "{ email: ops@example.com, attach: [csv, xlsx, json, html, zip] }",
      "{ slack: '#ops', attach: csv }",
      "{ file: out }",
    ]).map(({ identity, entry }) => `${identity} ${entry}`),
  ).toMatchInlineSnapshot(`
    [
      "b449e6b363d977838c9aa5b8d7605b40 c779061d5f386046c3d6fa8da117d962",
      "131d12bf026db0c42d19bc955d32a539 bea44edd75260c2a9ee9fe0c07dfbd39",
      "6d17387f535b63606d1188aaedc60223 ca70ad9a7769d55fa2d5b12396e35f9e",
    ]
  `);
});
