import { SLACK, textLength } from "../limits.ts";
import { type Fields, list, object, type Problems, problem, within, wordsWithin } from "./problem.ts";
import { richTextProblems } from "./rich-text.ts";

/** https://docs.slack.dev/reference/block-kit/blocks/data-table-block */
export function dataTableProblems(at: string, block: Fields): Problems {
  const rows = list(block.rows).map(list);
  const page =
    block.page_size === undefined
      ? []
      : within(`${at}/page_size`, Number(block.page_size), 1, SLACK.dataTablePageRowsMax, "rows");
  return [
    ...wordsWithin(`${at}/caption`, block.caption, SLACK.sectionCharsMax),
    ...page,
    ...within(`${at}/rows`, rows.length, 2, SLACK.dataTableRowsMax + 1, "rows"),
    ...gridProblems(`${at}/rows`, rows, SLACK.dataTableCharsMax),
    ...list(rows[0]).flatMap((cell, column) =>
      object(cell).type === "rich_text" ? problem(`${at}/rows/0/${column}`, "rich text in the heading") : [],
    ),
  ];
}

/** https://docs.slack.dev/reference/block-kit/blocks/table-block */
export function tableProblems(at: string, block: Fields): Problems {
  const rows = list(block.rows).map(list);
  return [
    ...within(`${at}/rows`, rows.length, 1, SLACK.tableRowsMax, "rows"),
    ...within(
      `${at}/column_settings`,
      list(block.column_settings).length,
      0,
      SLACK.tableColumnsMax,
      "settings",
    ),
    ...gridProblems(`${at}/rows`, rows, SLACK.tableCharsMax),
  ];
}

function gridProblems(at: string, rows: readonly (readonly unknown[])[], charsMax: number): Problems {
  const width = rows[0]?.length ?? 0;
  return [
    ...within(`${at}/0`, width, 1, SLACK.tableColumnsMax, "columns"),
    ...within(at, textLength(rows), 0, charsMax, "characters"),
    ...rows.flatMap((row, index) =>
      row.length === width
        ? []
        : problem(`${at}/${index}`, `${row.length} cells, where the heading has ${width}`),
    ),
    ...rows.flatMap((row, index) =>
      row.flatMap((cell, column) => cellProblems(`${at}/${index}/${column}`, object(cell), index === 0)),
    ),
  ];
}

function cellProblems(at: string, cell: Fields, isHeading: boolean): Problems {
  if (cell.type === "rich_text") return richTextProblems(at, cell);
  if (typeof cell.text !== "string" || cell.text === "") return problem(at, "an empty cell");
  if (cell.type === "raw_text") return [];
  if (cell.type !== "raw_number" || isHeading)
    return problem(`${at}/type`, `a cell of type ${String(cell.type)}`);
  return Number.isFinite(cell.value) ? [] : problem(`${at}/value`, "not a number");
}
