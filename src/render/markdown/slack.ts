import type { MarkdownBlock, MarkdownLine, MarkdownWords } from "./blocks.ts";
import { readMarkdown } from "./markdown.ts";
import { tableLines } from "./text.ts";

/*
 * The elements of a rich_text block (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block), whose texts Slack takes
 * literally: nothing in them becomes a mention.
 */

export type RichText =
  | { readonly type: "rich_text_section"; readonly elements: readonly RichElement[] }
  | { readonly type: "rich_text_quote"; readonly elements: readonly RichElement[] }
  | { readonly type: "rich_text_preformatted"; readonly elements: readonly RichElement[] }
  | {
      readonly type: "rich_text_list";
      readonly style: "bullet" | "ordered";
      readonly indent: number;
      /** How many numbers come before the first. */
      readonly offset?: number;
      readonly elements: readonly {
        readonly type: "rich_text_section";
        readonly elements: readonly RichElement[];
      }[];
    };

export type RichElement =
  | { readonly type: "text"; readonly text: string; readonly style?: RichStyle }
  | { readonly type: "link"; readonly url: string; readonly text: string; readonly style?: RichStyle };

type RichStyle = { readonly bold?: true; readonly italic?: true; readonly code?: true };

const INDENT_MAX = 5;
/** Of Slack's narrow column, in letters of one width. */
const TABLE_WIDTH_MAX = 76;

/** Markdown as elements of a rich_text block; empty if nothing is left of it. */
export function markdownBlocks(text: string, charsMax = 3_000): readonly RichText[] {
  const blocks = readMarkdown(text, charsMax);
  return blocks.flatMap((block, index) => elementsOf(block, 0, index === blocks.length - 1));
}

function elementsOf(block: MarkdownBlock, indent: number, isLast: boolean): RichText[] {
  // Slack leaves no space between sections.
  const end: RichElement[] = isLast ? [] : [{ type: "text", text: "\n" }];
  switch (block.kind) {
    case "heading":
      return section([...richLine(block.line, { bold: true }), ...end]);
    case "paragraph":
      return section([...richLine(block.line), ...end]);
    case "code":
      return block.text === ""
        ? []
        : [{ type: "rich_text_preformatted", elements: [{ type: "text", text: block.text }] }];
    case "table": {
      const text = tableLines(block, TABLE_WIDTH_MAX).join("\n");
      return text === "" ? [] : [{ type: "rich_text_preformatted", elements: [{ type: "text", text }] }];
    }
    case "rule":
      return section([{ type: "text", text: "———\n" }]);
    case "quote": {
      const elements = block.blocks.flatMap((inner, index) => [
        ...(index === 0 ? [] : [NEWLINE]),
        ...richLine(plainLine(inner)),
      ]);
      return elements.length === 0 ? [] : [{ type: "rich_text_quote", elements }];
    }
    case "list":
      return listOf(block, indent);
  }
}

const NEWLINE: RichElement = { type: "text", text: "\n" };

/** A list, and the lists inside its items, one indent further: Slack nests lists by their indents only. */
function listOf(list: MarkdownBlock & { kind: "list" }, indent: number): RichText[] {
  const style = list.start === null ? "bullet" : "ordered";
  const parts: RichText[] = [];
  list.items.forEach((item, index) => {
    const words = item.filter((block) => block.kind !== "list");
    const elements = words.flatMap((block, position) => [
      ...(position === 0 ? [] : [NEWLINE]),
      ...richLine(plainLine(block)),
    ]);
    const offset = (list.start ?? 1) - 1 + index;
    const own = { type: "rich_text_section", elements: elements.length === 0 ? [SPACE] : elements } as const;
    const last = parts.at(-1);
    if (last?.type === "rich_text_list" && last.indent === indent)
      parts[parts.length - 1] = { ...last, elements: [...last.elements, own] };
    else
      parts.push({
        type: "rich_text_list",
        style,
        indent,
        ...(style === "ordered" && offset > 0 ? { offset } : {}),
        elements: [own],
      });
    for (const inner of item)
      if (inner.kind === "list") parts.push(...listOf(inner, Math.min(INDENT_MAX, indent + 1)));
  });
  return parts;
}

const SPACE: RichElement = { type: "text", text: " " };

function section(elements: readonly RichElement[]): RichText[] {
  return elements.length === 0 ? [] : [{ type: "rich_text_section", elements }];
}

/** A block as plain text, where Slack takes nothing else. */
function plainLine(block: MarkdownBlock): MarkdownLine {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return block.line;
    case "code":
      return [{ text: block.text, bold: false, italic: false, code: true, href: null }];
    case "table":
      return [{ ...BULLET, text: tableLines(block, TABLE_WIDTH_MAX).join("\n"), code: true }];
    case "rule":
      return [];
    case "quote":
      return block.blocks.flatMap((inner, index) => [...(index === 0 ? [] : [null]), ...plainLine(inner)]);
    case "list":
      return block.items.flatMap((item) =>
        item.flatMap((inner) => [null, { ...BULLET, text: "• " }, ...plainLine(inner)]),
      );
  }
}

const BULLET: MarkdownWords = { text: "", bold: false, italic: false, code: false, href: null };

function richLine(line: MarkdownLine, over: RichStyle = {}): RichElement[] {
  return line.flatMap((words): RichElement[] => {
    if (words === null) return [NEWLINE];
    // Slack refuses an element without text.
    if (words.text === "") return [];
    const style = { ...styleOf(words), ...over };
    const styled = Object.keys(style).length === 0 ? {} : { style };
    return words.href === null
      ? [{ type: "text", text: words.text, ...styled }]
      : [{ type: "link", url: words.href, text: words.text, ...styled }];
  });
}

function styleOf({ bold, italic, code }: MarkdownWords): RichStyle {
  return { ...(bold && { bold: true }), ...(italic && { italic: true }), ...(code && { code: true }) };
}
