import type { Result } from "../../core/model/result.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { largeRows } from "../csv/large.ts";
import type { HeadingStyle } from "../words/headings.ts";
import { columnsLeftOut, totalLabel } from "../words/shown.ts";
import type { ZipMember } from "../zip/writer.ts";
import { columnLetters, type Damage } from "./cells.ts";
import { type SheetColumn, sheetColumns } from "./columns.ts";
import { type Cover, type CoveredSheet, coverXml } from "./cover.ts";
import { type Outline, outlineOf } from "./outline.ts";
import { packageMembers, type SheetEntry } from "./package.ts";
import {
  notesXml,
  type RowCursor,
  type SheetRow,
  sheetRelationships,
  sheetXml,
  type WrittenSheet,
} from "./sheet.ts";
import { sheetNames } from "./sheet-names.ts";
import { openStyles, type Styles } from "./styles.ts";
import { CELL_CHARS_MAX } from "./text.ts";
import { type SheetSection, type WorkbookSection, withoutTwins } from "./twins.ts";

export interface WorkbookOrder {
  readonly sections: readonly WorkbookSection[];
  readonly headers: HeadingStyle;
  readonly title: string;
  /** Who made it, as its properties say. Absent: lookpost. */
  readonly creator?: string | undefined;
  /** What its first sheet says, where there are several. Absent: there is none. */
  readonly cover?: Omit<Cover, "sheets">;
  readonly created: Date;
  readonly phrases: Phrases;
  readonly signal: AbortSignal;
}

/** What a sheet of Excel holds at most (Microsoft, "Excel specifications and limits"). */
export interface SheetLimits {
  readonly rowsMax: number;
  readonly columnsMax: number;
}

const EXCEL: SheetLimits = { rowsMax: 1_048_576, columnsMax: 16_384 };
/** The headings, and the totals. */
const ROWS_OF_OURS = 2;

interface Book {
  readonly styles: Styles;
  readonly name: (title: string) => string;
  readonly entries: SheetEntry[];
  readonly notes: string[];
  readonly covered: CoveredSheet[];
  readonly hasCover: boolean;
  readonly phrases: Phrases;
}

/**
 * The members of a workbook with a sheet for each query that sections show; what does not fit into one sheet continues in the next. Where
 * there are several, a first one says what each is. What a workbook cannot hold as it is (long texts, numbers with too many digits) is
 * stated on a last sheet of notes.
 */
export async function* workbookMembers(
  order: WorkbookOrder,
  limits: SheetLimits = EXCEL,
): AsyncGenerator<ZipMember> {
  const { title, creator, created, phrases } = order;
  const sections = withoutTwins(order.sections);
  const cover = sections.length > 1 ? (order.cover ?? null) : null;
  const name = sheetNames(
    sections.map((section) => section.title),
    phrases.files.sheet,
  );
  const coverName = cover === null ? "" : name(phrases.files.contents);
  const book: Book = {
    styles: openStyles(),
    name,
    entries: [],
    notes: [],
    covered: [],
    hasCover: cover !== null,
    phrases,
  };
  for (const section of sections) yield* sectionMembers(section, order, book, limits);
  if (book.notes.length > 0) yield* addSheet(phrases.files.notes, notesXml(book.notes, book.styles), book);
  const sheets = book.entries;
  if (cover !== null) {
    const number = sheets.length + 1;
    const contents = [coverXml({ ...cover, sheets: book.covered }, book.styles)];
    yield { name: sheetPath(number), contents };
    sheets.unshift({ name: coverName, number, filtered: null });
  }
  yield* packageMembers({ sheets, stylesXml: book.styles.xml(), title, creator, created });
}

function* addSheet(title: string, xml: Buffer, { entries, name }: Book): Generator<ZipMember> {
  const number = entries.length + 1;
  entries.push({ name: name(title), number, filtered: null });
  yield { name: sheetPath(number), contents: [xml] };
}

