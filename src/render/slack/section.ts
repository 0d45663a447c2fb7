import type { Message, MessageSection } from "../../core/model/message.ts";
import type { Show } from "../../core/model/show.ts";
import type { Table } from "../../core/model/table.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { isolatedLine, lineText } from "../words/cell-text.ts";
import { kpiBrief } from "../words/show-words.ts";
import {
  type DataSection,
  hasData,
  isFigures,
  rowsPhrase,
  type Shown,
  seeAll,
  shownSentences,
} from "../words/shown.ts";
import { heading, notices, ownTime, phrasesOf, sinceWords } from "../words/words.ts";
import { type WordsRoom, words } from "./author-words.ts";
import { type Block, context, link, richText, text } from "./block.ts";
import { changesBlock } from "./changes.ts";
import { seriesWords, slackChart } from "./chart.ts";
import { SLACK } from "./limits.ts";
import { emphasisKey, slackTable, type TableKind } from "./table.ts";
import { subtotalsLine, totalsLine } from "./totals.ts";

const NOTICES_MAX = 3;
const TITLE_CHARS_MAX = 200;

/** How much of a message's limits is left for a section. */
export interface Allowance {
  readonly table: TableKind;
  readonly tableCharsMax: number;
  readonly hasChart: boolean;
  /** Of all that the section shows, but for tables. */
  readonly charsMax: number;
  readonly blocksMax: number;
  /** Slack's ids of pictures by their names. */
  readonly pictures: ReadonlyMap<string, string>;
}

/** A section: title, words, data, and a line on how much of it is shown and where the rest is. */
export function slackSection(
  section: MessageSection,
  message: Message,
  allowance: Allowance,
): readonly Block[] {
  const body = hasData(section) ? bodyOf(section, message, allowance) : NO_BODY;
  const title = body.hasTitle && section.text === null ? null : heading(section, message);
  return [
    ...(title === null ? [] : [richText([text(title, true)])]),
    ...words(section.text, wordsRoom(section, allowance), phrasesOf(message)),
    ...body.blocks,
    ...underline(section, message, body),
  ];
}

// What a long text leaves to the rest of its section: its title, its data and the lines below them.
const BESIDE_WORDS_CHARS = 1_500;
const BESIDE_WORDS_ALONE_CHARS = 400;
const BESIDE_WORDS_BLOCKS = 3;
const WORDS_CHARS_LEAST = 1_000;

function wordsRoom(section: MessageSection, { charsMax, blocksMax }: Allowance): WordsRoom {
  const beside = section.data === null ? BESIDE_WORDS_ALONE_CHARS : BESIDE_WORDS_CHARS;
  return {
    charsMax: Math.max(WORDS_CHARS_LEAST, charsMax - beside),
    blocksMax: Math.max(2, blocksMax - BESIDE_WORDS_BLOCKS),
  };
}

/** One line for a section that there is no room to show. */
export function slackLine(section: MessageSection, phrases: Phrases): readonly Block[] {
  const { frame, tables } = phrases;
  const title = text(isolatedLine(lineText(section.title, 120)) || frame.untitled, true);
  if (section.data === null) return [title, text("\n")];
  const { table, url, show, noun } = section.data;
  const value = show.kind === "kpi" ? kpiBrief(show.kpi, phrases) : null;
  const phrase =
    value ?? (table.rowCount === 0 ? tables.noRows : rowsPhrase(table.rowCount, table, phrases, noun));
  const open = link(url, frame.openInLooker);
  return [title, text(`: ${phrase}`), ...(open === null ? [] : [text(" · "), open]), text("\n")];
}

interface Body {
  readonly blocks: readonly Block[];
  readonly shown: Shown | null;
  /** Sentences that come before how much is shown. */
  readonly notes: readonly string[];
  /** Whether the block shows the title itself. */
  readonly hasTitle?: boolean;
}

const NO_BODY: Body = { blocks: [], shown: null, notes: [] };

function bodyOf(section: DataSection, message: Message, allowance: Allowance): Body {
  const { data } = section;
  const { show, table } = data;
  const phrases = phrasesOf(message);
  // A drawing shows no rows as such.
  const drawn = { rows: 0, columns: table.columns.length };
  switch (show.kind) {
    case "chart":
      return { ...chartBody(section, message, show, allowance), shown: drawn };
    case "image": {
      const image = pictureBlock(show.picture, message, allowance);
      return image === null
        ? tableBody(section, message, allowance)
        : { blocks: [image], shown: drawn, notes: [] };
    }
    case "changes": {
      const { since } = show.changes;
      const date = since === null ? null : sinceWords(since, message.run);
      return { blocks: [changesBlock(show.changes, table, date, phrases)], shown: null, notes: [] };
    }
    case "table":
      return tableBody(section, message, allowance);
    default:
      return { ...NO_BODY, shown: drawn };
  }
}

