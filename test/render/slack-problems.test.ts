import { expect, test } from "vitest";
import { slackProblems } from "./slack-problems.ts";

test.each([
  [
    "a long header",
    [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }],
    "151 characters",
  ],
  [
    "a long section",
    [{ type: "section", text: { type: "mrkdwn", text: "x".repeat(3_001) } }],
    "3001 characters",
  ],
  ["a mention", [{ type: "section", text: { type: "mrkdwn", text: "hi <!channel>" } }], "not part of a link"],
  ["an empty text", [{ type: "section", text: { type: "plain_text", text: "" } }], "0 characters"],
  [
    "a mention in rich text",
    [
      {
        type: "rich_text",
        elements: [{ type: "rich_text_section", elements: [{ type: "user", user_id: "U1" }] }],
      },
    ],
    "neither text nor link",
  ],
  ["too many blocks", Array.from({ length: 51 }, () => ({ type: "divider" })), "51 blocks"],
  ["an unknown block", [{ type: "markdown", text: "x" }], "type markdown"],
  [
    "eleven elements",
    [{ type: "context", elements: Array.from({ length: 11 }, () => ({ type: "plain_text", text: "x" })) }],
    "11 elements",
  ],
])("the checker sees %s", (_, wrong, message) => {
  expect(slackProblems({ text: "x", blocks: wrong }).join("\n")).toContain(message);
});

const cell = (words: string) => ({ type: "raw_text", text: words });
const grid = (rows: readonly unknown[][]) => ({ type: "data_table", caption: "c", page_size: 1, rows });

test.each([
  ["two tables", [grid([[cell("a")], [cell("b")]]), grid([[cell("a")], [cell("b")]])], "2 tables"],
  ["a table without rows", [grid([[cell("a")]])], "1 rows"],
  ["201 rows", [grid(Array.from({ length: 202 }, () => [cell("a")]))], "202 rows"],
  [
    "21 columns",
    [grid([Array.from({ length: 21 }, () => cell("a")), Array.from({ length: 21 }, () => cell("a"))])],
    "21 columns",
  ],
  ["uneven rows", [grid([[cell("a"), cell("b")], [cell("c")]])], "rows/1: 1 cells"],
  ["an empty cell", [grid([[cell("a")], [cell("")]])], "empty"],
  ["too many characters", [grid([[cell("a")], [cell("x".repeat(20_000))]])], "20001 characters"],
  [
    "a number in the heading",
    [grid([[{ type: "raw_number", value: 1, text: "1" }], [cell("b")]])],
    "raw_number",
  ],
  ["no caption", [{ ...grid([[cell("a")], [cell("b")]]), caption: "" }], "no caption"],
])("the checker sees a table with %s", (_, wrong, message) => {
  expect(slackProblems({ text: "x", blocks: wrong }).join("\n")).toContain(message);
});

test("the checker sees a text that is empty, too long or pings", () => {
  const blocks = [{ type: "section", text: { type: "plain_text", text: "x" } }];
  for (const words of ["", "x".repeat(3_001), "hello <!here>"])
    expect(slackProblems({ text: words, blocks })).toHaveLength(1);
  expect(slackProblems({ text: "see <https://x.example|this>", blocks })).toEqual([]);
});
