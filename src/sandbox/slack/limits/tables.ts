import { checkRichText } from "./elements.ts";
import { type Findings, isObject, type Json } from "./findings.ts";

const columnsMax = 20;
const tableLimits = { rowsMin: 1, rowsMax: 100, charsMax: 10_000 };
/** 200 rows and the header. */
const dataTableLimits = { rowsMin: 2, rowsMax: 201, charsMax: 20_000 };
const pageSizeMax = 100;

/** https://docs.slack.dev/reference/block-kit/blocks/table-block */
export function checkTable(findings: Findings, block: Json, at: string): void {
  checkRows(findings, block, at, tableLimits);
  const settings = block.column_settings;
  if (settings === undefined) return;
  if (!Array.isArray(settings)) {
    findings.add(`${at}/column_settings`, "must be an array");
    return;
  }
  if (settings.length > columnsMax)
    findings.add(`${at}/column_settings`, `no more than ${columnsMax} items allowed`);
  for (const [index, setting] of settings.entries()) {
    const align = isObject(setting) ? setting.align : undefined;
    if (align !== undefined && !["left", "center", "right"].includes(String(align))) {
      findings.add(`${at}/column_settings/${index}/align`, "must be one of left, center, right");
    }
  }
}

/** https://docs.slack.dev/reference/block-kit/blocks/data-table-block */
export function checkDataTable(findings: Findings, block: Json, at: string): void {
  findings.text(block.caption, `${at}/caption`);
  const rows = checkRows(findings, block, at, dataTableLimits);
  if (new Set(rows.map((row) => row.length)).size > 1) {
    findings.add(`${at}/rows`, "all rows must have the same number of cells");
  }
  if (rows[0]?.some((cell) => isObject(cell) && cell.type === "rich_text")) {
    findings.add(`${at}/rows/0`, "rich_text is not allowed in the header row");
  }
  const pageSize = block.page_size;
  if (
    pageSize !== undefined &&
    !(Number.isInteger(pageSize) && Number(pageSize) >= 1 && Number(pageSize) <= pageSizeMax)
  ) {
    findings.add(`${at}/page_size`, `must be a whole number from 1 to ${pageSizeMax}`);
  }
}

function checkRows(findings: Findings, block: Json, at: string, limits: typeof tableLimits): unknown[][] {
  if (!Array.isArray(block.rows)) {
    findings.add(at, "missing required field: rows");
    return [];
  }
  if (block.rows.length < limits.rowsMin)
    findings.add(`${at}/rows`, `must have at least ${limits.rowsMin} items`);
  if (block.rows.length > limits.rowsMax)
    findings.add(`${at}/rows`, `no more than ${limits.rowsMax} items allowed`);
  const rows: unknown[][] = [];
  let chars = 0;
  for (const [index, row] of block.rows.entries()) {
    const where = `${at}/rows/${index}`;
    if (!Array.isArray(row)) {
      findings.add(where, "must be an array");
      continue;
    }
    rows.push(row);
    if (row.length === 0) findings.add(where, "must have at least 1 item");
    if (row.length > columnsMax) findings.add(where, `no more than ${columnsMax} items allowed`);
    for (const [column, cell] of row.entries()) chars += checkCell(findings, cell, `${where}/${column}`);
  }
  if (chars > limits.charsMax)
    findings.add(`${at}/rows`, `must be less than ${limits.charsMax + 1} characters`);
  return rows;
}

/** Returns how many characters the cell counts. */
function checkCell(findings: Findings, cell: unknown, at: string): number {
  if (!isObject(cell)) {
    findings.add(at, "must be an object");
    return 0;
  }
  if (cell.type === "rich_text") return checkRichText(findings, cell, at).length;
  if (cell.type !== "raw_text" && cell.type !== "raw_number") {
    findings.add(`${at}/type`, `unsupported type: ${cell.type}`);
    return 0;
  }
  findings.text(cell.text, `${at}/text`);
  if (cell.type === "raw_number" && typeof cell.value !== "number") {
    findings.add(at, "missing required field: value");
  }
  return String(cell.text ?? "").length;
}
