import { randomBytes } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Artifact } from "../../../src/core/model/artifact.ts";
import type { FitOrder } from "../../../src/core/ports/fit.ts";
import type { Spool } from "../../../src/core/ports/spool.ts";
import { fitArtifacts } from "../../../src/render/fit/artifacts.ts";
import { fileIn, NEVER, spoolFolder } from "../spool.ts";

function fitted(artifacts: readonly Artifact[], bytesMax: number, more: Partial<FitOrder> = {}) {
  return fitArtifacts({ artifacts, bytesMax, signal: NEVER, offer: null, ...more });
}

/** Puts files behind addresses, and keeps which. */
function shop() {
  const offered: string[] = [];
  const offer = async ({ filename, file, rows, sections }: Artifact) => {
    offered.push(filename);
    const url = `https://lookpost.example.com/files/${offered.length}`;
    return { filename, url, bytes: file.bytes, rows, sections, expiresAt: "2026-11-23T00:00:00.000Z" };
  };
  return { offered, offer };
}

const CSV = "1,Hartsfield-Jackson Atlanta,-12.5\n";

test("files that fit are left as they are", async () => {
  const spool = await spoolFolder();
  const files = [await fileIn(spool, "a.csv", CSV.repeat(100)), await fileIn(spool, "b.csv", CSV)];
  expect(await fitted(files, 4_000)).toEqual({ artifacts: files, downloads: [], notices: [] });
  expect(await fitted([], 0)).toEqual({ artifacts: [], downloads: [], notices: [] });
});

test("the largest file is compressed where that is enough, and the others are not", async () => {
  const spool = await spoolFolder();
  const large = await fileIn(spool, "large.csv", CSV.repeat(5_000), { rows: 5_000 });
  const small = await fileIn(spool, "small.csv", CSV.repeat(20));
  const { artifacts, notices } = await fitted([large, small], 20_000);
  expect(artifacts.map((one) => one.filename)).toEqual(["large.csv.gz", "small.csv"]);
  const [packed] = artifacts;
  expect(packed).toMatchObject({ contentType: "application/gzip", rows: 5_000 });
  const bytes = await readFile(packed!.file.path);
  expect(bytes.length).toBe(packed!.file.bytes);
  expect(gunzipSync(bytes).toString()).toBe(CSV.repeat(5_000));
  expect(notices).toEqual(["large.csv.gz is compressed to stay below 20 kB: unpack it to read it."]);
});

test("a file that stays too large is left out with its size, its rows and the limit, and leaves nothing half compressed", async () => {
  const spool = await spoolFolder();
  const noise = await fileIn(spool, "noise.csv", randomBytes(300_000), { rows: 12_431 });
  const small = await fileIn(spool, "small.csv", CSV.repeat(200));
  const { artifacts, notices } = await fitted([noise, small], 100_000);
  expect(artifacts).toEqual([small]);
  expect(notices).toEqual([
    "noise.csv (300 kB, 12,431 rows) is too large to attach here (limit 100 kB). Open it in Looker.",
  ]);
  expect((await readdir(spool.directory)).filter((name) => name.includes("noise"))).toEqual([
    "source-noise.csv",
  ]);
});

test("files that are too large only together have a sentence that says so", async () => {
  const spool = await spoolFolder();
  const files = [
    await fileIn(spool, "a.csv", randomBytes(60_000)),
    await fileIn(spool, "b.csv", randomBytes(50_000)),
  ];
  const { artifacts, notices } = await fitted(files, 100_000);
  expect(artifacts.map((one) => one.filename)).toEqual(["b.csv"]);
  expect(notices).toEqual([
    "a.csv (60 kB) is too large to attach here together with the other files (limit 100 kB in all). Open it in Looker.",
  ]);
});

