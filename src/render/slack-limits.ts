/** What Slack takes in one message (Block Kit reference: blocks, data table block; `chat.postMessage`). */
export const SLACK = {
  textCharsMax: 3_000,
  blocksMax: 50,
  headerCharsMax: 150,
  tableRowsMax: 200,
  tableColumnsMax: 20,
  tableCharsMax: 20_000,
  /** Not documented; messages with much more text in their blocks have been refused as `msg_blocks_too_long`. */
  blockCharsMax: 12_000,
} as const;

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
