import { expect, test } from "vitest";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { filesOf, rowsPhrase } from "../../../src/render/words/shown.ts";
import { dueDate, freshness } from "../../../src/render/words/words.ts";
import { artifact, column, message, routes, section, table } from "../sample.ts";

const run = message([]).run;

test.each([
  ["America/New_York", "2026-11-16T13:00:00Z", "Monday 16 November 2026, 08:00 EST"],
  ["America/New_York", "2026-07-06T12:00:00Z", "Monday 6 July 2026, 08:00 EDT"],
  ["Europe/Berlin", "2026-11-16T13:00:00Z", "Monday 16 November 2026, 14:00 CET"],
  ["Australia/Sydney", "2026-11-16T13:00:00Z", "Tuesday 17 November 2026, 00:00 AEDT"],
  ["UTC", "2026-11-16T00:05:00Z", "Monday 16 November 2026, 00:05 UTC"],
  ["Asia/Tokyo", "2026-11-16T13:00:00Z", "Monday 16 November 2026, 22:00 GMT+9"],
])("in %s the tick of %s reads %j", (timezone, dueAt, expected) => {
  expect(dueDate({ ...run, timezone, dueAt })).toBe(expected);
});

test("the freshness leaves out the day where it is the due day in the report's zone, and tells of the cache", () => {
  const shown = section("A", routes(1)).data!;
  const of = (ranAt: string, fromCache: boolean | null) => freshness({ ...shown, ranAt, fromCache }, run);
  expect(of("2026-11-16T13:00:41Z", false)).toBe("Run by Looker at 08:00 EST");
  expect(of("2026-11-17T03:30:00Z", null)).toBe("Run by Looker at 22:30 EST");
  expect(of("2026-11-16T04:30:00Z", true)).toBe("From Looker’s cache, run on Sun 15 Nov 2026 at 23:30 EST");
});

test("rows are counted in words that tell a cut and a lower bound", () => {
  const of = (rowCount: number, rowCountIsExact = true) =>
    table([column("A")], [], { rowCount, rowCountIsExact });
  expect(rowsPhrase(1, of(1), ENGLISH)).toBe("1 row");
  expect(rowsPhrase(50, of(12_431), ENGLISH)).toBe("50 of 12,431 rows");
  expect(rowsPhrase(50, of(5_000, false), ENGLISH)).toBe("50 of the first 5,000 rows");
  expect(rowsPhrase(5_000, of(5_000, false), ENGLISH)).toBe("the first 5,000 rows");
});

test("a section's files are those that hold its rows", () => {
  const of = (count: number) => section(`${count}`, { ...routes(1), rowCount: count });
  const [a, b, c] = [of(10), of(20), of(10)];
  const artifacts = [
    artifact("a.csv", 10),
    artifact("c.csv", 10, { section: 2 }),
    artifact("c.csv.gz", 10, { section: 2 }),
  ];
  expect(filesOf(a, message([a, b, c], { artifacts }))).toEqual(["a.csv"]);
  expect(filesOf(b, message([a, b, c], { artifacts }))).toEqual([]);
  expect(filesOf(c, message([a, b, c], { artifacts }))).toEqual(["c.csv", "c.csv.gz"]);
});

test("what is left out is counted, one and many", () => {
  const { more, noRoomFor } = ENGLISH.frame;
  expect([more(1, "file"), more(1_200, "file")]).toEqual(["1 more file", "1,200 more files"]);
  expect(noRoomFor(1)).toBe("1 more section does not fit into this message.");
  expect(noRoomFor(2)).toBe("2 more sections do not fit into this message.");
});
