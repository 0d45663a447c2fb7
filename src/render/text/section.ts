import type { Message, MessageSection } from "../../core/model/message.ts";
import type { Changes, Kpi } from "../../core/model/show.ts";
import type { Cell, Table } from "../../core/model/table.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { broken, markdownText, wrapped } from "../markdown/text.ts";
import { isolatedLine, lineText, safeHref } from "../words/cell-text.ts";
import { chartFigures } from "../words/chart-words.ts";
import { flatLabel } from "../words/headings.ts";
import {
  arrow,
  besides,
  changesSentence,
  kpiChange,
  kpiValue,
  marksSentence,
  movedCell,
  movedColumns,
} from "../words/show-words.ts";
import { type DataSection, hasData, type Shown, seeAll, shownSentences, showsRows } from "../words/shown.ts";
import { heading, notices, ownTime, phrasesOf, sinceWords } from "../words/words.ts";
import { displayWidth } from "./display-width.ts";
import { type TextBounds, textTable } from "./table.ts";

/** Of a line: mail programs that show plain text have room for it, also where it is quoted (RFC 5322, 2.1.1, asks for less than 78). */
export const TEXT_WIDTH_MAX = 72;
const CELL_WIDTH_MAX = 40;
const ROWS_MAX = 200;
export const URL_CHARS_MAX = 4_000;
const NOTICES_MAX = 20;
const NOTICE_CHARS_MAX = 400;
const ALT_CHARS_MAX = 1_000;

/** One section as lines of plain text, its tables in at most `linesMax` lines. */
export function sectionText(section: MessageSection, message: Message, linesMax: number): string {
  const title = section.title.trim() === "" && section.data === null ? null : heading(section, message);
  const head = title === null ? [] : [title, "-".repeat(lineWidth(title))];
  const phrases = phrasesOf(message);
  const words = wordsOf(section.text, phrases);
  if (!hasData(section)) return [...head, ...words, ...textNotes(section.notices, phrases)].join("\n");
  const shown = shownLines(section, message, linesMax);
  const fresh = ownTime(section.data, message);
  const lines = [
    ...head,
    ...(fresh === "" ? [] : [fresh]),
    ...(head.length === 0 && fresh === "" ? [] : [""]),
  ];
  if (words.length > 0) lines.push(...words, "");
  if (shown.lines.length > 0) lines.push(...shown.lines, "");
  lines.push(...underline(section, message, shown.extent), ...textNotes(section.notices, phrases));
  return lines.join("\n").trimEnd();
}

/** Text and its addresses, which may be longer than the text itself. */
const WORDS_CHARS_MAX = 15_000;

function wordsOf(text: string | null, { frame }: Phrases): string[] {
  if (text === null || text.trim() === "") return [];
  const lines: string[] = [];
  let charsLeft = WORDS_CHARS_MAX;
  for (const line of markdownText(text, TEXT_WIDTH_MAX)) {
    charsLeft -= line.length + 1;
    if (charsLeft < 0) return [...lines, frame.textCut];
    lines.push(line);
  }
  return lines;
}

interface ShownLines {
  readonly lines: readonly string[];
  readonly extent: Shown;
}

function shownLines(section: DataSection, message: Message, linesMax: number): ShownLines {
  const { show, table, rowsShown } = section.data;
  const phrases = phrasesOf(message);
  const extent = { rows: 0, columns: table.columns.length };
  if (show.kind === "kpi") return { lines: kpiLines(show.kpi, message), extent };
  if (show.kind === "changes") {
    // New, gone and moved rows have a table each.
    const rows = Math.min(rowsShown, Math.floor(linesMax / 3));
    return { lines: changesLines(show.changes, table, message, rows), extent };
  }
  if ((show.kind === "chart" || show.kind === "image") && show.picture !== null) {
    const picture = message.pictures.find(({ name }) => name === show.picture);
    // The picture's alt text contains its figures.
    const figures =
      show.kind === "chart" && show.series !== null ? chartFigures(show.series, table, phrases) : [];
    const lines =
      picture === undefined ? figures : [phrases.frame.picture(lineText(picture.alt, ALT_CHARS_MAX))];
    return { lines: lines.flatMap((line) => wrapped(line, TEXT_WIDTH_MAX)), extent };
  }
  const rows = Math.min(rowsShown, ROWS_MAX, linesMax);
  return showsRows(section.data) && rows > 0 ? tableLines(section, rows, phrases) : { lines: [], extent };
}

function kpiLines(kpi: Kpi, message: Message): string[] {
  const phrases = phrasesOf(message);
  const unit = kpi.unit === undefined ? "" : ` ${lineText(kpi.unit, 40)}`;
  const of = besides(kpi, message);
  const figure = `${kpiValue(kpi.value, phrases)}${unit}`;
  const value = of === "" ? figure : phrases.figures.partial(figure, of);
  const moved = kpi.change === null ? kpi.withoutChange : `${arrow(kpi.change)} ${kpiChange(kpi, phrases)}`;
  return moved === null ? [value] : [value, ...broken(moved, TEXT_WIDTH_MAX)];
}