function chartBody(
  { title }: DataSection,
  message: Message,
  { series, picture }: Show & { kind: "chart" },
  allowance: Allowance,
): Pick<Body, "blocks" | "notes" | "hasTitle"> {
  const own = allowance.hasChart && series !== null ? slackChart(title, series, phrasesOf(message)) : null;
  if (own !== null) return { blocks: [own], notes: [], hasTitle: title.length <= SLACK.chartTitleCharsMax };
  const image = pictureBlock(picture, message, allowance);
  if (image !== null) return { blocks: [image], notes: [] };
  const alt = altOf(picture, message) || (series === null ? "" : seriesWords(series, phrasesOf(message)));
  return { blocks: alt === "" ? [] : [richText([text(alt)])], notes: [] };
}

function pictureBlock(name: string | null, message: Message, allowance: Allowance): Block | null {
  const id = name === null ? undefined : allowance.pictures.get(name);
  if (id === undefined) return null;
  return {
    type: "image",
    slack_file: { id },
    alt_text: altOf(name, message) || phrasesOf(message).frame.pictureName,
  };
}

/** What a picture says, in words. */
export function altOf(name: string | null, message: Message): string {
  const picture = name === null ? undefined : message.pictures.find((each) => each.name === name);
  return lineText(picture?.alt ?? "", 1_500);
}

function tableBody(section: DataSection, message: Message, allowance: Allowance): Body {
  const { title, data } = section;
  const phrases = phrasesOf(message);
  const { table, rowsShown } = data;
  const none = { ...NO_BODY, shown: { rows: 0, columns: table.columns.length } };
  if (table.rows.length === 0 || rowsShown === 0) return none;
  if (isFigures(table))
    return { blocks: [figureLine(table)], shown: { rows: 1, columns: table.columns.length }, notes: [] };
  const emphasis = data.show.kind === "table" ? data.show.emphasis : [];
  const made = slackTable(
    { title, table, rowsMax: rowsShown, emphasis, charsMax: allowance.tableCharsMax, phrases },
    allowance.table,
  );
  if (made === null) return none;
  const key = emphasisKey({ table, emphasis }, made.kind);
  const latest = made.isLatest ? phrases.tables.latestColumns : null;
  const totals = made.kind === "text" ? null : totalsLine(table, made.rowsShown, phrases);
  // Slack demands a caption and shows it: it is the title, unless that stands above already.
  const isTitled = section.text !== null || heading(section, message) === null;
  const caption = isTitled ? rowsPhrase(made.rowsShown, table, phrases, data.noun) : title;
  const isCaption = made.kind === "data_table";
  return {
    blocks: [isCaption ? { ...made.block, caption: lineText(caption, TITLE_CHARS_MAX) || "–" } : made.block],
    hasTitle: isCaption && lineText(title, TITLE_CHARS_MAX + 1).length <= TITLE_CHARS_MAX,
    shown: { rows: made.rowsShown, columns: made.columnsShown },
    notes: [
      key,
      latest,
      made.kind === "text" ? null : subtotalsLine(table, made.rowsShown, phrases),
      totals,
    ].filter((note) => note !== null),
  };
}

function underline(section: MessageSection, message: Message, body: Body): readonly Block[] {
  const phrases = phrasesOf(message);
  const notes = notices(section.notices, NOTICES_MAX, 300, phrases);
  if (!hasData(section)) return blockOf(context(notes.map((notice) => `⚠ ${notice}`)));
  const { data } = section;
  const sentences = body.shown === null ? [] : shownSentences(section, message, body.shown);
  const all = body.shown === null ? null : seeAll(data, body.shown, phrases);
  return blockOf(
    context(
      [ownTime(data, message), ...body.notes, [...sentences, ...notes].join(" ")],
      all === null ? null : { url: data.url, words: all },
    ),
  );
}

function blockOf(block: Block | null): readonly Block[] {
  return block === null ? [] : [block];
}

function figureLine(table: Table): Block {
  const elements = table.columns.flatMap((column, index) => {
    const label = `${index === 0 ? "" : "   "}${isolatedLine(lineText(column.label, 80))} `;
    return [
      text(label),
      text(isolatedLine(lineText(table.rows[0]?.[index]?.rendered ?? "", 80)) || "–", true),
    ];
  });
  return richText(elements);
}
