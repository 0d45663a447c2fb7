/**
 * What Slack accepts in one message (https://docs.slack.dev/reference/block-kit/blocks and the pages of the single blocks;
 * `chat.postMessage`). If versions of a page differ, the smaller number.
 */
export const SLACK = {
  /** What lookpost writes; Slack advises 4,000. */
  textCharsMax: 3_000,
  textCharsAdvised: 4_000,
  blocksMax: 50,
  blockIdCharsMax: 255,
  headerCharsMax: 150,
  sectionCharsMax: 3_000,
  fieldsMax: 10,
  fieldCharsMax: 2_000,
  contextElementsMax: 10,
  contextCharsMax: 3_000,
  altCharsMax: 2_000,
  imageTitleCharsMax: 2_000,
  urlCharsMax: 3_000,
  tablesMax: 1,
  tableColumnsMax: 20,
  dataTableRowsMax: 200,
  dataTableCharsMax: 20_000,
  dataTablePageRowsMax: 100,
  /** The heading is one of them. */
  tableRowsMax: 100,
  tableCharsMax: 10_000,
  /** Not documented; a third one is refused. */
  chartsMax: 2,
  chartTitleCharsMax: 50,
  chartSeriesMax: 6,
  chartPointsMax: 20,
  chartSegmentsMax: 6,
  chartLabelCharsMax: 20,
  chartAxisCharsMax: 50,
  /** Not documented; longer texts have been refused now and then. */
  richTextCharsMax: 3_000,
  richTextElementsMax: 100,
  /** https://docs.slack.dev/messaging/message-metadata */
  metadataBytesMax: 8_000,
  /** Not documented; messages with much more text in their blocks have been refused as `msg_blocks_too_long`. */
  blockCharsMax: 12_000,
} as const;

/** UTF-16 units of all text in a part of a message, including links. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) =>
      sum + (typeof item === "string" && COUNTED.has(key) ? item.length : textLength(item)),
    0,
  );
}

const COUNTED = new Set(["text", "url", "alt_text", "title"]);
