import { describe, expect, test } from "vitest";
import type { Table } from "../../../../src/core/model/table.ts";
import {
  changesOf,
  readSnapshot,
  SNAPSHOT_ROWS_MAX,
  snapshotOf,
} from "../../../../src/core/rules/changes/changes.ts";
import { ENGLISH } from "../../../../src/core/words/en/index.ts";
import { amount, CARRIER, COUNT, column, measure, table, words } from "../../../draw/samples.ts";

const SINCE = "2026-11-09T13:00:00.000Z";
const flights = (rows: Record<string, number | null>) =>
  table(
    [CARRIER, COUNT],
    Object.entries(rows).map(([carrier, count]) => [words(carrier), amount(count)]),
  );

function changes(before: Table, now: Table, { key = [0], listMax = 100 } = {}) {
  return changesOf(now, readSnapshot(snapshotOf(before).data), {
    key,
    since: SINCE,
    listMax,
    words: ENGLISH.tables,
  });
}

test("rows are new, gone, moved or the same, with what they were", () => {
  const made = changes(flights({ AA: 10, DL: 20, UA: 30 }), flights({ DL: 20, UA: 35, WN: 5 }));
  expect(made).toEqual({
    notices: [],
    changes: {
      since: SINCE,
      key: [0],
      added: [[words("WN"), amount(5)]],
      gone: [[words("AA"), amount(10)]],
      moved: [{ now: [words("UA"), amount(35)], was: [null, amount(30)] }],
      counts: { added: 1, gone: 1, moved: 1, same: 1 },
    },
  });
});

test("the first run has nothing to compare with", () => {
  const made = changesOf(flights({ AA: 1 }), null, {
    key: [0],
    since: null,
    listMax: 10,
    words: ENGLISH.tables,
  });
  expect(made.changes).toMatchObject({ since: null, added: [], gone: [], moved: [], counts: { same: 1 } });
});

test("lists are cut, counts are not", () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`C${index}`, index]));
  const { added, counts } = changes(flights({}), flights(many), { listMax: 8 }).changes;
  expect([added.length, counts.added]).toEqual([8, 50]);
});

test("what moved the most comes first, by the first measure that moved, and is what a cut list keeps", () => {
  const before = flights({ AA: 10, DL: 20, UA: 30, WN: 40, B6: null });
  const now = flights({ AA: 11, DL: 5, UA: 90, WN: 55, B6: 7 });
  const names = (listMax: number) =>
    changes(before, now, { listMax }).changes.moved.map(({ now: [carrier] }) => carrier?.value);
  expect(names(9)).toEqual(["UA", "DL", "WN", "AA", "B6"]);
  expect(names(2)).toEqual(["UA", "DL"]);
});

describe("what is the same", () => {
  test("values are compared, not how they are rendered", () => {
    const price = (rendered: string, value: number | string = 1200) =>
      table([CARRIER, COUNT], [[words("AA"), { value, rendered }]]);
    expect(changes(price("$1,200"), price("1.200 €")).changes.counts).toMatchObject({ same: 1, moved: 0 });
    expect(changes(price("$1,200"), price("$1,201", 1200.6)).changes.counts).toMatchObject({ moved: 1 });
    expect(changes(price("1200", "1200"), price("1200")).changes.counts).toMatchObject({ same: 1 });
    expect(changes(price("1,200", "1200"), price("1 200", 1200)).changes.counts).toMatchObject({ same: 1 });
    expect(changes(price("n/a", "n/a"), price("1 200", 1200)).changes.counts).toMatchObject({ moved: 1 });
    expect(changes(price("0", 0), price("0", -0)).changes.counts).toMatchObject({ same: 1 });
  });

  test("two texts that look like one number are two texts", () => {
    const code = (text: string) =>
      table([CARRIER, column("flights.code", "Code")], [[words("AA"), words(text)]]);
    expect(changes(code("007"), code("7")).changes.counts).toMatchObject({ moved: 1 });
  });

  test("what a reader cannot see is not a change: the last digits of a sum, an empty text for none", () => {
    const sum = (value: number) => table([CARRIER, COUNT], [[words("AA"), { value, rendered: "12.4" }]]);
    expect(changes(sum(12.400000000000002), sum(12.4)).changes.counts).toMatchObject({ same: 1, moved: 0 });
    const note = (value: string | null) =>
      table([CARRIER, column("flights.note", "Note")], [[words("AA"), { value, rendered: "" }]]);
    expect(changes(note(null), note("")).changes.counts).toMatchObject({ same: 1, moved: 0 });
  });

  test("no value is not zero", () => {
    expect(changes(flights({ AA: null }), flights({ AA: 0 })).changes.moved).toEqual([
      { now: [words("AA"), amount(0)], was: [null, amount(null)] },
    ]);
  });
});