async function* sectionMembers(
  section: SheetSection,
  order: WorkbookOrder,
  book: Book,
  limits: SheetLimits,
): AsyncGenerator<ZipMember> {
  const columns = sheetColumns(section.result, order.headers);
  const damage: Damage = { cut: 0, replaced: 0, long: 0 };
  const names: string[] = [];
  const firsts =
    columns.length === 0 ? [0] : [...columns.keys()].filter((at) => at % limits.columnsMax === 0);
  for (const first of firsts) {
    const some = columns.slice(first, first + limits.columnsMax);
    const cursor = cursorOver(rowsOf(section.result, order.signal));
    try {
      do {
        const name = book.name(section.title);
        names.push(name);
        yield* sheetMembers(section, { name, some, first, cursor, damage }, book, limits);
      } while (!(await cursor.isOver()));
    } finally {
      await cursor.close();
    }
  }
  book.notes.push(...notesOn(section, names, damage, order.phrases));
  book.covered.push({ name: names[0] ?? "", section });
}

interface SheetPlan {
  readonly name: string;
  readonly some: readonly SheetColumn[];
  readonly first: number;
  readonly cursor: RowCursor;
  readonly damage: Damage;
}

async function* sheetMembers(
  { result, emphasis = [] }: WorkbookSection,
  { name, some, first, cursor, damage }: SheetPlan,
  { styles, entries, hasCover, phrases }: Book,
  limits: SheetLimits,
): AsyncGenerator<ZipMember> {
  const number = entries.length + 1;
  const written: WrittenSheet = { rows: 0, hrefs: [] };
  const sheet = {
    columns: some,
    firstColumn: first,
    rowsMax: limits.rowsMax - ROWS_OF_OURS,
    styles,
    damage,
    isSelected: number === 1 && !hasCover,
    emphasis,
    totals: result.table.totals,
    outline: outlineIn(result, limits.rowsMax - ROWS_OF_OURS, phrases),
    totalLabel: totalLabel(result.table, result.table.rowCount, phrases),
  };
  yield { name: sheetPath(number), contents: sheetXml(sheet, cursor, written) };
  if (written.hrefs.length > 0)
    yield {
      name: `xl/worksheets/_rels/sheet${number}.xml.rels`,
      contents: [sheetRelationships(written.hrefs)],
    };
  const last = some.length === 0 ? null : columnLetters(some.length - 1);
  entries.push({
    name,
    number,
    filtered: last === null || sheet.outline !== null ? null : `$A$1:$${last}$${written.rows + 1}`,
  });
}

/** Rows that go on on another sheet would be parted from their subtotals. */
function outlineIn({ table, csv }: Result, rowsMax: number, phrases: Phrases): Outline | null {
  const { subtotals = [], rowCount } = table;
  return csv !== undefined || rowCount + subtotals.length > rowsMax ? null : outlineOf(table, phrases);
}

function sheetPath(number: number): string {
  return `xl/worksheets/sheet${number}.xml`;
}

function rowsOf({ table, csv }: Result, signal: AbortSignal): AsyncIterable<SheetRow> | Iterable<SheetRow> {
  return csv === undefined ? table.rows : largeRows(csv, "raw", signal);
}

function cursorOver(
  rows: AsyncIterable<SheetRow> | Iterable<SheetRow>,
): RowCursor & { close(): Promise<void> } {
  const iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  let ahead: SheetRow | undefined;
  const pull = async () => {
    const { done, value } = await iterator.next();
    return done === true ? undefined : value;
  };
  return {
    async next() {
      const row = ahead ?? (await pull());
      ahead = undefined;
      return row;
    },
    async isOver() {
      ahead ??= await pull();
      return ahead === undefined;
    },
    async close() {
      await iterator.return?.();
    },
  };
}

/** Sentences that a reader of the sheet has to know. */
function notesOn(
  { title, result: { table } }: WorkbookSection,
  names: readonly string[],
  damage: Damage,
  phrases: Phrases,
): string[] {
  const { files } = phrases;
  const left = columnsLeftOut(table, phrases);
  const notes = [
    ...(names.length > 1 ? [files.continuesOn(names)] : []),
    ...(left === null ? [] : [left]),
    ...(table.rowCountIsExact ? [] : [files.mayHaveMore(table.rowCount)]),
    ...(damage.cut > 0 ? [files.cellsCut(damage.cut, CELL_CHARS_MAX)] : []),
    ...(damage.long > 0 ? [files.cellsLong(damage.long)] : []),
    ...(damage.replaced > 0 ? [files.cellsReplaced(damage.replaced)] : []),
  ];
  return notes.map((note) => files.about(title, note));
}
