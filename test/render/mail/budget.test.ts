import { expect, test } from "vitest";
import { extents, rowsWithin } from "../../../src/render/mail/budget.ts";

const same = (count: number, bytes: number) => new Array<number>(count).fill(bytes);

test("all rows are kept where there is room for them", () => {
  expect(rowsWithin([same(3, 10), same(5, 20)], 130)).toEqual([3, 5]);
  expect(rowsWithin([], 100)).toEqual([]);
});

test("rows are lost from the largest table first, which gets what the others leave over", () => {
  expect(rowsWithin([same(100, 10), same(3, 10)], 230)).toEqual([20, 3]);
  expect(rowsWithin([same(100, 10), same(100, 20)], 400)).toEqual([20, 10]);
});

test("without room nothing is kept", () => {
  expect(rowsWithin([same(3, 10)], 0)).toEqual([0]);
  expect(rowsWithin([same(3, 10)], -50)).toEqual([0]);
  expect(rowsWithin([[500, 1, 1]], 100)).toEqual([0]);
});

test("for any tables, the kept rows are within the limit and no table could keep one more than its share", () => {
  let seed = 5;
  const random = (below: number) => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 300; round += 1) {
    const tables = Array.from({ length: 1 + random(6) }, () =>
      Array.from({ length: random(40) }, () => 1 + random(50)),
    );
    const limit = random(3_000);
    const kept = rowsWithin(tables, limit);
    const used = tables.map((rows, index) => rows.slice(0, kept[index]).reduce((sum, size) => sum + size, 0));
    const sum = used.reduce((total, size) => total + size, 0);
    expect(sum).toBeLessThanOrEqual(limit);
    const isCut = tables.some((rows, index) => rows.length > (kept[index] ?? 0));
    if (isCut) expect(sum).toBeGreaterThan(limit - 50 * tables.length);
  }
});

test("sections step down from the last: brief first, then away", () => {
  const frames = same(3, 0).map(() => ({ full: 100, brief: 40, none: 0 }));
  expect(extents(frames, 300)).toEqual(["full", "full", "full"]);
  expect(extents(frames, 299)).toEqual(["full", "full", "brief"]);
  expect(extents(frames, 120)).toEqual(["brief", "brief", "brief"]);
  expect(extents(frames, 90)).toEqual(["brief", "brief", "none"]);
  expect(extents(frames, 0)).toEqual(["none", "none", "none"]);
});
