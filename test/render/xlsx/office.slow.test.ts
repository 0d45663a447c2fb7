import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { xlsxFormat } from "../../../src/render/xlsx/format.ts";
import { xlsxOptions } from "../../../src/render/xlsx/schema.ts";
import { inputOf, made, result } from "../file-input.ts";
import { column, HOSTILE, number, table, text } from "../sample.ts";
import { spoolFolder } from "../spool.ts";
import { hasOffice } from "./office.ts";

test.skipIf(!hasOffice)("LibreOffice reads it cell by cell (needs soffice)", async () => {
  const spool = await spoolFolder();
  const cells = HOSTILE.filter((one) => one.length < 1_000 && one.trim() !== "");
  const whole = table(
    [
      column("T"),
      { ...column("Cost", true), type: "sum", valueFormat: "$#,##0.00" },
      { ...column("Day"), type: "date_date" },
    ],
    cells.map((one, index) => [text(one), number(index * 1000.5), text("2026-11-16")]),
  );
  const { artifact } = await made(xlsxFormat, await inputOf({ H: result(whole) }), xlsxOptions.parse({}));
  const profile = `-env:UserInstallation=file://${spool.path("profile")}`;
  spawnSync("soffice", [
    profile,
    "--headless",
    "--convert-to",
    "csv:Text - txt - csv (StarCalc):44,34,76,1",
    "--outdir",
    spool.directory,
    artifact.file.path,
  ]);
  const name =
    artifact.file.path
      .split("/")
      .at(-1)
      ?.replace(/\.xlsx$/, ".csv") ?? "";
  const rows = parse(await readFile(join(spool.directory, name), "utf8"));
  expect(rows.slice(1)).toEqual(
    cells.map((one, index) => [
      one
        .toWellFormed()
        .replace(/[^\P{Cc}\t\n\r]/gu, "\ufffd")
        .replaceAll("\r\n", "\n"),
      `$${(index * 1000.5).toLocaleString("en-US", { minimumFractionDigits: 2 })}`,
      "2026-11-16",
    ]),
  );
});
