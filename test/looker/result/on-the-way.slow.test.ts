import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { CsvOnTheWay } from "../../../src/core/ports/csv-on-the-way.ts";
import { SpoolWriter } from "../../../src/looker/http/spool-writer.ts";
import type { Incoming } from "../../../src/looker/http/transport.ts";
import { lookSource } from "../../../src/looker/look/source.ts";
import { runContent } from "../../../src/looker/query/run.ts";
import { querySource } from "../../../src/looker/query/source.ts";
import { FileOnTheWay } from "../../../src/looker/result/file-on-the-way.ts";
import { receiveCsv } from "../../../src/looker/result/receive-csv.ts";
import { csvFormat } from "../../../src/render/csv/format.ts";
import { writeLargeCsv } from "../../../src/render/csv/large.ts";
import { csvOptions } from "../../../src/render/csv/schema.ts";
import { contextFor, failureOf, openedLooker, openHouse, request, sendJson, tinyServer } from "../house.ts";

const options = (given: object = {}) => csvOptions.parse(given);

function wayOf(given: object = {}): CsvOnTheWay {
  const way = csvFormat.onTheWay?.(options(given));
  if (way === undefined) throw new Error("CSV is not written on the way");
  return way;
}

const onTheWay = (...ways: readonly CsvOnTheWay[]) => ({ whole: { kept: [], onTheWay: ways } });

test.each([
  {},
  { bom: true },
  { formulas: "strict" },
  { formulas: "raw", delimiter: ";" },
  { headers: "names" },
])(
  "a file that is written on the way is the one that is written afterwards, cut at any byte: %o",
  async (given) => {
    const csv = '\ufeffA,B\n=1,"x, ""y"""\r\n日本,-1.5\n"a\n=b",é\n,';
    const { spool } = contextFor();
    const labels = ["A", "=B"];
    const columns = labels.map((label) => ({
      name: `v.${label}`,
      label,
      kind: "dimension" as const,
      isNumeric: false,
      valueFormat: null,
      type: null,
    }));
    const source = spool.path("source.csv");
    await writeFile(source, csv);
    const style = { ...options(given), headings: given.headers === "names" ? ["v.A", "v.=B"] : ["A", "'=B"] };
    if (style.formulas === "raw") style.headings = ["A", "=B"];
    const file = { path: source, bytes: 0 };
    const { signal } = new AbortController();
    await writeLargeCsv({ headingRows: 1, labels, file }, spool.path("afterwards.csv"), style, signal);
    const expected = readFileSync(spool.path("afterwards.csv"));
    const bytes = Buffer.from(csv);
    for (let at = 0; at <= bytes.length; at += 1) {
      const rewriting = wayOf(given).begin({ headingRows: 1, labels, table: { columns } });
      const writer = await SpoolWriter.open(spool.path("on-the-way.csv"));
      const made = new FileOnTheWay("csv", rewriting, writer);
      await made.take(bytes.subarray(0, at));
      await made.take(bytes.subarray(at));
      const sha256 = createHash("sha256").update(expected).digest("hex");
      expect(await made.end()).toEqual({
        file: { path: spool.path("on-the-way.csv"), bytes: expected.length, sha256 },
        rows: 4,
      });
      expect(readFileSync(spool.path("on-the-way.csv")), `cut at ${at}`).toEqual(expected);
    }
  },
);

test("a large result is written for its recipients while it comes in, and nothing is kept of it besides", async () => {
  const { looker, calls } = await openHouse();
  const context = contextFor({ headRowsMax: 7 });
  const kept = await lookSource(looker).run(80, request(), contextFor({ headRowsMax: 7 }));
  const made = await lookSource(looker).run(80, request(onTheWay(wayOf())), context);
  expect(made.table).toEqual(kept.table);
  expect(made.csv).toMatchObject({ formatted: null, raw: null, labels: kept.csv?.labels });
  const written = made.csv?.written?.[wayOf().name];
  expect(written?.rows).toBe(20_000);
  const sent = readFileSync(kept.csv?.formatted?.path ?? "", "utf8");
  expect(readFileSync(written?.file.path ?? "", "utf8").replaceAll("\r\n", "\n")).toBe(sent);
  expect(readdirSync(context.spool.directory)).toHaveLength(1);
  expect(calls().filter((call) => call.endsWith("/results"))).toHaveLength(2);
});

