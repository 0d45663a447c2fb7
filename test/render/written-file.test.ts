import { createHash } from "node:crypto";
import { link, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { jsonFormat } from "../../src/render/json/format.ts";
import { jsonOptions } from "../../src/render/json/schema.ts";
import { writtenFile } from "../../src/render/written-file.ts";
import { xlsxFormat } from "../../src/render/xlsx/format.ts";
import { xlsxOptions } from "../../src/render/xlsx/schema.ts";
import { inputOf, made, result } from "./file-input.ts";
import { routes } from "./sample.ts";
import { NEVER, spoolFolder } from "./spool.ts";

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

test("a file is written with its size and hash, and never over one that may be elsewhere too", async () => {
  const spool = await spoolFolder();
  const path = spool.path("a.json");
  const first = await writtenFile(path, ["é", Buffer.from("b")], NEVER);
  expect(first).toEqual({ path, bytes: 3, sha256: hashOf(Buffer.from("éb")) });
  const delivered = spool.path("delivered.json");
  await link(path, delivered);
  await writtenFile(path, ["other"], NEVER);
  expect(await readFile(delivered, "utf8")).toBe("éb");
  expect(await readFile(path, "utf8")).toBe("other");
});

test("workbooks, archives and JSON have the hash that lets a folder take them as they are", async () => {
  const routesOf = () => inputOf({ Routes: result(routes(3)) });
  const files = [
    (await made(xlsxFormat, await routesOf(), xlsxOptions.parse({}))).artifact.file,
    (await made(jsonFormat, await routesOf(), jsonOptions.parse({}))).artifact.file,
  ];
  for (const { path, sha256 } of files) expect(sha256).toBe(hashOf(await readFile(path)));
});
