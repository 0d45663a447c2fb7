import { expect, test } from "vitest";
import { loneStore } from "../../src/config/index.ts";

const find = (text: string, env: Record<string, string> = {}) =>
  loneStore(text, {
    env,
    readFile: () => {
      throw new Error("no file is read here");
    },
  });

test.each([
  ["store: file:./there\nreports: [", { kind: "file", directory: "./there" }],
  ["x: [\nstore: 'file:/srv/data' # the volume\n", { kind: "file", directory: "/srv/data" }],
  ['store: "${HERE:-file:./here}"\n', { kind: "file", directory: "./here" }],
  ["reports: [", { kind: "file", directory: "./data" }],
])("the ledger of a file that is broken elsewhere is found: %j", (text, store) => {
  expect(find(text)).toEqual(store);
});

test("the environment names it where the file does not", () => {
  expect(find("x: [", { LOOKPOST_STORE: "file:/data" })).toEqual({ kind: "file", directory: "/data" });
});

test("where the line itself cannot be used, there is none", () => {
  expect(find("store: ${UNSET}\n")).toBeNull();
  expect(find("store: nowhere\n")).toBeNull();
});
