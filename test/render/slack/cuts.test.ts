import { expect, test } from "vitest";
import type { Block } from "../../../src/render/slack/block.ts";
import { slackProblems } from "../../../src/render/slack/problems/post.ts";
import { renderSlack } from "../../../src/render/slack/slack.ts";
import { checkBlocks } from "../../../src/sandbox/slack/limits/blocks.ts";
import { column, message, number, rowTotal, section, table, text, words } from "../sample.ts";

function blocksOf(given: Parameters<typeof message>[0]): readonly Block[] {
  const post = renderSlack(message(given));
  expect(slackProblems(post)).toEqual([]);
  expect(checkBlocks(post.blocks).list).toEqual([]);
  return post.blocks;
}

function gridOf(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const { rows = [] } = blocks.find(({ type }) => type === "data_table") ?? {};
  return rows as Block[][];
}

/** A row for each airport, a column for each of `months` from January 2024 on, and a total. */
function pivot(months: readonly string[]) {
  return table(
    [column("Origin"), ...months.map((month) => column("Flights", true, [month])), rowTotal("Flights")],
    [[text("ATL"), ...months.map((_, index) => number(index + 1)), number(999)]],
    { pivotLabels: ["Month"] },
  );
}

const MONTHS = Array.from({ length: 36 }, (_, index) => {
  const month = String((index % 12) + 1).padStart(2, "0");
  return `${2024 + Math.floor(index / 12)}-${month}`;
});

test("a pivot over time that is cut keeps its latest columns, what names the rows, and the total", () => {
  const blocks = blocksOf([section("By month", pivot(MONTHS))]);
  const [heading, row] = gridOf(blocks);
  const heads = heading?.map((cell) => String(cell.text)) ?? [];
  expect(heads).toHaveLength(20);
  expect(heads[0]).toBe("Origin");
  expect(heads[1]).toContain("2025-07");
  expect(heads[18]).toContain("2026-12");
  expect(row?.map((cell) => cell.text)).toEqual([
    "ATL",
    ...Array.from({ length: 18 }, (_, n) => `${n + 19}`),
    "999",
  ]);
  expect(JSON.stringify(blocks)).toContain("20 of 38 columns");
  expect(JSON.stringify(blocks)).toContain("The latest columns are shown.");
});

test("the newest first are kept where they come first, and a pivot of other things keeps its order", () => {
  for (const names of [[...MONTHS].reverse(), MONTHS.map((month) => `Carrier ${month}`)]) {
    const blocks = blocksOf([section("By month", pivot(names))]);
    const [heading] = gridOf(blocks);
    expect(String(heading?.[1]?.text)).toContain(names[0] ?? "");
    expect(JSON.stringify(blocks)).not.toContain("The latest columns");
  }
});

test("fixed-width text keeps the latest columns too", () => {
  const post = renderSlack(message([section("A", pivot(MONTHS)), section("B", pivot(MONTHS))]));
  const plain = JSON.stringify(post.blocks.filter(({ type }) => type === "rich_text"));
  expect(plain).toContain("2026-12");
  expect(plain).not.toContain("2024-01");
});

const textOf = (blocks: readonly Block[]) =>
  JSON.stringify(blocks.filter(({ type }) => type === "rich_text"));

test("words of more than 3,000 characters go on in further blocks, whole and without raw marks", () => {
  const paragraphs = Array.from(
    { length: 50 },
    (_, index) => `**Point ${index}** ${"of many words ".repeat(6)}`,
  );
  const blocks = blocksOf([words("Notes", paragraphs.join("\n\n"))]);
  const said = textOf(blocks);
  expect(blocks.filter(({ type }) => type === "rich_text").length).toBeGreaterThan(2);
  expect(said).toContain("Point 49");
  expect(said).not.toContain("**");
});

test("one long paragraph, one long list and one long piece of code are taken apart between words", () => {
  const long = "word ".repeat(900).trim();
  expect(textOf(blocksOf([words("A", long)])).match(/word/g)).toHaveLength(900);
  expect(textOf(blocksOf([words("B", `\`\`\`\n${long}\n\`\`\``)])).match(/word/g)).toHaveLength(900);
  const list = Array.from({ length: 90 }, (_, index) => `${index + 1}. item ${"x".repeat(40)}`).join("\n");
  const lists = blocksOf([words("C", list)]).flatMap((block) =>
    ((block.elements ?? []) as Block[]).filter(({ type }) => type === "rich_text_list"),
  );
  expect(lists.length).toBeGreaterThan(1);
  const counted = lists.map(({ elements, offset = 0 }) => [Number(offset), (elements as Block[]).length]);
  expect(counted.reduce((sum, [, own = 0]) => sum + own, 0)).toBe(90);
  // Each goes on with the number after the last.
  expect(counted[1]?.[0]).toBe(counted[0]?.[1]);
});
