import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { lookSource } from "../../../src/looker/look/source.ts";
import { queryOptions } from "../../../src/looker/query/schema.ts";
import { querySource } from "../../../src/looker/query/source.ts";
import { tableOfCsv } from "../../../src/looker/result/csv-table.ts";
import { contextFor, failureOf, openedLooker, openHouse, request, sendJson, tinyServer } from "../house.ts";

test("a Look without a limit streams to a file; count and head come from the same stream", async () => {
  const { looker, calls } = await openHouse();
  const context = contextFor({ headRowsMax: 7 });
  const result = await lookSource(looker).run(80, request(), context);
  const { csv, table } = result;
  const whole: string[][] = parse(readFileSync(csv?.formatted?.path ?? ""));
  expect(table.rowCount).toBe(20_000);
  expect(table.rowCountIsExact).toBe(true);
  expect(whole).toHaveLength(20_001);
  expect(table.rows.map((row) => row.map(({ rendered }) => rendered))).toEqual(whole.slice(1, 8));
  expect(csv).toMatchObject({ headingRows: 1, raw: null, labels: whole[0] });
  expect(csv?.formatted?.bytes).toBe(readFileSync(csv?.formatted?.path ?? "").length);
  expect(result).toMatchObject({ fromCache: null, sql: null });
  expect(calls().filter((call) => call.endsWith("/results"))).toHaveLength(1);
});

test("columns are numeric by what they show", async () => {
  const { looker } = await openHouse();
  const { table } = await lookSource(looker).run(80, request(), contextFor());
  expect(table.columns.map(({ label, isNumeric, kind }) => [label, isNumeric, kind])).toEqual([
    ["Generated ID", true, "measure"],
    ["Generated Name", false, "dimension"],
    ["Generated Amount", true, "measure"],
    ["Generated Day", false, "dimension"],
    ["Generated Note", false, "dimension"],
  ]);
  expect(table.rows[0]?.[0]).toEqual({ value: 1, rendered: "1" });
  expect(table.rows[0]?.[2]?.rendered).toMatch(/^\$/);
});

test("raw cells are fetched on request", async () => {
  const { looker, sandbox } = await openHouse();
  const { table, csv } = await lookSource(looker).run(80, request({ csv: "raw" }), contextFor());
  expect(csv).toMatchObject({ formatted: null, raw: { path: expect.stringContaining("raw") } });
  expect(table.rows[0]?.[2]).toEqual({ value: 0, rendered: "0" });
  expect(
    sandbox.requests.find(({ method, path }) => method === "POST" && path.endsWith("/query_tasks"))?.query,
  ).toContain("apply_formatting=false");
});

test("a large result is had both ways: formatted and raw, row for row", async () => {
  const { looker, calls } = await openHouse();
  const { csv, table, warnings } = await lookSource(looker).run(80, request({ csv: "both" }), contextFor());
  const [formatted, raw] = [csv?.formatted, csv?.raw].map((file): string[][] =>
    parse(readFileSync(file?.path ?? "")),
  );
  expect(formatted).toHaveLength(20_001);
  expect(raw).toHaveLength(20_001);
  expect(raw?.[0]).toEqual(formatted?.[0]);
  expect(raw?.map(([id]) => id)).toEqual(formatted?.map(([id]) => id?.replaceAll(",", "")));
  // The third column holds amounts.
  expect(formatted?.[7]?.[2]).toMatch(/^\$/);
  expect(Number(raw?.[7]?.[2])).toBe(Number(formatted?.[7]?.[2]?.replace(/[$,]/g, "")));
  expect(table.rows[0]?.[2]?.rendered).toMatch(/^\$/);
  expect(table.columns.map(({ name, type, isNumeric }) => [name, type, isNumeric])).toEqual([
    ["generated.id", "number", true],
    ["generated.name", "string", false],
    ["generated.amount", "number", true],
    ["generated.day", "string", false],
    ["generated.note", "string", false],
  ]);
  expect(warnings).toEqual([]);
  expect(calls().filter((call) => call === "POST /query_tasks")).toHaveLength(2);
  expect(calls().filter((call) => call.includes("/lookml_models/"))).toHaveLength(1);
});

