import { expect, test } from "vitest";
import type { Result } from "../../../src/core/model/result.ts";
import { jsonFormat } from "../../../src/render/json/format.ts";
import { jsonOptions } from "../../../src/render/json/schema.ts";
import { inputOf, largeCsv, made, result } from "../file-input.ts";
import { hasPython, python } from "../file-python.ts";
import { column, HOSTILE, NULL, number, rowTotal, table, text } from "../sample.ts";

async function written(of: Result, options: Record<string, unknown> = {}) {
  const { artifact, bytes } = await made(
    jsonFormat,
    await inputOf({ Delays: of }),
    jsonOptions.parse(options),
  );
  return { artifact, content: bytes.toString("utf8") };
}

test("records have the values of the database by the names of the fields, or what Looker shows", async () => {
  const rows = [
    [text("ATL"), number(1200, "$1,200"), { value: true, rendered: "Yes" }],
    [NULL, { value: Number.NaN, rendered: "NaN" }, NULL],
  ];
  const of = result(table([column("Origin"), column("Cost", true), column("Late")], rows));
  const raw = await written(of);
  expect(JSON.parse(raw.content)).toEqual([
    { "flights.origin": "ATL", "flights.cost": 1200, "flights.late": true },
    { "flights.origin": null, "flights.cost": null, "flights.late": null },
  ]);
  expect(raw.artifact).toMatchObject({
    filename: "delays.json",
    contentType: "application/json",
    rows: 2,
    sections: [0],
  });
  expect(JSON.parse((await written(of, { values: "formatted" })).content)).toEqual([
    { "flights.origin": "ATL", "flights.cost": "$1,200", "flights.late": "Yes" },
    { "flights.origin": "", "flights.cost": "NaN", "flights.late": "" },
  ]);
});

test("a pivoted field holds its values by pivot value, outermost first, and names that repeat are numbered", async () => {
  const flights = (values: readonly string[]) => ({
    ...column("Flights", true, values),
    name: "flights.count",
  });
  const columns = [
    column("Origin"),
    column("Origin"),
    flights(["2026-10", "AA"]),
    flights(["2026-10", "DL"]),
    flights(["2026-11", "AA"]),
    flights(["2026-11", "AA"]),
    { ...rowTotal("Flights"), name: "flights.count" },
    { ...column("Share", true), name: "__proto__" },
  ];
  const row = [text("ATL"), text("x"), number(1), number(2), number(3), number(4), number(10), number(5)];
  const { content } = await written(result(table(columns, [row], { pivotLabels: ["Month", "Carrier"] })));
  expect(content).toBe(
    '[\n{"flights.origin":"ATL","flights.origin 2":"x","flights.count":{"2026-10":{"AA":1,"DL":2},"2026-11":{"AA":3,"AA 2":4},"Row total":10},"__proto__":5}\n]\n',
  );
});

test("a large result keeps every digit of its numbers, and only of numbers", async () => {
  const csv = await largeCsv(
    { raw: 'Id,N\n0012,12345678901234567890.10\nx,\n"a\n""b""",1e5\nc,007\nd,n/a\n' },
    ["Id", "N"],
  );
  const { content } = await written(
    result(table([column("Id"), column("N", true)], [], { rowCount: 5 }), { csv }),
  );
  expect(content).toBe(`[
{"flights.id":"0012","flights.n":12345678901234567890.10},
{"flights.id":"x","flights.n":null},
{"flights.id":"a\\n\\"b\\"","flights.n":1e5},
{"flights.id":"c","flights.n":"007"},
{"flights.id":"d","flights.n":"n/a"}
]
`);
});

test("lines: one record a line", async () => {
  const { content, artifact } = await written(result(table([column("A")], [[text("x\ny")], [text("z")]])), {
    lines: true,
  });
  expect(content).toBe('{"flights.a":"x\\ny"}\n{"flights.a":"z"}\n');
  expect(artifact).toMatchObject({ filename: "delays.jsonl", contentType: "application/jsonl" });
});

test("no rows are an empty list, and an empty file of lines", async () => {
  const of = result(table([column("A")], []));
  expect(JSON.parse((await written(of)).content)).toEqual([]);
  expect((await written(of, { lines: true })).content).toBe("");
  expect(await jsonFormat.render(await inputOf({ W: null }), jsonOptions.parse({}))).toBeNull();
});

test.skipIf(!hasPython)("Python reads hostile cells as they were (needs python3)", async () => {
  const rows = HOSTILE.map((one, index) => [text(one), number(index)]);
  const { artifact } = await written(result(table([column('A "b"\\'), column("N", true)], rows)));
  const script =
    "import json,sys; json.dump([list(r.values()) for r in json.load(open(sys.argv[1], encoding='utf-8'))], sys.stdout)";
  expect(python(["-c", script, artifact.file.path])).toEqual(
    HOSTILE.map((one, index) => [one.toWellFormed(), index]),
  );
});
