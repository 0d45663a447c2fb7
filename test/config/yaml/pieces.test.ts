import { expect, test } from "vitest";
import { LineCounter, parse } from "yaml";
import { readDocument } from "../../../src/config/yaml/document.ts";
import { readInPieces } from "../../../src/config/yaml/pieces.ts";
import { spotAt } from "../../../src/config/yaml/spot.ts";
import { HEAD, read } from "../file.ts";
import { env } from "../language.ts";

const SURROUNDINGS = { env, readFile: () => "" };
const BODY = `
    # A comment, # and another one
    schedule: "0 8 * * mon"
    look: 42
# one in the first column

    description: ${"a long one ".repeat(80)}
    deliver:
    - { email: ops@example.com }
`;

/** A file of well over 200,000 characters; `odd` stands in place of its 100th report. */
function large(odd = `  odd:${BODY}`, behind = ""): string {
  const report = (index: number) => (index === 100 ? odd : `  report-${index}:${BODY}`);
  return `${HEAD}reports: # all of them\n${Array.from({ length: 250 }, (_, index) => report(index)).join("")}${behind}`;
}

/** As the YAML package reads it at one go, with the references filled in. */
const parsed = (text: string) =>
  parse(
    text.replaceAll(/\$\{(\w+)\}/g, (_, name: keyof typeof env) => env[name]),
    { merge: true },
  );

const isRead = (text: string) => {
  const pieces = readInPieces(text, new LineCounter());
  return pieces !== null && [...pieces.pairs()].length > 0 && !pieces.isInDoubt();
};

test("a large file is read a few reports at a time, to the same value and places as at one go", () => {
  const text = large(undefined, "store: file:./data # behind the reports\nx-more: [1, 2]\n");
  expect(isRead(text)).toBe(true);
  const document = readDocument(text, SURROUNDINGS);
  expect(document.value).toEqual(parsed(text));
  const { spot } = spotAt(document.root, ["reports", "report-249", "look"]);
  expect(text.slice(...(spot.key ?? []))).toBe("look");
  expect(text.slice(...spot.value)).toBe("42");
  expect(document.lines.linePos(spot.value[0])).toEqual({
    line: text.slice(0, spot.value[0]).split("\n").length,
    col: 11,
  });
  expect(document.lines.lineStarts).toHaveLength(text.split("\n").length);
});

test("Windows line ends do not matter to it", () => {
  const text = large().replaceAll("\n", "\r\n");
  expect(isRead(text)).toBe(true);
  expect(readDocument(text, SURROUNDINGS).value).toEqual(parsed(text));
});

test("anchors reach across the pieces, and behind the reports", () => {
  const anchored = `  odd: &odd\n    owner: &owner Ana${BODY}`;
  const text = `${large(anchored, "x-owner: *owner\n").replace("  report-150:", "  again: *odd\n  report-150:")}`;
  expect(isRead(text)).toBe(true);
  const { value, problems } = readDocument(text, SURROUNDINGS);
  expect(problems).toEqual([]);
  expect(value).toMatchObject({ "x-owner": "Ana", reports: { again: { owner: "Ana", look: 42 } } });
});

test("two reports of one name are found in different pieces", () => {
  expect(read(large(`  report-7:${BODY}`)).problems.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^two reports are called "report-7": lines \d+ and \d+$/),
  ]);
});

test.each([
  ["a second colon", `  odd: a: b${BODY}`, "a second colon on the line makes no sense here"],
  ["a tab", `  odd:\n\tlook: 42\n`, "a tab is used for indentation"],
  ["an open quote", `  odd: "${BODY}`, null],
  ["an open bracket", `  odd: [${BODY}`, null],
  ["a second document", `---\nodd: 1\n`, "the file has more than one YAML document"],
])("with %s the file is read whole, and told as a small one is", (_what, odd, message) => {
  const text = large(odd);
  expect(isRead(text)).toBe(false);
  const told = read(text).problems;
  expect(told.length).toBeGreaterThan(0);
  if (message !== null) expect(told.map((problem) => problem.message)).toContain(message);
});

test.each([
  ["a merge", "  <<: { odd: 1 }\n"],
  ["a key of its own kind", `  ? odd\n  : 1\n`],
  ["a text over several lines", `  odd: "one\n\n    two"\n`],
  ["a block of text", `  odd: |+\n    reports:\n      two:\n\n`],
  ["deeper reports", `  odd:\n      schedule: x\n`],
])("with %s among its reports the value is the same as at one go", (_what, odd) => {
  const text = large(odd);
  expect(readDocument(text, SURROUNDINGS).value).toEqual(parsed(text));
});

test("a file whose reports are on the line itself, or that starts with a directive, is read whole", () => {
  expect(isRead(large().replace("reports: # all of them\n", "reports: &all\n"))).toBe(false);
  expect(isRead(`%YAML 1.1\n---\n${large()}`)).toBe(false);
  expect(isRead(`${HEAD}reports:\n  one:${BODY}`)).toBe(false);
});