test("had both ways, a cell is shown as rendered and calculated with as it is", async () => {
  const { looker } = await openHouse();
  const { table } = await lookSource(looker).run(80, request({ csv: "both" }), contextFor());
  const amount = table.rows[0]?.[2];
  expect(amount?.rendered).toMatch(/^\$/);
  expect(typeof amount?.value).toBe("number");
  expect(Number(amount?.rendered.replace(/[$,]/g, ""))).toBeCloseTo(Number(amount?.value), 1);
});

test("a cell of 40,000 digits does not keep the worker busy", async () => {
  const long = `${"1".repeat(40_000)}x`;
  const { table } = tableOfCsv(
    { headings: [["A"]], head: [[long]], rowCount: 1 },
    { names: [], known: [], raw: null, fields: [], limit: -1, columnLimit: 50 },
  );
  expect(table.columns[0]?.isNumeric).toBe(false);
});

test("one place at Looker is enough for both forms", async () => {
  const { looker } = await openHouse({}, { maxConcurrentQueries: 1 });
  const both = request({ csv: "both", limit: 6_000 });
  const { csv } = await lookSource(looker).run(80, both, contextFor());
  expect(csv?.raw?.bytes).toBeGreaterThan(0);
});

test("a file with formatted cells alone costs no call for what the fields are", async () => {
  const { looker, calls } = await openHouse();
  const { table } = await lookSource(looker).run(80, request(), contextFor());
  expect(calls().filter((call) => call.includes("/lookml_models/"))).toEqual([]);
  expect(table.columns.map(({ type }) => type)).toEqual([null, null, null, null, null]);
});

test("columns of a raw file know type and format, pivoted ones and row totals too", async () => {
  const { looker } = await openHouse();
  const { table } = await lookSource(looker).run(46, request({ csv: "raw", limit: 6_000 }), contextFor());
  const small = await lookSource(looker).run(46, request(), contextFor());
  const facts = (columns: typeof table.columns) =>
    columns.map(({ name, kind, type, valueFormat, isNumeric }) => ({
      name,
      kind,
      type,
      valueFormat,
      isNumeric,
    }));
  expect(facts(table.columns)).toEqual(facts(small.table.columns));
});

/** Answers the first query task with one file and the second with another. */
async function runBoth(formatted: string, raw: string) {
  let tasks = 0;
  const server = await tinyServer((incoming, response) => {
    const { url } = incoming;
    if (url.includes("/looks/"))
      sendJson(response, { id: "1", query: { id: "7", model: "m", view: "v", limit: "-1" } });
    else if (/t\d\/results$/.test(url)) response.end(url.includes("/t1/") ? formatted : raw);
    else if (url.includes("/query_tasks") && incoming.method === "POST") {
      tasks += 1;
      sendJson(response, { id: `t${tasks}`, status: "complete" });
    } else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "complete" });
    else if (url.includes("/lookml_models")) sendJson(response, { message: "Not found" }, 404);
  });
  return lookSource(openedLooker(server.url)).run(1, request({ csv: "both" }), contextFor());
}

test("rows that came between the two queries are told of", async () => {
  const { warnings, csv } = await runBoth("a,b\n1,2\n", "a,b\n1,2\n3,4\n");
  expect(warnings).toEqual([expect.stringContaining("1 and 2 rows")]);
  expect(csv?.raw).not.toBeNull();
});

test("one of two files without headings is not a result", async () => {
  expect(await failureOf(runBoth("a,b\n1,2\n", ""))).toMatchObject({ code: "protocol", retryable: true });
  expect((await runBoth("", "")).csv).toBeUndefined();
});

test("a small result is had both ways", async () => {
  const { looker } = await openHouse();
  const both = request({ csv: "both", limit: 5_000 });
  const source = lookSource(looker);
  expect(await source.check(42, both, new AbortController().signal)).toEqual([]);
  const { table } = await source.run(42, both, contextFor());
  expect(table.rows.flat().some(({ value, rendered }) => String(value) !== rendered)).toBe(true);
});

