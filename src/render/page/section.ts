import { raw } from "hono/html";
import type { Message, MessageSection } from "../../core/model/message.ts";
import type { Picture, PictureSource } from "../../core/model/picture.ts";
import type { Changes, Kpi } from "../../core/model/show.ts";
import type { Cell, Table } from "../../core/model/table.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { MARK } from "../mail/cell.ts";
import { pageWords } from "../markdown/page.ts";
import { lineText, safeHref } from "../words/cell-text.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import {
  arrow,
  besides,
  changesSentence,
  difference,
  kpiChange,
  kpiValue,
  marksSentence,
  movedColumns,
} from "../words/show-words.ts";
import { type DataSection, hasData, isFigures, rowsPhrase, shownSentences } from "../words/shown.ts";
import { heading, notices, ownTime, phrasesOf, sinceWords } from "../words/words.ts";
import { type PageTable, pageTable } from "./table.ts";

const NOTICES_MAX = 50;
const NOTICE_CHARS_MAX = 1_000;

export interface PageContext {
  readonly message: Message;
  readonly sourceOf: PictureSource;
}

/** `id`: where links within the page lead. */
export type PlacedContext = PageContext & { readonly id: string };

/** One section of the page, in pieces. `table`: all rows that there are, which may be more than a message shows. */
export function* pageSection(
  section: MessageSection,
  table: Table | null,
  context: PlacedContext,
): Generator<string> {
  const title = section.title.trim() === "" ? null : heading(section, context.message);
  const isCard = section.data?.show.kind === "kpi";
  yield `<section id="${context.id}"${isCard ? ' class="kpi"' : ""}>`;
  if (title !== null) yield `<h2>${markup`${isolated(title)}`}</h2>`;
  if (section.text !== null) yield pageWords(section.text, phrasesOf(context.message)).toString();
  if (hasData(section)) yield* dataPieces(section, table ?? section.data.table, context);
  yield noticeList(section.notices, phrasesOf(context.message))?.toString() ?? "";
  yield "</section>\n";
}

/** Sentences that readers must not miss. */
export function noticeList(sentences: readonly string[], phrases: Phrases): Markup | null {
  if (sentences.length === 0) return null;
  const lines = notices(sentences, NOTICES_MAX, NOTICE_CHARS_MAX, phrases);
  return markup`<div class="notice">${lines.map((line) => markup`<p>${isolated(line)}</p>`)}</div>`;
}

function* dataPieces(section: DataSection, table: Table, context: PageContext): Generator<string> {
  const { data } = section;
  const { show } = data;
  const phrases = phrasesOf(context.message);
  switch (show.kind) {
    case "kpi":
      yield kpiMarkup(show.kpi, context).toString();
      yield* foldedAway(section, table, context);
      return;
    case "changes":
      yield* changesPieces(section, show.changes, context);
      yield quiet(section, context, "");
      return;
    case "chart":
    case "image": {
      const picture = pictureOf(show.picture, context.message);
      if (picture === null) break;
      yield pictureMarkup(picture, context).toString();
      yield* foldedAway(section, table, context);
      return;
    }
    case "none":
      yield quiet(
        section,
        context,
        phrases.tables.sentence(rowsPhrase(table.rowCount, table, phrases, data.noun)),
      );
      return;
  }
  yield* tablePieces(section, table, context);
}

function* tablePieces(section: DataSection, table: Table, context: PageContext): Generator<string> {
  const { show } = section.data;
  const phrases = phrasesOf(context.message);
  const emphasis = show.kind === "table" ? show.emphasis : [];
  const set = pageTable({ caption: section.title, table, emphasis, phrases });
  if (isFigures(table) && emphasis.length === 0) yield figures(table).toString();
  else if (table.rows.length > 0) yield* set.html();
  const marked = marksSentence(emphasis, table, set.columnsShown, phrases);
  if (marked !== null)
    yield `<p class="quiet"><b class="mark">${MARK}</b> ${phrases.tables.marked} ${markup`${isolated(marked)}`}</p>`;
  yield quiet(section, context, howMuch(section, table, set, context));
}

/** A single row of a few numbers, which are easier to read large than in a table. */
function figures({ columns, rows }: Table): Markup {
  const set = columns.map(
    (column, index) =>
      markup`<p><span class="figure">${isolated(lineText(rows[0]?.[index]?.rendered ?? "") || "–")}</span> <span class="quiet">${isolated(lineText(column.label, 200))}</span></p>`,
  );
  return markup`<div class="figures">${set}</div>`;
}