test("what is read afterwards is kept too, and forms that two files want come one after the other", async () => {
  const { looker, calls } = await openHouse();
  const raw = wayOf({ raw: true });
  const asked = request({ csv: "both", whole: { kept: ["formatted"], onTheWay: [raw, wayOf()] } });
  const { csv, table } = await lookSource(looker).run(80, asked, contextFor());
  expect(csv).toMatchObject({ formatted: { bytes: expect.any(Number) }, raw: null });
  expect(Object.keys(csv?.written ?? {}).sort()).toEqual([wayOf().name, raw.name].sort());
  expect(table.rows[0]?.[2]).toEqual({ value: 0, rendered: "$0.00" });
  expect(calls().filter((call) => call === "POST /query_tasks")).toHaveLength(2);
});

test("rows shown with a raw file come by a query of as many, and the whole is asked for once", async () => {
  const { looker, calls } = await openHouse();
  const both = await lookSource(looker).run(80, request({ csv: "both" }), contextFor({ headRowsMax: 7 }));
  const before = calls().length;
  const asked = request({ csv: "both", ...onTheWay(wayOf({ raw: true })) });
  const { table, csv } = await lookSource(looker).run(80, asked, contextFor({ headRowsMax: 7 }));
  expect(table).toEqual(both.table);
  expect(csv?.written?.[wayOf({ raw: true }).name]?.rows).toBe(20_000);
  const made = calls().slice(before);
  expect(made.filter((call) => call === "POST /query_tasks")).toHaveLength(2);
  // The one of fewer rows.
  expect(made.filter((call) => call === "POST /queries")).toHaveLength(1);
});

/** A Looker whose query has these rows, and others where it is limited. */
function looker(
  rows: readonly string[],
  limited: readonly object[],
  handle?: (response: ServerResponse) => void,
  exploreStatus = 404,
) {
  const formats: string[] = [];
  const server = tinyServer((incoming, response, body) => {
    const { url } = incoming;
    if (/log(in|out)$/.test(url)) return;
    if (/\/queries(\?|$)/.test(url))
      return sendJson(response, { id: String(JSON.parse(body).limit), model: "m", view: "v" });
    if (/\/query_tasks\?/.test(url)) {
      const order = JSON.parse(body);
      const form = url.includes("apply_formatting=true") ? "formatted" : "raw";
      formats.push(`${order.result_format} ${form} ${order.query_id}`);
      return sendJson(response, { id: String(formats.length), status: "complete" });
    }
    const task = /query_tasks\/(\d+)(\/results)?/.exec(url);
    if (task === null) return sendJson(response, [], exploreStatus);
    if (task[2] === undefined) return sendJson(response, { id: task[1], status: "complete" });
    const [format, form] = (formats[Number(task[1]) - 1] ?? "").split(" ");
    if (format === "json_detail") {
      const dimensions = ["v.a", "v.b"].map((name) => ({ name, label: name, is_numeric: name === "v.b" }));
      return sendJson(response, { fields: { dimensions }, data: limited });
    }
    if (handle !== undefined) return handle(response);
    response.writeHead(200, { "content-type": "text/csv" });
    const shown = form === "formatted" ? rows.map((row) => row.replace(/,(\d+)$/, ",$$$1.00")) : rows;
    response.end(`A,B\n${shown.join("\n")}\n`);
  });
  return { server, formats };
}

const inline = { model: "m", explore: "v", fields: ["v.a", "v.b"], limit: -1 };

test("where a query of fewer rows brings others, the shown ones are those of the file", async () => {
  const limited = [{ "v.a": { value: "z" }, "v.b": { value: 9, rendered: "$9.00" } }];
  const { server, formats } = looker(["x,1", "y,2", "z,3"], limited);
  const opened = openedLooker((await server).url);
  const asked = request({ csv: "both", ...onTheWay(wayOf({ raw: true })) });
  const { table } = await querySource(opened).run(inline, asked, contextFor({ headRowsMax: 2 }));
  expect(table.rows.map((row) => row.map(({ rendered }) => rendered))).toEqual([
    ["x", "$1.00"],
    ["y", "$2.00"],
  ]);
  expect(table.rowCount).toBe(3);
  expect(formats).toEqual(["csv raw -1", "json_detail formatted 3", "csv formatted -1"]);
});