test("files are headed alike whether the result is small or large", async () => {
  const { looker } = await openHouse();
  for (const id of [42, 46]) {
    const small = await lookSource(looker).run(id, request(), contextFor());
    const large = await lookSource(looker).run(id, request({ limit: 6_000 }), contextFor());
    expect(small.table.columns.map(({ fullLabel }) => fullLabel)).toEqual(large.csv?.labels);
    expect(large.table.columns.map(({ fullLabel }) => fullLabel)).toEqual(large.csv?.labels);
    expect(small.table.columns.map(({ label }) => label)).not.toEqual(large.csv?.labels);
  }
});

test("a result that fills its limit may have been cut", async () => {
  const { looker } = await openHouse();
  const { table } = await lookSource(looker).run(80, request({ limit: 6_000 }), contextFor());
  expect(table).toMatchObject({ rowCount: 6_000, rowCountIsExact: false });
});

test("pivots head the file with a line for each pivot field", async () => {
  const { looker } = await openHouse();
  const small = await lookSource(looker).run(46, request(), contextFor());
  const large = await lookSource(looker).run(46, request({ limit: 6_000 }), contextFor());
  expect(large.csv?.headingRows).toBe(2);
  expect(large.table.rowCount).toBe(small.table.rowCount);
  expect(large.table.columns.map(({ pivot }) => pivot)).toEqual(
    small.table.columns.map(({ pivot }) => pivot),
  );
  expect(large.table.rows[0]?.map(({ rendered }) => rendered)).toEqual(
    small.table.rows[0]?.map(({ rendered }) => rendered),
  );
  expect(new Set(large.csv?.labels).size).toBe(large.csv?.labels.length);
  expect(large.warnings).toEqual([]);
});

test("labels that repeat are told apart by field, in the order of the file", async () => {
  const { looker } = await openHouse();
  const options = {
    model: "faa",
    explore: "flights",
    fields: ["flights.count", "destination.country", "flights.route", "origin.country"],
    limit: 6_000,
  };
  const { table, csv, warnings } = await querySource(looker).run(options, request(), contextFor());
  expect(csv?.labels).toHaveLength(4);
  expect(csv?.labels.slice(0, 3)).toEqual([
    expect.stringContaining("destination.country"),
    expect.stringContaining("Route"),
    expect.stringContaining("origin.country"),
  ]);
  expect(table.columns.map(({ label }) => label)).toEqual(csv?.labels);
  expect(warnings).toEqual([expect.stringContaining("told apart by field name")]);
});

function csvServer(body: string | Buffer, type = "text/csv;charset=utf-8") {
  return tinyServer((incoming, response) => {
    const { url } = incoming;
    if (url.includes("/looks/"))
      sendJson(response, { id: "1", query: { id: "7", model: "m", view: "v", limit: "-1" } });
    else if (url.endsWith("/results")) response.writeHead(200, { "content-type": type }).end(body);
    else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "complete" });
    else if (url.includes("/queries")) sendJson(response, { id: "8" });
  });
}

async function runCsv(body: string | Buffer, type?: string) {
  const server = await csvServer(body, type);
  return lookSource(openedLooker(server.url)).run(1, request(), contextFor());
}

test("amounts in any dress are numbers; codes, dates and words are not", async () => {
  const rows = [
    '"1,234.5",00123,2026-11-16,12 €,(4.10),1 kg',
    "$12.00,00124,2026-11-17,,-3.2%,2",
    ",00125,,1.5,$-1,x",
  ];
  const { table } = await runCsv(`a,b,c,d,e,f\n${rows.join("\n")}\n`);
  expect(table.columns.map(({ isNumeric }) => isNumeric)).toEqual([true, false, false, true, true, false]);
  expect(table.rows[2]?.[0]).toEqual({ value: null, rendered: "" });
});

test("a result without rows is its heading", async () => {
  const { table, csv } = await runCsv("a,b\n");
  expect(table).toMatchObject({ rowCount: 0, rows: [], rowCountIsExact: true });
  expect(csv?.labels).toEqual(["a", "b"]);
});

test("a byte order mark is not part of the first label", async () => {
  expect((await runCsv("\ufeffa,b\n1,2\n")).csv?.labels).toEqual(["a", "b"]);
});

