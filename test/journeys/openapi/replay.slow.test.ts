import { existsSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { simpleParser } from "mailparser";
import { expect, onTestFinished, test } from "vitest";
import { startSandboxMail } from "../../../src/sandbox/mail/server.ts";
import { sendJson } from "../../looker/house.ts";
import { jsonLines, run, temporaryFolder } from "../program.ts";
import { CAPTURES, type OldLooker, recorded, startOldLooker } from "./recorded.ts";

const isAbsent = !existsSync(CAPTURES);
if (isAbsent) console.warn(`Skipped: no recorded answers of Looker servers at ${CAPTURES}`);
const orSkipped = isAbsent ? " (SKIPPED: ../shared/looker/captures is not here)" : "";

/** `lookpost run` of the one query that the server knows: how it ended, and what arrived by email. */
async function replay(looker: OldLooker, content = "query: abc") {
  const folder = temporaryFolder();
  const mail = await startSandboxMail({ outbox: folder });
  onTestFinished(() => mail.close());
  const server = await startOldLooker(looker);
  writeFileSync(
    join(folder, "reports.yaml"),
    `version: 1
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
reports:
  orders: { schedule: { cron: "0 8 * * mon", timezone: UTC }, ${content}, deliver: [{ email: ops@example.com, attach: csv }] }
`,
  );
  const env = {
    LOOKER_BASE_URL: server.url,
    LOOKER_CLIENT_ID: "id",
    LOOKER_CLIENT_SECRET: "the-secret",
    SMTP_URL: mail.url,
  };
  const { code, out, err } = await run(["run", "orders", "--json"], env, folder);
  const [message] = await mail.messages();
  const parsed = message === undefined ? null : await simpleParser(await readFile(message.file));
  const [attached] = parsed?.attachments ?? [];
  const csv: string[][] = attached === undefined ? [] : parse(attached.content);
  const ended = jsonLines(out).at(-1);
  const history = async () => (await run(["history", "--run", String(ended?.run)], env, folder)).out;
  return { code, err, run: ended, csv, mail: parsed, seen: server.seen, history };
}

/** A result of json_detail with one column. */
const detail = (names: readonly string[]) => ({
  fields: { dimensions: [{ name: "users.name", label: "Users Name", label_short: "Name" }], measures: [] },
  data: names.map((value) => ({ "users.name": { value } })),
});

test.skipIf(isAbsent)(`a result of 2017 with drill links${orSkipped}`, async () => {
  const capture = recorded("json_detail_with_drill_links.json");
  const { csv, mail, ...ended } = await replay({ results: (response) => sendJson(response, capture) });
  expect(ended).toMatchObject({ code: 0, run: { status: "delivered", rows: 13 } });
  const data = capture.data as Record<string, { value: unknown; rendered?: string }>[];
  expect(csv).toEqual([
    ["Orders Created Month", "Orders Count"],
    ...data.map((row) => ["orders.created_month", "orders.count"].map((name) => shown(row[name]))),
  ]);
  expect(csv[1]).toEqual(["2017-07", "773"]);
  expect(mail?.text).toMatch(/Created Month +Count\n[-─ ]*\n?2017-07 +773\n/);
  expect(mail?.html).not.toMatch(/fields=orders|drill/);
});

test.skipIf(isAbsent)(`a database error of API 3.1 fails the run in its own words${orSkipped}`, async () => {
  const failed = Object.values(
    recorded("multi_results_mixed.json") as Record<string, { status: string; data: object }>,
  );
  const { status, data } = failed.find((part) => part.status === "error") ?? { status: "", data: {} };
  const ended = await replay({
    statuses: ["running", status],
    results: (response) => sendJson(response, data),
  });
  expect(ended).toMatchObject({ code: 1, mail: null });
  expect(ended.run).toMatchObject({
    status: "failed",
    error: expect.stringContaining("invalid identifier 'USERS__FAIL.EMAIL_ADDRESS'"),
    advice: expect.stringContaining("Open the query in Looker"),
  });
});

test.skipIf(isAbsent)(`pivoted cells of a demo model${orSkipped}`, async () => {
  const fields = {
    dimensions: [{ name: "orders.created_date", label: "Orders Created Date", label_short: "Created Date" }],
    measures: [
      { name: "orders.count", label: "Orders Count", label_short: "Count", is_numeric: true },
      { name: "orders.average_total_amount_of_order_usd", label: "Average", is_numeric: true },
    ],
    pivots: [{ name: "orders.status", label: "Orders Status", label_short: "Status" }],
  };
  const { csv, mail } = await replay({
    query: { pivots: ["orders.status"] },
    results: (response) => sendJson(response, { fields, ...recorded("pivoted_cells_excerpt.json") }),
  });
  expect(csv[0]?.length).toBe(7);
  expect(csv.slice(1).map((row) => row.slice(0, 3))).toEqual([
    ["2019-12-22", "1", "$79.50"],
    ["2019-12-17", "", ""],
    ["2019-12-16", expect.any(String), expect.any(String)],
  ]);
  expect(csv[2]?.slice(3, 5)).toEqual(["1", "$107.00"]);
  for (const status of ["cancelled", "complete", "pending"]) expect(mail?.html).toContain(status);
});

test("an old server behind a gateway in trouble: 502 pages, 204 while pending, 429 until a date, gzip", async () => {
  let logins = 0;
  let fetches = 0;
  const { code, err, csv, seen } = await replay({
    login(response) {
      logins += 1;
      if (logins > 1) return;
      response.writeHead(502, { "content-type": "text/html" }).end("<html><h1>502 Bad Gateway</h1></html>");
    },
    statuses: ["added", "prefetching", "complete"],
    results(response, { headers }) {
      fetches += 1;
      if (fetches === 1) response.writeHead(204).end();
      else if (fetches === 2) {
        const later = new Date(Date.now() + 1_000).toUTCString();
        sendJson(response, { message: "Too many", documentation_url: "" }, 429, { "retry-after": later });
      } else {
        expect(headers["accept-encoding"]).toContain("gzip");
        response.writeHead(200, {
          "content-type": "application/json;charset=utf-8",
          "content-encoding": "GZIP",
        });
        response.end(gzipSync(JSON.stringify(detail(["Zoë", "O'Neil"]))));
      }
    },
  });
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(csv).toEqual([["Users Name"], ["Zoë"], ["O'Neil"]]);
  expect(seen.filter((call) => call.startsWith("POST /api/4.0/query_tasks"))).toHaveLength(1);
});

const ALL = { query: { limit: "-1", fields: ["users.name", "users.age"] } };

test.each<[string, OldLooker["results"]]>([
  [
    "in chunks that split a letter, after a byte order mark",
    (response) => {
      response.writeHead(200, { "content-type": "text/csv; charset=utf-8" });
      const bytes = Buffer.from("\ufeffUsers Name,Users Age\nZoë,41\n");
      const middle = bytes.indexOf(0xc3) + 1;
      response.write(bytes.subarray(0, 2));
      setTimeout(() => response.write(bytes.subarray(2, middle)), 20);
      setTimeout(() => response.end(bytes.subarray(middle)), 40);
    },
  ],
  [
    "by HTTP/1.0, ended by the connection",
    ({ socket }) => {
      socket?.write("HTTP/1.0 200 OK\r\nContent-Type: text/csv\r\n\r\nUsers Name,Users Age\r\nZo");
      setTimeout(() => socket?.end("ë,41\r\n"), 20);
    },
  ],
])("a CSV that comes %s", async (_, results) => {
  const { code, err, csv } = await replay({ ...ALL, results });
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(csv).toEqual([
    ["Users Name", "Users Age"],
    ["Zoë", "41"],
  ]);
});

test("an empty CSV is a result without rows, and says that it was empty", async () => {
  const {
    run: ended,
    csv,
    history,
  } = await replay({
    ...ALL,
    results: (response) => response.writeHead(200, { "content-type": "text/csv" }).end(),
  });
  expect(ended).toMatchObject({ status: "delivered", rows: 0 });
  expect(csv).toEqual([["users.name", "users.age"]]);
  expect(await history()).toMatch(/empty file/);
});

test.each<[string, OldLooker, RegExp, RegExp]>([
  [
    "an empty body in place of JSON",
    { results: (response) => response.writeHead(200, { "content-type": "application/json" }).end() },
    /not complete JSON/,
    /Run the report again/,
  ],
  [
    "a task that is complete at once but has no id",
    { creation: (response) => sendJson(response, { status: "complete" }), results: () => undefined },
    /query task without an id/,
    /Run the report again/,
  ],
  [
    "a redirect to https",
    {
      login: (response) => response.writeHead(301, { location: "https://looker.example:19999/login" }).end(),
      results: () => undefined,
    },
    /301/,
    /https:\/\/looker\.example:19999/,
  ],
])("%s fails the run with what to do", async (_, looker, words, advice) => {
  const { code, run: ended, mail } = await replay(looker);
  expect({ code, mail }).toEqual({ code: 1, mail: null });
  expect(ended?.error).toMatch(words);
  expect(ended?.advice).toMatch(advice);
});

function shown(cell: { value: unknown; rendered?: string } | undefined): string {
  return cell?.rendered ?? String(cell?.value ?? "");
}
