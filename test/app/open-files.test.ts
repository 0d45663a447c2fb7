import { expect, test } from "vitest";
import { KEPT_FOR_DRAWING, withinOpenFiles } from "../../src/app/open-files.ts";
import { drawingFiles } from "../../src/draw/process/files.ts";

test("at the usual limit of open files nothing is held back", () => {
  expect(withinOpenFiles(40, "run", 1_024)).toBe(40);
  expect(withinOpenFiles(200, "delivery", 1_024)).toBe(200);
  expect(withinOpenFiles(10, "query", Number.POSITIVE_INFINITY)).toBe(10);
});

test("at a low one less is under way at once, and one of each in any case", () => {
  expect(withinOpenFiles(40, "run", 128)).toBe(12);
  for (const what of ["run", "delivery", "query"] as const) {
    expect(withinOpenFiles(40, what, 40)).toBeLessThan(3);
    expect(withinOpenFiles(40, what, 10)).toBe(1);
  }
});

test("the files that are kept for the process that draws are counted", () => {
  expect(drawingFiles()).toHaveLength(KEPT_FOR_DRAWING);
});
