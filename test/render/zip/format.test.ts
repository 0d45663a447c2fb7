import { readdir, readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { zipFormat } from "../../../src/render/zip/format.ts";
import { zipOptions } from "../../../src/render/zip/schema.ts";
import { writeZip } from "../../../src/render/zip/writer.ts";
import { inputOf, largeCsv, made, result } from "../file-input.ts";
import { hasPython, python } from "../file-python.ts";
import { column, number, routes, table, text } from "../sample.ts";
import { NEVER, spoolFolder } from "../spool.ts";

const SCRIPT = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    json.dump([[i.filename, z.read(i).decode("utf-8"), i.date_time] for i in z.infolist()], sys.stdout)
`;

function unzip(path: string): [string, string, number[]][] {
  return python(["-c", SCRIPT, path]) as [string, string, number[]][];
}

test.skipIf(!hasPython)("it holds a CSV file for each section, named after it (needs python3)", async () => {
  const csv = await largeCsv({ formatted: 'A\n"=1+1"\n' }, ["A"]);
  const results = {
    "Delay: by carrier/week": result(routes(3)),
    Words: null,
    "../../etc/passwd": result(table([column("A")], [], { rowCount: 1 }), { csv }),
    "DELAY- by carrier-week": result(table([column("Ü")], [[text("é")]])),
    "": result(table([column("A")], [])),
  };
  const input = await inputOf(results);
  const { artifact } = await made(zipFormat, input, zipOptions.parse({}));
  const files = unzip(artifact.file.path);
  expect(files.map(([name]) => name)).toEqual([
    "Delay- by carrier-week.csv",
    "etc-passwd.csv",
    "DELAY- by carrier-week-2.csv",
    "report.csv",
  ]);
  expect(parse(files[0]?.[1] ?? "").slice(1)).toEqual(
    routes(3).rows.map((row) => row.map(({ rendered }) => rendered)),
  );
  expect(files[1]?.[1]).toBe('A\r\n"\'=1+1"\r\n');
  expect(files[2]?.[1]).toBe("Ü\r\né\r\n");
  expect(artifact).toMatchObject({
    filename: "delays.zip",
    contentType: "application/zip",
    rows: 5,
    sections: [0, 2, 3, 4],
  });
  expect(artifact.parts).toBeUndefined();
  expect(await readdir(input.spool.directory)).toEqual(["artifact-delays.zip"]);
});

test.skipIf(!hasPython)("its CSV files are written as they are wanted (needs python3)", async () => {
  const input = await inputOf({
    A: result(table([column("N", true)], [[number(1200, "$1,200")], [text("x;=1")]])),
  });
  const csv = { raw: true, bom: true, headers: "names", formulas: "strict" };
  const options = zipOptions.parse({ csv, filename: "week 47" });
  const { artifact } = await made(zipFormat, input, options);
  expect(artifact.filename).toBe("week 47.zip");
  expect(unzip(artifact.file.path).map(([, content]) => content)).toEqual([
    "\ufeffflights.n\r\n1200\r\nx;'=1\r\n",
  ]);
  expect([{}, { csv: { raw: true } }].map((one) => zipFormat.reads(zipOptions.parse(one)))).toEqual([
    "formatted",
    "raw",
  ]);
});

test("one too large for every destination keeps its files next to it", async () => {
  const input = await inputOf({ One: result(routes(50)), Two: result(routes(60)) }, { bytesMax: 500 });
  const { artifact } = await made(zipFormat, input, zipOptions.parse({}));
  expect(artifact.parts?.map(({ filename, rows, sections }) => [filename, rows, sections])).toEqual([
    ["One.csv", 50, [0]],
    ["Two.csv", 60, [1]],
  ]);
  for (const { file } of artifact.parts ?? []) expect((await readFile(file.path)).length).toBe(file.bytes);
});

test("words alone make no archive", async () => {
  expect(await zipFormat.render(await inputOf({ Words: null }), zipOptions.parse({}))).toBeNull();
});

async function* endless() {
  for (;;) yield Buffer.alloc(64 * 1024, "x");
}

test("a member that breaks off, a disk that refuses and a signal end the archive with what happened", async () => {
  const spool = await spoolFolder();
  const breaking = (async function* () {
    yield Buffer.from("a");
    throw new RangeError("no more");
  })();
  const members = async function* (contents: AsyncIterable<Buffer>) {
    yield { name: "first.txt", contents: [Buffer.from("1")] };
    yield { name: "second.txt", contents };
  };
  const at = new Date("2026-11-16T08:00:00Z");
  await expect(writeZip(spool.path("a.zip"), members(breaking), at, NEVER)).rejects.toThrow("no more");
  await expect(writeZip("/nowhere/a.zip", members(endless()), at, NEVER)).rejects.toThrow("ENOENT");
  const stop = new AbortController();
  const stopping = async function* () {
    yield Buffer.from("a");
    stop.abort(new RangeError("enough"));
    yield* endless();
  };
  await expect(writeZip(spool.path("b.zip"), members(stopping()), at, stop.signal)).rejects.toThrow("enough");
});

test("memory does not grow with what is packed", async () => {
  const spool = await spoolFolder();
  const chunk = Buffer.alloc(64 * 1024, "1,Hartsfield-Jackson Atlanta,-12.5\n");
  const chunks = async function* () {
    for (let index = 0; index < 1_600; index += 1) yield chunk;
  };
  const members = async function* () {
    yield { name: "large.csv", contents: chunks() };
  };
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 1);
  await writeZip(spool.path("large.zip"), members(), new Date(), NEVER);
  clearInterval(watch);
  expect(most).toBeLessThan(30_000_000);
});
