import { raw } from "hono/html";
import type { Changes } from "../../core/model/show.ts";
import type { Cell, Table } from "../../core/model/table.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { lineText } from "../words/cell-text.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { difference, movedColumns } from "../words/show-words.ts";
import { DIM, INK } from "./style.ts";
import { type MailTable, mailTable } from "./table.ts";
import { type Narrow, tooWideFor, typographyOf, worstOf } from "./width.ts";

/** The three groups of a section's changes. */
export interface MailChanges {
  /** Of all rows, in the order in which they are shown: one of each group in turn. */
  readonly rowBytes: readonly number[];
  readonly tooWideFor: Narrow;
  with(rowsShown: number): Markup;
}

interface Group {
  readonly name: string;
  readonly count: number;
  readonly table: MailTable;
}

interface Bounds {
  readonly rowsMax: number;
  readonly bytesMax: number;
  readonly phrases: Phrases;
}

/** Moved rows with old and new values, added and removed rows as they are. */
export function mailChanges(title: string, changes: Changes, table: Table, bounds: Bounds): MailChanges {
  const { counts } = changes;
  const { tables } = bounds.phrases;
  const plain = (kind: "new" | "gone", rows: readonly (readonly Cell[])[]) =>
    mailTable({
      title: tables.changesOf(title, kind),
      table: rowsOf(table, rows),
      ...bounds,
      draw: () => null,
    });
  const groups: Group[] = [
    { name: tables.new, count: counts.added, table: plain("new", changes.added) },
    { name: tables.gone, count: counts.gone, table: plain("gone", changes.gone) },
    { name: tables.moved, count: counts.moved, table: movedTable(title, changes, table, bounds) },
  ].filter(({ count }) => count > 0);
  const order = inTurn(groups.map((group) => group.table.rowBytes.length));
  return {
    rowBytes: order.map(({ group, row }) => groups[group]?.table.rowBytes[row] ?? 0),
    tooWideFor: worstOf(groups.map((group) => group.table)),
    with(rowsShown) {
      const set = order.slice(0, rowsShown);
      return markup`${groups.map((group, index) =>
        groupMarkup(group, set.filter((one) => one.group === index).length, bounds.phrases),
      )}`;
    },
  };
}

function groupMarkup({ name, count, table }: Group, rowsShown: number, phrases: Phrases): Markup {
  const words = rowsShown < count ? phrases.tables.shownOf(rowsShown, count) : String(count);
  return markup`<h3 class="ink" style="margin:16px 0 4px;font-size:14px;line-height:20px;font-weight:600;color:${INK}">${name} <span class="dim" style="font-weight:400;color:${DIM}">(${words})</span></h3>
${rowsShown === 0 ? null : table.with(rowsShown)}
`;
}

function movedTable(title: string, { moved, key }: Changes, table: Table, bounds: Bounds): MailTable {
  const columns = movedColumns(moved, key, table.columns.length);
  const narrow: Table = {
    ...rowsOf(
      table,
      moved.map(({ now }) => now),
    ),
    columns: columns.flatMap((column) => table.columns[column] ?? []),
  };
  const rows = moved.map(({ now }) => columns.flatMap((column) => now[column] ?? []));
  const { phrases } = bounds;
  const drawn = (words: (lines: readonly string[]) => string): Table => ({
    ...narrow,
    rows: moved.map(({ now, was }) =>
      columns.flatMap((column) => {
        const [before, after] = [was[column] ?? null, now[column]];
        if (after === undefined) return [];
        return before === null ? after : { ...after, rendered: words(stepLines(before, after, phrases)) };
      }),
    ),
  });
  const unbroken = drawn(([was = "", now = ""]) => `${was} ${now}`);
  const isUnbroken = tooWideFor(unbroken, typographyOf(unbroken, true)) !== "card";
  return mailTable({
    title: phrases.tables.changesOf(title, "moved"),
    table: { ...narrow, rows },
    drawn: drawn(longest),
    ...bounds,
    draw: (row, position) => {
      const { now, was } = moved[row] ?? { now: [], was: [] };
      const column = columns[position] ?? 0;
      const [before, after] = [was[column] ?? null, now[column]];
      return before === null || after === undefined ? null : step(before, after, { isUnbroken, phrases });
    },
  });
}

/** What a cell that moved says, in the pieces between which it may break. */
function stepLines(before: Cell, after: Cell, phrases: Phrases): string[] {
  const [was, now] = [before, after].map(({ rendered }) => lineText(rendered) || "∅");
  const by = difference(before, after, phrases);
  return [`${was} →`, now ?? "", ...(by === null ? [] : [by])];
}

/** `isUnbroken`: in a larger window old and new are in one line, for which the table has room there. */
function step(
  before: Cell,
  after: Cell,
  { isUnbroken, phrases }: { readonly isUnbroken: boolean; readonly phrases: Phrases },
): Markup {
  const [was = "", now = "", by] = stepLines(before, after, phrases);
  // Words may be long.
  const isWhole = (text: string) => raw(text.length <= WHOLE_CHARS_MAX ? ";white-space:nowrap" : "");
  const line = markup`<span class="dim" style="color:${DIM}${isWhole(was)}">${isolated(was)}</span> <b style="font-weight:600${isWhole(now)}">${isolated(now)}</b>`;
  return markup`${isUnbroken ? markup`<span class="mv">${line}</span>` : line}${
    by === undefined
      ? null
      : markup`<br><span class="dim" style="color:${DIM}${isWhole(by)}">${isolated(by)}</span>`
  }`;
}

const WHOLE_CHARS_MAX = 24;

function longest(texts: readonly string[]): string {
  return texts.reduce((most, text) => (text.length > most.length ? text : most), "");
}

function rowsOf({ totals: _totals, ...table }: Table, rows: readonly (readonly Cell[])[]): Table {
  return { ...table, rows, rowCount: rows.length };
}

/** The rows of all groups, one of each in turn, so that no group is left out in favour of another. */
function inTurn(lengths: readonly number[]): { readonly group: number; readonly row: number }[] {
  const order: { group: number; row: number }[] = [];
  for (let row = 0; row < Math.max(0, ...lengths); row += 1)
    for (const [group, length] of lengths.entries()) if (row < length) order.push({ group, row });
  return order;
}