/** The data of a figure or a picture, for a closer look. */
function* foldedAway(section: DataSection, table: Table, context: PageContext): Generator<string> {
  if (table.rows.length > 0) {
    const phrases = phrasesOf(context.message);
    const set = pageTable({ caption: section.title, table, phrases });
    const rows = rowsPhrase(set.rowsShown, table, phrases, section.data.noun);
    yield `<details><summary>${phrases.pages.theData(rows)}</summary>`;
    yield* set.html();
    yield "</details>";
  }
  yield quiet(section, context, "");
}

function howMuch(section: DataSection, table: Table, set: PageTable, { message }: PageContext): string {
  const shown = { rows: set.rowsShown, columns: set.columnsShown };
  return shownSentences({ ...section, data: { ...section.data, table } }, message, shown, false).join(" ");
}

function quiet({ data }: DataSection, { message }: PageContext, words: string): string {
  const { frame } = phrasesOf(message);
  const href = data.url === null ? null : safeHref(data.url);
  const text = [lineText(words, 4_000), ownTime(data, message)].filter((one) => one !== "").join(" ");
  const dot = text === "" ? "" : " · ";
  const link = href === null ? null : markup`${dot}<a href="${href}">${frame.openInLooker}</a>`;
  return markup`<p class="quiet">${isolated(text)}${link}</p>`.toString();
}

function kpiMarkup(kpi: Kpi, context: PageContext): Markup {
  const phrases = phrasesOf(context.message);
  const of = besides(kpi, context.message);
  const unit = kpi.unit === undefined ? null : markup` <small>${isolated(lineText(kpi.unit, 40))}</small>`;
  const picture = pictureOf(kpi.sparkline, context.message);
  const change =
    kpi.change === null
      ? kpi.withoutChange === null
        ? null
        : markup`<p class="quiet">${isolated(lineText(kpi.withoutChange, 200))}</p>`
      : markup`<p class="change"><span class="arrow">${arrow(kpi.change)}</span> ${isolated(kpiChange(kpi, phrases))}</p>`;
  return markup`<p class="figure">${isolated(kpiValue(kpi.value, phrases))}${unit}</p>${of === "" ? null : markup`<p class="quiet">${isolated(of)}</p>`}${change}${
    picture === null ? null : pictureMarkup(picture, context)
  }`;
}

function pictureOf(name: string | null, message: Message): Picture | null {
  return message.pictures.find((picture) => picture.name === name) ?? null;
}

function pictureMarkup(picture: Picture, { sourceOf }: PageContext): Markup {
  return markup`<img src="${raw(sourceOf(picture))}" width="${picture.width}" height="${picture.height}" alt="${lineText(picture.alt, 1_000)}">`;
}

function* changesPieces(
  { title, data }: DataSection,
  changes: Changes,
  { message }: PageContext,
): Generator<string> {
  const phrases = phrasesOf(message);
  const { tables } = phrases;
  const since = changes.since === null ? null : sinceWords(changes.since, message.run);
  yield `<p>${markup`${changesSentence(changes, data.table, since, phrases)}`}</p>`;
  const { columns, totals: _totals, ...rest } = data.table;
  const places = movedColumns(changes.moved, changes.key, columns.length);
  const moved: Table = {
    ...rest,
    columns: places.flatMap((place) => columns[place] ?? []),
    rows: changes.moved.map(({ now }) => places.flatMap((place) => now[place] ?? [])),
  };
  const draw = (row: number, column: number) => {
    const place = places[column] ?? 0;
    const [was, now] = [changes.moved[row]?.was[place] ?? null, changes.moved[row]?.now[place]];
    return was === null || now === undefined ? null : step(was, now, phrases);
  };
  const captioned = (kind: "new" | "gone" | "moved") => ({
    caption: tables.changesOf(title, kind),
    phrases,
  });
  yield* group(tables.moved, changes.counts.moved, pageTable({ ...captioned("moved"), table: moved, draw }));
  const plain = (kind: "new" | "gone", rows: readonly (readonly Cell[])[]) =>
    pageTable({ ...captioned(kind), table: { ...rest, columns, rows } });
  yield* group(tables.new, changes.counts.added, plain("new", changes.added));
  yield* group(tables.gone, changes.counts.gone, plain("gone", changes.gone));

  function* group(name: string, count: number, table: PageTable): Generator<string> {
    if (count === 0) return;
    const words = table.rowsShown < count ? tables.someOf(table.rowsShown, count) : String(count);
    yield `<h3>${name} <span class="quiet">(${words})</span></h3>`;
    yield* table.html();
  }
}

function step(before: Cell, after: Cell, phrases: Phrases): Markup {
  const by = difference(before, after, phrases);
  const [was, now] = [before, after].map(({ rendered }) => isolated(lineText(rendered) || "∅"));
  return markup`<span class="was">${was ?? ""} →</span> <b>${now ?? ""}</b>${by === null ? null : markup` <span class="was">(${by})</span>`}`;
}
