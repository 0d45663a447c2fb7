import { expect, test } from "vitest";
import { HEAD, problemsOf, read, withReport } from "../file.ts";

test("anchors, aliases and merge keys work, and what is written next to a merge wins", () => {
  const head = `${HEAD}x-common: &common
  owner: ops@example.com
  limit: 10
  deliver: &people [{ email: ops@example.com }]
x-more: &more { rows: 5, limit: 99 }
`;
  const { config, problems } = read(withReport("<<: [*common, *more]\nowner: Ana\ndeliver: *people", head));
  expect(problems).toEqual([]);
  expect(config?.reports[0]).toMatchObject({ owner: "Ana", sections: [{ limit: 10, rowsShown: 5 }] });
});

test("a mistake under an anchor is reported once, where it is", () => {
  const head = `${HEAD}x-people: &people [{ email: nobody }]\n`;
  const text = `${withReport("deliver: *people", head)}  daily: { schedule: "0 8 * * *", look: 1, deliver: *people }\n`;
  expect(problemsOf(text)).toEqual(['5:29 "nobody" is not an address: write name@example.com']);
  expect(read(text).config?.reports).toEqual([]);
});

test("aliases of aliases stop at a limit", () => {
  const levels = "abcdefghi".split("").map((name, index, all) => {
    const before = all[index - 1];
    return `x-${name}: &${name} [${before === undefined ? "lol" : Array(9).fill(`*${before}`).join(", ")}]`;
  });
  const { config, problems } = read(withReport("", `${HEAD}${levels.join("\n")}\n`));
  expect(config).toBeNull();
  expect(problems[0]?.message).toBe("the file's aliases unfold to more than 500000 values");
});

test("nesting stops at a limit", () => {
  const deep = (levels: number) =>
    problemsOf(withReport("", `${HEAD}x-deep: ${"[".repeat(levels)}${"]".repeat(levels)}\n`));
  expect(deep(50)).toEqual([]);
  expect(deep(100)).toEqual(["5:69 the file is nested too deeply"]);
  expect(problemsOf("{".repeat(500_000))).toEqual([
    expect.stringMatching(/^1:\d+ the file is nested too deeply$/),
  ]);
  expect(deep(100_000)).toEqual([expect.stringMatching(/^5:\d+ the file is nested too deeply$/)]);
});

test("Windows line ends and a byte order mark change no place", () => {
  const text = withReport("limit: many");
  expect(problemsOf(`\uFEFF${text.replaceAll("\n", "\r\n")}`)).toEqual(problemsOf(text));
  expect(read(text.replaceAll("\n", "\r\n")).problems[0]?.excerpt).toBe("    limit: many\n           ^^^^");
});

test("a long line is shown around the place", () => {
  const text = withReport(
    `filters: { ${"a.b: x, ".repeat(1).replace("a.b", "a.c")}${"y".repeat(300)}: [1] }`,
  );
  const [source = "", caret = ""] = read(text).problems[0]?.excerpt.split("\n") ?? [];
  expect(source.length).toBeLessThanOrEqual(160);
  expect(caret.length).toBeLessThanOrEqual(160);
});

test("what goes wrong within one value leaves the rest of the file to be checked", () => {
  expect(problemsOf(withReport("schedule: * 8 * * mon\ntitle: @weekly\nlimit: many"))).toEqual([
    "7:15 an unquoted * at the start of a value refers to a YAML anchor",
    "8:12 a value that starts with @ has to be in quotes",
    "9:12 limit has to be a whole number, or -1 for all rows; it is text",
  ]);
});

test("an empty value whose comment is one is simply empty", () => {
  expect(problemsOf(withReport("owner: # to be named"))).toEqual(["7:5 owner is empty"]);
});

test("a file that is nested deeper than the reader of YAML can follow is said to be", () => {
  expect(problemsOf(`a: { b: ${"a: ".repeat(20_000)}\n`)).toEqual(["1:1 the file is nested too deeply"]);
});