test("the limit that is named is the configured one, also if pictures took some of it, and a page says where else its content is", async () => {
  const spool = await spoolFolder();
  const csv = await fileIn(spool, "a.csv", randomBytes(60_000));
  const html = await fileIn(spool, "a.html", randomBytes(150_000), {
    contentType: "text/html; charset=utf-8",
  });
  const { notices } = await fitted([csv, html], 50_000, { limitBytes: 100_000 });
  expect(notices).toEqual([
    "a.html (150 kB) is too large to attach here (limit 100 kB). What it shows is in this message, as far as there is room, and in Looker.",
    "a.csv (60 kB) is too large to attach here together with the other files and the pictures (limit 100 kB in all). Open it in Looker.",
  ]);
});

test("a file that is too large only together with others is split too, and the sentence says so", async () => {
  const spool = await spoolFolder();
  const whole = await workbook(spool, [20_000, 30_000, 20_000]);
  const other = await fileIn(spool, "b.csv", randomBytes(60_000));
  const { artifacts, notices } = await fitted([whole, other], 110_000);
  expect(artifacts.map(({ filename }) => filename)).toEqual([
    "weekly-1.xlsx",
    "weekly-2.xlsx",
    "weekly-3.xlsx",
  ]);
  expect(notices).toEqual([
    "weekly.xlsx (70 kB, 30 rows) is too large to attach here together with the other files (limit 110 kB in all): it comes as 3 files, one for each section.",
    "b.csv (60 kB) is too large to attach here together with the other files (limit 110 kB in all). Open it in Looker.",
  ]);
});

test("a right-to-left name is apart from the sentence that it is in", async () => {
  const spool = await spoolFolder();
  const large = await fileIn(spool, "דוח.csv", CSV.repeat(5_000), { rows: 5_000 });
  const { notices } = await fitted([large], 20_000);
  expect(notices).toEqual([
    "\u2068דוח.csv.gz\u2069 is compressed to stay below 20 kB: unpack it to read it.",
  ]);
});

test("what is compressed already is not compressed again", async () => {
  const spool = await spoolFolder();
  const picture = await fileIn(spool, "chart.png", Buffer.alloc(50_000), { contentType: "image/png" });
  const { artifacts, notices } = await fitted([picture], 10_000);
  expect(artifacts).toEqual([]);
  expect(notices).toHaveLength(1);
});

test("a file is compressed once, for later attempts and other deliveries too, also by another process", async () => {
  const spool = await spoolFolder();
  const file = await fileIn(spool, "large.csv", CSV.repeat(5_000));
  const both = await Promise.all([fitted([file], 20_000), fitted([file], 30_000)]);
  const [first] = both.flatMap(({ artifacts }) => artifacts);
  const path = first?.file.path ?? "";
  const before = await stat(path);
  const later = await fitted([{ ...file }], 20_000);
  expect(later.artifacts).toEqual([first]);
  expect((await stat(path)).ino).toBe(before.ino);
  expect(await readdir(spool.directory)).toEqual(["source-large.csv", "source-large.csv.gz"]);
  // What is too large for a narrower destination is not sent there because it exists already.
  expect((await fitted([file], 10)).artifacts).toEqual([]);
});

test("for any files, those that are sent fit, and every other has its sentence", async () => {
  const spool = await spoolFolder();
  const files = await Promise.all(
    [1_000, 20_000, 300, 80_000, 5_000].map((size, index) =>
      fileIn(spool, `f${index}.csv`, index % 2 === 0 ? randomBytes(size) : CSV.repeat(size / 35)),
    ),
  );
  for (const limit of [0, 100, 400, 2_000, 7_000, 30_000, 90_000, 200_000]) {
    const { artifacts, notices } = await fitted(files, limit);
    expect(artifacts.reduce((sum, one) => sum + one.file.bytes, 0)).toBeLessThanOrEqual(limit);
    for (const file of files) {
      if (!artifacts.includes(file)) expect(notices.some((one) => one.startsWith(file.filename))).toBe(true);
    }
  }
});

