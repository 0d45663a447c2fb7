import { readFileSync } from "node:fs";
import { simpleParser } from "mailparser";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { readReports } from "../../../src/app/reports-file.ts";
import { runCommand } from "../../../src/commands/run/run.ts";
import { serve } from "../../../src/commands/service/serve.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { type Desk, openDesk, until } from "../house.ts";

/** Everybody but the log's reader reaches the service by this address. */
const PUBLIC = "https://lookpost.example.com";

const REPORTS = `version: 1
looker:
  base_url: "\${LOOKER_BASE_URL}"
  client_id: "\${LOOKER_CLIENT_ID}"
  client_secret: "\${LOOKER_CLIENT_SECRET}"
  embed: { models: [faa], permissions: [access_data, see_looks, explore] }
email: { smtp: "\${SMTP_URL}", from: reports@example.com, attach_max: 10kB }
server: { port: 0, url: "${PUBLIC}" }
defaults: { timezone: America/New_York }
reports:
  weekly:
    title: Weekly delays
    owner: data@example.com
    schedule: "0 8 * * mon"
    query: { model: faa, explore: flights, fields: [flights.id, flights.origin, flights.date_date], limit: 4000 }
    rows: 5
    link: embed
    deliver: [{ email: ops@example.com, attach: json }]
`;

let desk: Desk;
let sandbox: Sandbox;
let url: string;

/** A service that runs in this process until the test is over. */
beforeEach(async () => {
  sandbox = await startSandbox({ queryMs: 5 });
  desk = await openDesk(REPORTS, sandbox.env);
  const stop = new AbortController();
  let log = "";
  const write = (text: string) => {
    log += text;
  };
  const io = { ...desk.io, out: { write }, stop: stop.signal };
  const ended = serve({ ...readReports(desk.config, io.env), stamp: "" }, 1_000, io);
  onTestFinished(async () => {
    stop.abort();
    await ended;
    await sandbox.close();
  });
  await until(() => log.includes('"started"'));
  const lines = log
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const door = lines.find(({ msg }) => msg === "answers /healthz and /readyz");
  expect(door).toMatchObject({ recipients: PUBLIC });
  url = String(door?.url);
});

/** The links of the one email that arrived. */
async function links(): Promise<string[]> {
  expect(await runCommand("weekly", { config: desk.config }, desk.io)).toBe(0);
  const [mail] = await sandbox.smtp.messages();
  const { html } = await simpleParser(readFileSync(mail?.file ?? ""));
  const found = String(html).matchAll(/href="([^"]+)"/g);
  return [...new Set([...found].map(([, href]) => href ?? ""))];
}

const here = (link: string) => link.replace(PUBLIC, url);

test("a file that is too large to be attached is fetched from the service", async () => {
  const link = (await links()).find((href) => href.startsWith(`${PUBLIC}/files/`)) ?? "";
  const page = await (await fetch(here(link))).text();
  expect(page).toContain("Weekly delays");
  expect(page).toContain("data@example.com");
  const href = /class="get" href="([^"]+)"/.exec(page)?.[1] ?? "";
  const response = await fetch(new URL(href, here(link)));
  expect(response.headers.get("content-disposition")).toContain("attachment; filename=");
  const body = Buffer.from(await response.arrayBuffer());
  expect(String(body.length)).toBe(response.headers.get("content-length"));
  expect(body.length).toBeGreaterThan(10_000);
});

test("a person without an account at Looker opens the Look in a session of its own at each click", async () => {
  const all = await links();
  const link = here(all.find((href) => href.startsWith(`${PUBLIC}/open/`)) ?? "");
  const page = await (await fetch(link)).text();
  expect(page).toContain("Weekly delays");
  const click = () => fetch(link, { method: "POST", redirect: "manual" });
  const clicks = [await click(), await click()];
  const places = clicks.map((response) => response.headers.get("location") ?? "");
  expect(clicks.map(({ status }) => status)).toEqual([303, 303]);
  expect(new Set(places).size).toBe(2);
  for (const place of places) expect((await fetch(place)).status).toBe(200);
});