test("a file that shows what Looker's page shows is written afterwards, where that is not all columns", async () => {
  const { server } = looker(["x,1", "y,2"], []);
  const opened = openedLooker((await server).url);
  const query = { id: "-1", url: null, body: { model: "m", view: "v", fields: ["v.a", "v.b"], limit: "-1" } };
  const content = { query, lookId: null, url: "", visConfig: { hidden_fields: ["v.b"] } };
  const raw = wayOf({ raw: true });
  const asked = request({ csv: "both", asInLooker: true, ...onTheWay(wayOf(), raw) });
  const { csv } = await runContent(opened, content, asked, contextFor());
  expect(csv).toMatchObject({ formatted: { bytes: 20 }, raw: null });
  expect(Object.keys(csv?.written ?? {})).toEqual([raw.name]);
});

test("where it cannot be known for a moment which column is hidden, the result is not brought", async () => {
  const query = { id: "-1", url: null, body: { model: "m", view: "v", fields: ["v.a", "v.b"], limit: "-1" } };
  const run = async (visConfig: object) => {
    const { server } = looker(["x,1"], [], undefined, 503);
    const opened = openedLooker((await server).url);
    const content = { query, lookId: null, url: "", visConfig };
    return runContent(opened, content, request({ asInLooker: true, ...onTheWay(wayOf()) }), contextFor());
  };
  expect(await failureOf(run({ hidden_fields: ["v.b"] }))).toMatchObject({ status: 503, retryable: true });
  expect((await run({})).table.rowCount).toBe(1);
});

test.each([
  ["text that breaks off within quotes", 'A,B\na,b\nc,"d', "never closed"],
  ["a row with too few cells", "A,B\na,b\nc\n", "1 cells in a row of 2"],
  ["an empty line between records", "A,B\na,b\n\nc,d\n", "an empty line between records"],
  ["an error in its place", '[{"looker_error":"out of memory"}]', "out of memory"],
])("%s leaves no file", async (_, body, message) => {
  const { server } = looker([], [], (response) => {
    response.writeHead(200, { "content-type": "text/csv" });
    response.end(body);
  });
  const opened = openedLooker((await server).url);
  const context = contextFor({ headRowsMax: 0 });
  const failure = await failureOf(querySource(opened).run(inline, request(onTheWay(wayOf())), context));
  expect(failure.message).toContain(message);
  expect(readdirSync(context.spool.directory)).toEqual([]);
});

test("a result without rows has its headings; an empty one is a table without rows", async () => {
  for (const [body, files] of [
    ["A,B\n", 1],
    ["", 0],
  ] as const) {
    const { server } = looker([], [], (response) => response.writeHead(200).end(body));
    const opened = openedLooker((await server).url);
    const result = await querySource(opened).run(inline, request(onTheWay(wayOf())), contextFor());
    expect(result.table.rowCount).toBe(0);
    const written = Object.values(result.csv?.written ?? {});
    expect(written).toHaveLength(files);
    if (files === 1) expect(readFileSync(written[0]?.file.path ?? "", "utf8")).toBe("A,B\r\n");
  }
});

test("a CSV whose first heading begins with a bracket is one", async () => {
  const { server } = looker([], [], (response) => response.writeHead(200).end("[A],B\n1,2\n"));
  const opened = openedLooker((await server).url);
  const { csv } = await querySource(opened).run(inline, request(onTheWay(wayOf())), contextFor());
  expect(readFileSync(csv?.written?.[wayOf().name]?.file.path ?? "", "utf8")).toBe("[A],B\r\n1,2\r\n");
});

test("a query task in place of the CSV leaves no file, also where it comes in pieces", async () => {
  const spool = contextFor().spool;
  const order = {
    headingRows: 1,
    headRowsMax: 1,
    path: spool.path("result.csv"),
    onTheWay: [],
    pathOf: () => "",
    headsOf: () => Promise.reject(new Error("It has no headings.")),
    isHeadOnly: false,
  };
  const bytes = Readable.from(["\n", '{"id":"1","status":"added"}'].map((piece) => Buffer.from(piece)));
  const writing = { spool, bytesMax: 1_000_000, progress: () => undefined };
  expect(await receiveCsv({ bytes } as unknown as Incoming, order, writing)).toBe("pending");
  expect(readdirSync(spool.directory)).toEqual([]);
});
