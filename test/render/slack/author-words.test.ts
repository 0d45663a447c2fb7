import { expect, test } from "vitest";
import { markdownBlocks, type RichElement, type RichText } from "../../../src/render/markdown/slack.ts";
import { textLength } from "../../../src/render/slack/limits.ts";
import { slackProblems } from "../../../src/render/slack/problems/post.ts";
import { renderSlack } from "../../../src/render/slack/slack.ts";
import { checkBlocks } from "../../../src/sandbox/slack/limits/blocks.ts";
import { message, words } from "../sample.ts";

/** Numbers that look random and are the same each time (Park and Miller). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const WORDS = [
  "delay",
  "Denver",
  "é",
  "👩‍👩‍👧‍👦",
  "שלום",
  "日本語",
  "3.5%",
  "a&b",
  "x<y",
  "🇩🇪",
  "don't",
  "snake_case",
  "e\u0301t",
];

/** A text of an author with all marks that there are, and what is left of it without them. */
function document(seed: number, charsMax: number): { markdown: string; plain: string } {
  const pick = numbers(seed);
  const some = (count: number) => Array.from({ length: count }, () => WORDS[pick(WORDS.length)]).join(" ");
  const marked = (): [markdown: string, plain: string] => {
    const own = some(1 + pick(3));
    switch (pick(8)) {
      case 0:
        return [`**${own}**`, own];
      case 1:
        return [`*${own}*`, own];
      case 2:
        return [`_${own}_`, own];
      case 3:
        return [`\`${own}\``, own];
      case 4:
        return [`[${own}](https://x.example/${pick(9)})`, own];
      case 5:
        return [`**${own} *${own}* ${own}**`, `${own} ${own} ${own}`];
      case 6:
        return [`***${own}***`, own];
      default:
        return [own, own];
    }
  };
  let markdown = "";
  let plain = "";
  for (;;) {
    const [own, without] = marked();
    // Most texts have paragraphs and lists; some go on in one line, or line by line.
    const joint = seed % 3 === 0 ? " " : ([" ", "\n", "\n\n", "\n\n- "][pick(seed % 3 === 1 ? 4 : 2)] ?? " ");
    if (markdown.length + joint.length + own.length > charsMax) return { markdown, plain };
    markdown += markdown === "" ? own : `${joint}${own}`;
    plain += plain === "" ? without : ` ${without}`;
  }
}

function leaves(elements: readonly (RichText | { elements: readonly unknown[] })[]): string {
  const texts = (value: unknown): string => {
    const { text, elements: inner } = value as { text?: string; elements?: readonly unknown[] };
    return inner === undefined ? (text ?? "") : `${inner.map(texts).join("")} `;
  };
  return elements.map(texts).join("");
}
const bare = (said: string) => said.replace(/\s+/g, " ").trim();
const marks = (markdown: string) => markdown.match(/[*_`[]/g)?.length ?? 0;

const SEEDS = Array.from({ length: 9 }, (_, index) => index + 1);

test.each(SEEDS)(
  "an author's text with thousands of marks is read whole, and none of them shows (seed %i)",
  (seed) => {
    const { markdown, plain } = document(seed, 9_900);
    expect(marks(markdown)).toBeGreaterThan(1_000);
    expect(bare(leaves(markdownBlocks(markdown, 10_000)))).toBe(plain);
  },
);

test.each(SEEDS)(
  "a post of it keeps every limit, and goes on without a gap until it says that it is cut (seed %i)",
  (seed) => {
    const { markdown, plain } = document(seed, 2_000 + 870 * seed);
    const post = renderSlack(message([words("Notes", markdown)]));
    expect(slackProblems(post)).toEqual([]);
    expect(checkBlocks(post.blocks).list).toEqual([]);
    const own = post.blocks.slice(2, -1) as unknown as { elements: RichText[] }[];
    for (const block of own) expect(textLength(block)).toBeLessThanOrEqual(3_000);
    const said = bare(leaves(own));
    const [before = "", ...cut] = said.split("The text goes on; it is cut off here.");
    expect(plain.startsWith(before.trim())).toBe(true);
    if (cut.length === 0) expect(before).toBe(plain);
    else expect(textLength(own)).toBeGreaterThan(8_000);
  },
);

test.each([
  ["families", "👩‍👩‍👧‍👦", 800],
  ["flags", "🇩🇪", 2_000],
  ["letters with marks", "e\u0301\u0323", 2_500],
  ["emoji outside the first plane", "🎉", 4_000],
  ["entities to be", "&<>", 2_500],
  ["words", "word ", 1_800],
])("%s without end are cut between two of them", (_what, unit, times) => {
  for (const markdown of [
    unit.repeat(times),
    `**${unit.repeat(times).trim()}**`,
    `[${unit.repeat(times).trim()}](https://x.example)`,
  ]) {
    const post = renderSlack(message([words("Notes", markdown)]));
    expect(slackProblems(post)).toEqual([]);
    const own = post.blocks.slice(2, -1) as unknown as { elements: { elements: RichElement[] }[] }[];
    const texts = own.flatMap(({ elements }) =>
      elements.flatMap((section) => section.elements.map(({ text }) => text)),
    );
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts.slice(0, -1)) {
      expect(text.isWellFormed()).toBe(true);
      expect(text.length % unit.length).toBe(0);
    }
    expect(texts.join("").replace(/(The text goes on|…).*$/s, "").length).toBeGreaterThan(7_000);
  }
});

test("lists of more items than a block may hold, and items longer than one, are taken apart", () => {
  const many = Array.from({ length: 240 }, (_, index) => `${index + 1}. item ${index}`).join("\n");
  const long = `- ${"word ".repeat(700)}\n- short`;
  for (const markdown of [many, long]) {
    const post = renderSlack(message([words("Notes", markdown)]));
    expect(slackProblems(post)).toEqual([]);
    expect(checkBlocks(post.blocks).list).toEqual([]);
    expect(JSON.stringify(post.blocks)).not.toContain("cut off");
    expect(JSON.stringify(post.blocks)).toContain(markdown === many ? '"item 239"' : '"short"');
  }
});

test("marks that belong to nothing stay as they are written", () => {
  const lonely = "2 * 3 = 6, a_b, [see below], 5 ` and **";
  const said = bare(leaves(markdownBlocks(`${"**a** ".repeat(600)}\n\n${lonely}`, 10_000)));
  expect(said.endsWith(lonely)).toBe(true);
});

test("a text too entangled to be read has its words, and not the marks that are in pairs", () => {
  const said = bare(leaves(markdownBlocks("_a*".repeat(3_000), 10_000)));
  expect(said.replace(/[*_]/g, "").length).toBe(3_000);
  expect(
    bare(leaves(markdownBlocks(`**${"*a* _b_ [c](https://x.example) ".repeat(300).trim()}**`, 10_000))),
  ).not.toMatch(/[*_[]/);
});

test("what is introduced by the author in more than 3,000 characters is whole too", () => {
  const intro = "Good morning. ".repeat(280).trim();
  const post = renderSlack(message([], { intro }));
  expect(slackProblems(post)).toEqual([]);
  expect(JSON.stringify(post.blocks).match(/Good morning/g)).toHaveLength(280);
});
