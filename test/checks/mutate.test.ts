import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mutated } from "../../checks/mutate.ts";
import { MUTATIONS } from "../../checks/mutations.ts";

test.each(MUTATIONS)("$file has one line that breaks: $what", (mutation) => {
  const text = readFileSync(join(import.meta.dirname, "../..", mutation.file), "utf8");
  expect(mutated(text, mutation)).not.toBe(text);
});

test("a line that is not there, or more than once, is refused", () => {
  const mutation = { line: "x;", becomes: "" };
  expect(mutated("a; x; b;", mutation)).toBe("a;  b;");
  expect(() => mutated("a; b;", mutation)).toThrow("its line is there 0 times: x;");
  expect(() => mutated("x; x;", mutation)).toThrow("its line is there 2 times: x;");
});