function changesLines(changes: Changes, table: Table, message: Message, rowsMax: number): string[] {
  const phrases = phrasesOf(message);
  const since = changes.since === null ? null : sinceWords(changes.since, message.run);
  const sentence = wrapped(changesSentence(changes, table, since, phrases), TEXT_WIDTH_MAX);
  return since === null
    ? sentence
    : [...sentence, ...changeGroups(changes, table, { ...BOUNDS, rowsMax, phrases })];
}

function tableLines({ data }: DataSection, rowsMax: number, phrases: Phrases): ShownLines {
  const { table, show } = data;
  const emphasis = show.kind === "table" ? show.emphasis : [];
  const set = textTable(table, { ...BOUNDS, rowsMax, phrases }, emphasis);
  const { tables } = phrases;
  const columns = set.isLatest ? table.columns.length : set.columnsShown;
  const marked = marksSentence(emphasis, table, columns, phrases);
  const legend = [
    ...(marked === null ? [] : wrapped(`* ${tables.marked} ${marked}`, TEXT_WIDTH_MAX)),
    ...(set.isLatest ? [tables.latestColumns] : []),
  ];
  return {
    lines: [...set.lines, ...legend],
    extent: { rows: Math.min(rowsMax, table.rows.length), columns: set.columnsShown },
  };
}

const BOUNDS = { widthMax: TEXT_WIDTH_MAX, cellWidthMax: CELL_WIDTH_MAX };

function changeGroups(changes: Changes, { totals: _totals, ...table }: Table, bounds: TextBounds): string[] {
  const { phrases } = bounds;
  const { tables } = phrases;
  const { counts, key, moved } = changes;
  const columns = movedColumns(moved, key, table.columns.length);
  const movedTable: Table = {
    ...table,
    columns: columns.flatMap((column) => table.columns[column] ?? []),
    rows: moved.map(({ now, was }) =>
      columns.map((column): Cell => {
        const [before, after] = [was[column] ?? null, now[column] ?? NO_CELL];
        if (before === null) return after;
        const rendered = movedCell(before, after, phrases);
        return { value: rendered, rendered };
      }),
    ),
  };
  return [
    ...group(tables.new, counts.added, { ...table, rows: changes.added }, bounds),
    ...group(tables.gone, counts.gone, { ...table, rows: changes.gone }, bounds),
    ...group(tables.moved, counts.moved, movedTable, bounds),
  ];
}

const NO_CELL: Cell = { value: null, rendered: "" };

function group(name: string, count: number, table: Table, bounds: TextBounds): string[] {
  const { rowsMax, phrases } = bounds;
  if (count === 0) return [];
  const shown = Math.min(table.rows.length, rowsMax);
  const heading = `${name} (${shown < count ? phrases.tables.shownOf(shown, count) : count})`;
  if (shown === 0) return ["", heading];
  // An old and a new value take twice the room.
  const set = textTable(table, { ...bounds, cellWidthMax: 60 });
  const isWhole = set.columnsShown === table.columns.length;
  return ["", heading, ...(isWhole ? set.lines : itemLines(table, bounds))];
}

/** Rows that are too wide for a table, an item each: what it is called, then its values by name. */
function itemLines({ columns, rows }: Table, { rowsMax, phrases }: TextBounds): string[] {
  return rows.slice(0, rowsMax).flatMap((row) => {
    const [first = "–", ...values] = columns.flatMap((column, index) => {
      const words = isolatedLine(lineText(row[index]?.rendered ?? "", 120));
      if (index === 0) return [words || "–"];
      return words === "" ? [] : [`${isolatedLine(lineText(flatLabel(column), 60))} ${words}`];
    });
    const item = values.length === 0 ? first : phrases.frame.titled(first, values.join(", "));
    return broken(item, TEXT_WIDTH_MAX - 2).map((line, at) => `${at === 0 ? "- " : "  "}${line}`);
  });
}

function underline(section: DataSection, message: Message, shown: Shown): string[] {
  const lines = shownSentences(section, message, shown).flatMap((line) => wrapped(line, TEXT_WIDTH_MAX));
  const url = safeHref(section.data.url ?? undefined, URL_CHARS_MAX);
  const all = seeAll(section.data, shown, phrasesOf(message));
  return url === null || all === null ? lines : [...lines, phrasesOf(message).frame.titled(all, url)];
}

export function textNotes(sentences: readonly string[], phrases: Phrases): string[] {
  return notices(sentences, NOTICES_MAX, NOTICE_CHARS_MAX, phrases).flatMap((sentence) =>
    wrapped(phrases.frame.note(sentence), TEXT_WIDTH_MAX),
  );
}

export function lineWidth(title: string): number {
  return Math.min(TEXT_WIDTH_MAX, Math.max(3, displayWidth(title)));
}
