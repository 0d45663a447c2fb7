import type { SlackPost } from "../../src/core/digest.ts";
import { SLACK, textLength } from "../../src/render/slack-limits.ts";

const SECTION_CHARS_MAX = 3_000;
const CONTEXT_ELEMENTS_MAX = 10;
const TABLES_MAX = 1;
const PAGE_SIZE_MAX = 100;

type Json = Readonly<Record<string, unknown>>;

/** Every way in which a post is beyond Slack's limits, with the place; empty for one that Slack will take. */
export function slackProblems(post: SlackPost): string[] {
  const tables = post.blocks.filter((block) => block.type === "data_table");
  const others = post.blocks.filter((block) => block.type !== "data_table");
  return [
    ...within("text", [...post.text].length, 1, SLACK.textCharsMax, "characters"),
    ...within("blocks", post.blocks.length, 1, SLACK.blocksMax, "blocks"),
    ...within("blocks", tables.length, 0, TABLES_MAX, "tables"),
    ...within("blocks", textLength(others), 1, SLACK.blockCharsMax, "characters outside tables"),
    ...mentions("text", post.text),
    ...post.blocks.flatMap((block, index) => blockProblems(`blocks/${index}`, block)),
  ];
}

function blockProblems(at: string, block: Json): string[] {
  switch (block.type) {
    case "header":
      return textProblems(`${at}/text`, block.text, SLACK.headerCharsMax);
    case "section":
      return textProblems(`${at}/text`, block.text, SECTION_CHARS_MAX);
    case "context": {
      const elements = list(block.elements);
      return [
        ...within(`${at}/elements`, elements.length, 1, CONTEXT_ELEMENTS_MAX, "elements"),
        ...elements.flatMap((element, index) =>
          textProblems(`${at}/elements/${index}`, element, SECTION_CHARS_MAX),
        ),
      ];
    }
    case "rich_text":
      return richTextProblems(at, block);
    case "data_table":
      return tableProblems(at, block);
    case "divider":
      return [];
    default:
      return [`${at}: a block of type ${String(block.type)}, which is not known here`];
  }
}

function textProblems(at: string, value: unknown, charsMax: number): string[] {
  const { type, text } = object(value);
  if (typeof text !== "string") return [`${at}: no text`];
  if (type !== "plain_text" && type !== "mrkdwn") return [`${at}: type ${String(type)}`];
  return [
    ...within(at, text.length, 1, charsMax, "characters"),
    ...(type === "mrkdwn" ? mentions(at, text) : []),
  ];
}

function richTextProblems(at: string, block: Json): string[] {
  const parts = list(block.elements);
  const leaves = parts.flatMap((part) => list(object(part).elements).map(object));
  return [
    ...within(`${at}/elements`, parts.length, 1, 100, "elements"),
    ...leaves.flatMap((leaf, index) => {
      const where = `${at}/elements/${index}`;
      if (leaf.type === "link" && typeof leaf.url === "string")
        return within(where, leaf.url.length, 1, 3_000, "characters");
      if (leaf.type !== "text" || typeof leaf.text !== "string") return [`${where}: neither text nor link`];
      return within(where, leaf.text.length, 1, SECTION_CHARS_MAX, "characters");
    }),
  ];
}

function tableProblems(at: string, block: Json): string[] {
  const rows = list(block.rows).map(list);
  const width = rows[0]?.length ?? 0;
  const cells = rows.flat().map(object);
  return [
    ...(typeof block.caption === "string" && block.caption !== "" ? [] : [`${at}: no caption`]),
    ...within(`${at}/page_size`, Number(block.page_size), 1, PAGE_SIZE_MAX, "rows"),
    ...within(`${at}/rows`, rows.length, 2, SLACK.tableRowsMax + 1, "rows"),
    ...within(`${at}/rows/0`, width, 1, SLACK.tableColumnsMax, "columns"),
    ...rows.flatMap((row, index) =>
      row.length === width ? [] : [`${at}/rows/${index}: ${row.length} cells`],
    ),
    ...within(`${at}/rows`, textLength(cells), 1, SLACK.tableCharsMax, "characters"),
    ...cells.flatMap((cell, index) => cellProblems(`${at}/cell ${index}`, cell, index < width)),
  ];
}

function cellProblems(at: string, cell: Json, isHeading: boolean): string[] {
  if (typeof cell.text !== "string" || cell.text === "") return [`${at}: empty`];
  if (cell.type === "raw_text") return [];
  if (cell.type === "raw_number" && !isHeading && Number.isFinite(cell.value)) return [];
  return [`${at}: type ${String(cell.type)}, value ${String(cell.value)}`];
}

// In text and mrkdwn, <…> is Slack's own: links are allowed, mentions (<!channel>, <@U1>, <#C1>) never.
function mentions(at: string, text: string): string[] {
  const odd = text.replace(/<https?:\/\/[^<>|\s]+(\|[^<>|]*)?>/g, "");
  return /[<>]/.test(odd) ? [`${at}: < or > that is not part of a link`] : [];
}

function within(at: string, number: number, min: number, max: number, unit: string): string[] {
  return number >= min && number <= max ? [] : [`${at}: ${number} ${unit}, allowed are ${min} to ${max}`];
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
