import type { SlackPost } from "../core/digest.ts";

/** What Slack takes in one message (Block Kit reference: blocks, data table block; `chat.postMessage`). */
export const SLACK = {
  textCharsMax: 3_000,
  blocksMax: 50,
  headerCharsMax: 150,
  sectionCharsMax: 3_000,
  contextElementsMax: 10,
  tablesMax: 1,
  tableRowsMax: 200,
  tableColumnsMax: 20,
  tableCharsMax: 20_000,
  pageSizeMax: 100,
  /** Not documented; messages with much more text in their blocks have been refused as `msg_blocks_too_long`. */
  blockCharsMax: 12_000,
} as const;

type Json = Readonly<Record<string, unknown>>;

/** Every way in which a post is beyond Slack's limits, with the place; empty for one that Slack will take. */
export function slackProblems(post: SlackPost): string[] {
  const tables = post.blocks.filter((block) => block.type === "data_table");
  const others = post.blocks.filter((block) => block.type !== "data_table");
  return [
    ...within("text", [...post.text].length, 1, SLACK.textCharsMax, "characters"),
    ...within("blocks", post.blocks.length, 1, SLACK.blocksMax, "blocks"),
    ...within("blocks", tables.length, 0, SLACK.tablesMax, "tables"),
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
      return textProblems(`${at}/text`, block.text, SLACK.sectionCharsMax);
    case "context": {
      const elements = list(block.elements);
      return [
        ...within(`${at}/elements`, elements.length, 1, SLACK.contextElementsMax, "elements"),
        ...elements.flatMap((element, index) =>
          textProblems(`${at}/elements/${index}`, element, SLACK.sectionCharsMax),
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
      return within(where, leaf.text.length, 1, SLACK.sectionCharsMax, "characters");
    }),
  ];
}

function tableProblems(at: string, block: Json): string[] {
  const rows = list(block.rows).map(list);
  const width = rows[0]?.length ?? 0;
  const cells = rows.flat().map(object);
  return [
    ...(typeof block.caption === "string" && block.caption !== "" ? [] : [`${at}: no caption`]),
    ...within(`${at}/page_size`, Number(block.page_size), 1, SLACK.pageSizeMax, "rows"),
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

/** UTF-16 units of all text in a piece of a message, links included. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) =>
      sum + (typeof item === "string" && (key === "text" || key === "url") ? item.length : textLength(item)),
    0,
  );
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