test("an aborted signal stops the compressing and leaves no file", async () => {
  const spool = await spoolFolder();
  const file = await fileIn(spool, "a.csv", CSV.repeat(1_000));
  await expect(fitted([file], 1_000, { signal: AbortSignal.abort() })).rejects.toThrow();
  expect(await readdir(spool.directory)).toEqual(["source-a.csv"]);
});

test("what has no room is offered by a link where files are served, whole and as it is", async () => {
  const spool = await spoolFolder();
  const { offer, offered } = shop();
  const noise = await fileIn(spool, "noise.csv", randomBytes(300_000), { rows: 12_431, sections: [1] });
  const small = await fileIn(spool, "small.csv", CSV);
  const { artifacts, downloads, notices } = await fitted([noise, small], 100_000, { offer });
  expect(artifacts).toEqual([small]);
  expect(offered).toEqual(["noise.csv"]);
  expect(downloads).toEqual([expect.objectContaining({ bytes: 300_000, rows: 12_431, sections: [1] })]);
  expect(notices).toEqual([
    "noise.csv (300 kB, 12,431 rows) is too large to attach here (limit 100 kB). Download it by the link in this message.",
  ]);
});

/** A workbook of three sections that can be taken apart. */
async function workbook(spool: Spool, sizes: readonly number[]): Promise<Artifact> {
  const contentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const parts = await Promise.all(
    sizes.map((size, index) =>
      fileIn(spool, `weekly-${index + 1}.xlsx`, randomBytes(size), {
        contentType,
        rows: 10,
        sections: [index],
      }),
    ),
  );
  const whole = randomBytes(sizes.reduce((sum, size) => sum + size, 0));
  return fileIn(spool, "weekly.xlsx", whole, {
    contentType,
    rows: 10 * sizes.length,
    sections: [0, 1, 2],
    parts,
  });
}

test("a file of several sections is taken apart: what fits stays attached, the rest has a link", async () => {
  const spool = await spoolFolder();
  const { offer } = shop();
  const whole = await workbook(spool, [20_000, 150_000, 30_000]);
  const { artifacts, downloads, notices } = await fitted([whole], 100_000, { offer });
  expect(artifacts.map(({ filename }) => filename)).toEqual(["weekly-1.xlsx", "weekly-3.xlsx"]);
  expect(downloads.map(({ filename }) => filename)).toEqual(["weekly-2.xlsx"]);
  expect(notices).toEqual([
    "weekly.xlsx (200 kB, 30 rows) is too large to attach here (limit 100 kB): it comes as 3 files, one for each section.",
    "weekly-2.xlsx (150 kB, 10 rows) is too large to attach here (limit 100 kB). Download it by the link in this message.",
  ]);
});

test("where no part fits it is the whole that is offered, once", async () => {
  const spool = await spoolFolder();
  const { offer, offered } = shop();
  const whole = await workbook(spool, [120_000, 150_000, 130_000]);
  const small = await fileIn(spool, "small.csv", CSV);
  const { artifacts, notices } = await fitted([whole, small], 100_000, { offer });
  expect(artifacts).toEqual([small]);
  expect(offered).toEqual(["weekly.xlsx"]);
  expect(notices).toEqual([
    "weekly.xlsx (400 kB, 30 rows) is too large to attach here (limit 100 kB). Download it by the link in this message.",
  ]);
});

test("parts of two files keep names of their own", async () => {
  const spool = await spoolFolder();
  const files = [await workbook(spool, [20_000, 15_000, 30_000])];
  const other = await fileIn(spool, "weekly-1.xlsx", randomBytes(10_000), { contentType: "application/zip" });
  const { artifacts } = await fitted([...files, other], 70_000);
  const names = artifacts.map(({ filename }) => filename);
  expect(names).toContain("weekly-1-2.xlsx");
  expect(new Set(names).size).toBe(names.length);
});
