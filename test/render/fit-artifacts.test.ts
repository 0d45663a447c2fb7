import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { fitArtifacts } from "../../src/render/index.ts";
import { fileIn, NEVER, spoolFolder } from "./spool.ts";

const CSV = "1,Hartsfield-Jackson Atlanta,-12.5\n";

test("files that fit are left as they are", async () => {
  const spool = await spoolFolder();
  const files = [await fileIn(spool, "a.csv", CSV.repeat(100)), await fileIn(spool, "b.csv", CSV)];
  expect(await fitArtifacts(files, 4_000, spool, NEVER)).toEqual({ artifacts: files, notices: [] });
  expect(await fitArtifacts([], 0, spool, NEVER)).toEqual({ artifacts: [], notices: [] });
});

test("the largest file is compressed where that is enough, and the others are not", async () => {
  const spool = await spoolFolder();
  const large = await fileIn(spool, "large.csv", CSV.repeat(5_000), { rows: 5_000 });
  const small = await fileIn(spool, "small.csv", CSV.repeat(20));
  const { artifacts, notices } = await fitArtifacts([large, small], 20_000, spool, NEVER);
  expect(artifacts.map((one) => one.filename)).toEqual(["large.csv.gz", "small.csv"]);
  const [packed] = artifacts;
  expect(packed).toMatchObject({ contentType: "application/gzip", rows: 5_000 });
  const bytes = await readFile(packed!.file.path);
  expect(bytes.length).toBe(packed!.file.bytes);
  expect(gunzipSync(bytes).toString()).toBe(CSV.repeat(5_000));
  expect(notices).toEqual(["large.csv.gz is compressed to stay below 20 kB: unpack it to read it."]);
});

test("a file that stays too large is left out with its size, its rows and the limit, and no leftovers", async () => {
  const spool = await spoolFolder();
  const noise = await fileIn(spool, "noise.csv", randomBytes(300_000), { rows: 12_431 });
  const small = await fileIn(spool, "small.csv", CSV.repeat(200));
  const { artifacts, notices } = await fitArtifacts([noise, small], 100_000, spool, NEVER);
  expect(artifacts).toEqual([small]);
  expect(notices).toEqual([
    "noise.csv (300 kB, 12,431 rows) is too large to attach here (limit 100 kB). Open it in Looker.",
  ]);
  expect(await readdir(spool.directory)).toHaveLength(2);
});

test("files that are too large only together are told so", async () => {
  const spool = await spoolFolder();
  const files = [
    await fileIn(spool, "a.csv", randomBytes(60_000)),
    await fileIn(spool, "b.csv", randomBytes(50_000)),
  ];
  const { artifacts, notices } = await fitArtifacts(files, 100_000, spool, NEVER);
  expect(artifacts.map((one) => one.filename)).toEqual(["b.csv"]);
  expect(notices).toEqual([
    "a.csv (60 kB) is too large to attach here beside the other files (limit 100 kB in all). Open it in Looker.",
  ]);
});

test("what is compressed already is not compressed again", async () => {
  const spool = await spoolFolder();
  const picture = await fileIn(spool, "chart.png", Buffer.alloc(50_000), { contentType: "image/png" });
  const { artifacts, notices } = await fitArtifacts([picture], 10_000, spool, NEVER);
  expect(artifacts).toEqual([]);
  expect(notices).toHaveLength(1);
});

test("whatever the files, those that go fit, and every one that does not has its sentence", async () => {
  const spool = await spoolFolder();
  const files = await Promise.all(
    [1_000, 20_000, 300, 80_000, 5_000].map((size, index) =>
      fileIn(spool, `f${index}.csv`, index % 2 === 0 ? randomBytes(size) : CSV.repeat(size / 35)),
    ),
  );
  for (const limit of [0, 100, 400, 2_000, 7_000, 30_000, 90_000, 200_000]) {
    const { artifacts, notices } = await fitArtifacts(files, limit, spool, NEVER);
    expect(artifacts.reduce((sum, one) => sum + one.file.bytes, 0)).toBeLessThanOrEqual(limit);
    for (const file of files) {
      if (!artifacts.includes(file)) expect(notices.some((one) => one.startsWith(file.filename))).toBe(true);
    }
  }
});

test("an aborted signal stops the compressing and leaves no file", async () => {
  const spool = await spoolFolder();
  const file = await fileIn(spool, "a.csv", CSV.repeat(1_000));
  await expect(fitArtifacts([file], 1_000, spool, AbortSignal.abort())).rejects.toThrow();
  expect(await readdir(spool.directory)).toEqual(["source-a.csv"]);
});