describe("which row is which", () => {
  test("by several fields together", () => {
    const routes = (rows: [string, string, number][]) =>
      table(
        [CARRIER, column("flights.to", "To"), COUNT],
        rows.map(([carrier, to, count]) => [words(carrier), words(to), amount(count)]),
      );
    const made = changes(
      routes([
        ["A", "BC", 1],
        ["AB", "C", 2],
      ]),
      routes([
        ["AB", "C", 2],
        ["A", "BC", 1],
      ]),
      { key: [0, 1] },
    );
    expect(made.changes.counts).toEqual({ added: 0, gone: 0, moved: 0, same: 2 });
  });

  test("rows of one key are told apart by their order", () => {
    const twice = (...counts: number[]) =>
      table(
        [CARRIER, COUNT],
        counts.map((count) => [words("AA"), amount(count)]),
      );
    expect(changes(twice(1, 2), twice(1, 5, 9)).changes.counts).toEqual({
      added: 1,
      gone: 0,
      moved: 1,
      same: 1,
    });
  });

  test("a number is the same key as its text, and zero as minus zero", () => {
    const keyed = (value: number | string) =>
      table([CARRIER, COUNT], [[{ value, rendered: "seven" }, amount(1)]]);
    expect(changes(keyed(7), keyed("7")).changes.counts).toMatchObject({ same: 1, added: 0 });
    expect(changes(keyed(0), keyed(-0)).changes.counts).toMatchObject({ same: 1, added: 0 });
  });

  test("a key without a value is not the word null", () => {
    const keyed = (value: string | null) =>
      table([CARRIER, COUNT], [[{ value, rendered: value ?? "" }, amount(1)]]);
    expect(changes(keyed(null), keyed("null")).changes.counts).toMatchObject({ added: 1, gone: 1 });
  });
});

describe("when the query has changed since", () => {
  const delay = measure("flights.delay", "Delay");

  test("columns in common are compared, in whatever order, and the others named", () => {
    const before = table(
      [CARRIER, COUNT],
      [
        [words("AA"), amount(1)],
        [words("DL"), amount(2)],
      ],
    );
    const now = table([delay, CARRIER], [[amount(9), words("AA")]]);
    const made = changes(before, now, { key: [1] });
    expect(made.changes).toMatchObject({
      counts: { same: 1, gone: 1 },
      gone: [[{ value: null, rendered: "" }, words("DL")]],
    });
    expect(made.notices).toEqual([expect.stringContaining("Delay"), expect.stringContaining("Flights")]);
  });

  test("a key that was not there is said, and compares nothing", () => {
    const made = changes(table([COUNT], [[amount(1)]]), flights({ AA: 1 }));
    expect(made.changes).toMatchObject({ since: null, added: [] });
    expect(made.notices).toEqual([expect.stringContaining("had no Carrier")]);
  });
});

describe("what is kept", () => {
  test("at most 10,000 rows, and the next run says so", () => {
    const many = table(
      [CARRIER, COUNT],
      Array.from({ length: SNAPSHOT_ROWS_MAX + 5 }, (_, index) => [words(`C${index}`), amount(index)]),
    );
    const { data, rowsKept } = snapshotOf(many);
    expect([rowsKept, readSnapshot(data)?.rows.length, readSnapshot(data)?.isCut]).toEqual([
      10_000,
      10_000,
      true,
    ]);
    expect(changes(many, many)).toMatchObject({
      changes: { counts: { same: 10_000, added: 0, gone: 0 } },
      notices: [expect.stringContaining("did not have all its rows")],
    });
  });

  test("at most 16 MB, whatever the cells hold", () => {
    const wide = table(
      [CARRIER],
      Array.from({ length: 900 }, (_, index) => [words(`${index} ${"x".repeat(40_000)}`)]),
    );
    const { data, rowsKept } = snapshotOf(wide);
    expect(data.length).toBeLessThan(16_100_000);
    expect(rowsKept).toBeLessThan(900);
    expect(readSnapshot(data)?.isCut).toBe(true);
  });

  test("hostile cells come back as they were", () => {
    const cells = ["<script>", "a\r\nb\u0000", "\ud800", "😀", '"], [', "\u202eabc"].map((text) => [
      words(text),
      amount(1),
    ]);
    const hostile = table([CARRIER, COUNT], cells);
    expect(changes(hostile, hostile).changes.counts).toEqual({ added: 0, gone: 0, moved: 0, same: 6 });
  });

  test("what is not a snapshot counts as none", () => {
    for (const text of ["", "null", "{}", '{"version":2,"columns":[],"rows":[]}', '{"version":1}'])
      expect(readSnapshot(text)).toBeNull();
  });
});

test("of many columns that are new, eight are named", () => {
  const wide = (columns: number) =>
    table(
      [CARRIER, ...Array.from({ length: columns }, (_, index) => column(`flights.c${index}`, `C${index}`))],
      [[words("AA"), ...Array.from({ length: columns }, () => words("x"))]],
    );
  const notice = (fresh: number) => changes(wide(0), wide(fresh)).notices[0];
  expect(notice(8)).toMatch(/: C0, C1, C2, C3, C4, C5, C6, C7\.$/);
  expect(notice(10)).toMatch(/C6, C7 and 2 more\.$/);
});