test("letters outside ASCII arrive whole", async () => {
  const { table } = await runCsv(`Ort,n\n${"Zürich – 東京 🛫,1\n".repeat(30_000)}`);
  expect(table.rowCount).toBe(30_000);
  expect(table.rows[19]?.[0]?.rendered).toBe("Zürich – 東京 🛫");
});

test("a CSV that looks whole to HTTP but breaks off is fetched again, and then an error", async () => {
  const server = await csvServer('a,b\n1,2\n3,"4');
  const error = await failureOf(lookSource(openedLooker(server.url)).run(1, request(), contextFor()));
  expect(error).toMatchObject({
    code: "protocol",
    message: expect.stringContaining("ends inside a quoted cell"),
  });
  expect(server.seen.filter((call) => call.endsWith("/results")).length).toBeGreaterThan(1);
});

test.each([
  ['[{"looker_error":"No memory"}]', "No memory"],
  [JSON.stringify({ errors: [{ message: "No memory" }] }), "No memory"],
])("%s in place of a CSV is an error", async (body, message) => {
  const server = await csvServer(body);
  expect(await failureOf(lookSource(openedLooker(server.url)).run(1, request(), contextFor()))).toMatchObject(
    { message },
  );
});

test("an empty file is a result without rows, headed by the query's fields", async () => {
  const server = await csvServer("");
  const options = { model: "m", explore: "v", fields: ["v.a", "v.b"], limit: -1 };
  const { table, csv, warnings } = await querySource(openedLooker(server.url)).run(
    queryOptions.parse(options),
    request(),
    contextFor(),
  );
  expect(table).toMatchObject({ rowCount: 0, rows: [] });
  // There is no file to rewrite: the table is the whole of it.
  expect(csv).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining("empty file")]);
  expect(table.columns.map(({ label }) => label)).toEqual(["v.a", "v.b"]);
});

test("columns have their field names where the labels tell them, in whatever order they come", async () => {
  const { looker, calls } = await openHouse();
  const fields = ["flights.count", "flights.origin"];
  const { table } = await querySource(looker).run(
    { model: "faa", explore: "flights", fields, limit: 6_000 },
    request(),
    contextFor(),
  );
  expect(table.columns.map(({ name, label }) => [name, label])).toEqual([
    ["flights.origin", "Flights Origin"],
    ["flights.count", "Flights Count"],
  ]);
  expect(calls().some((call) => call.includes("lookml_models"))).toBe(false);
});

test("a file that cannot be written is the worker's own fault, and says so", async () => {
  const { looker } = await openHouse();
  const spool = {
    directory: "/no/such/folder",
    path: (name: string) => `/no/such/folder/${name}`,
    ensureRoom: async () => undefined,
  };
  for (const id of [42, 80]) {
    const error = await failureOf(lookSource(looker).run(id, request(), contextFor({ spool })));
    expect(error).toMatchObject({
      code: "local",
      retryable: false,
      message: expect.stringContaining("ENOENT"),
      advice: expect.stringContaining("data folder"),
    });
  }
});

test("data of a query that is said to have failed comes with a warning", async () => {
  const server = await tinyServer((incoming, response) => {
    const { url } = incoming;
    if (url.includes("/looks/"))
      sendJson(response, { id: "1", query: { id: "7", model: "m", view: "v", limit: "-1" } });
    else if (url.endsWith("/results")) response.writeHead(200, { "content-type": "text/csv" }).end("a\n1\n");
    else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "error" });
  });
  const result = await lookSource(openedLooker(server.url)).run(1, request(), contextFor());
  expect(result.warnings).toEqual([expect.stringContaining("marks this query as failed")]);
});

test("a CSV may begin with a bracket", async () => {
  expect((await runCsv("[a],{b}\n1,2\n")).csv?.labels).toEqual(["[a]", "{b}"]);
});

test("a refused limit says what it takes", async () => {
  const { looker } = await openHouse();
  // Look 49 has a table calculation, which keeps it from streaming.
  const error = await failureOf(lookSource(looker).run(49, request({ limit: -1 }), contextFor()));
  expect(error).toMatchObject({
    code: "invalid_query",
    advice: expect.stringContaining("download_without_limit"),
  });
});
