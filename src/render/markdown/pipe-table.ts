import type { MarkdownTable } from "./blocks.ts";

/** A table as it is written, its cells still Markdown. */
export interface PipeTable {
  /** The lines before it. */
  readonly before: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly align: MarkdownTable["align"];
}

const COLUMNS_MAX = 30;
const RULE_CELL = /^:?-+:?$/;

/**
 * The table in the text of one paragraph (GitHub Flavored Markdown, 4.10): a line of headings, a line of dashes with as many cells, and
 * a row a line. Null where there is none.
 */
export function pipeTable(text: string): PipeTable | null {
  if (!text.includes("|") || !text.includes("-")) return null;
  const lines = text.split("\n");
  const at = lines.findIndex((line, index) => index > 0 && isRule(line));
  if (at === -1) return null;
  const head = cellsOf(lines[at - 1] ?? "");
  const rule = cellsOf(lines[at] ?? "");
  if (head.length !== rule.length || head.length > COLUMNS_MAX) return null;
  return {
    before: lines
      .slice(0, at - 1)
      .join("\n")
      .trim(),
    head,
    rows: lines.slice(at + 1).map((line) => {
      const cells = cellsOf(line);
      return head.map((_, column) => cells[column] ?? "");
    }),
    align: rule.map((cell) => {
      if (!cell.endsWith(":")) return "left";
      return cell.startsWith(":") ? "center" : "right";
    }),
  };
}

function isRule(line: string): boolean {
  return line.includes("|") && line.includes("-") && cellsOf(line).every((cell) => RULE_CELL.test(cell));
}

/** A bar after a backslash is one of the words. */
function cellsOf(line: string): string[] {
  const inner = line.trim().replace(/^\|/, "");
  const cells: string[] = [];
  let cell = "";
  for (let at = 0; at < inner.length; at += 1) {
    if (inner[at] === "\\" && inner[at + 1] === "|") {
      cell += "|";
      at += 1;
    } else if (inner[at] === "\\") {
      cell += inner.slice(at, at + 2);
      at += 1;
    } else if (inner[at] === "|") {
      cells.push(cell.trim());
      cell = "";
    } else cell += inner[at];
  }
  return cell.trim() === "" && cells.length > 0 ? cells : [...cells, cell.trim()];
}
