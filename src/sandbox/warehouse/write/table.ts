import type { Column, Result } from "../result.ts";
import { headerLines, plainText } from "./delimited.ts";

/** A whole HTML document with one plain table. */
export function* writeHtml(result: Result, formatted: boolean): Generator<string> {
  yield '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n</head>\n<body>\n<table>\n<thead>\n';
  for (const line of headerLines(result))
    yield `<tr>${line.map((label) => `<th>${escapeHtml(label)}</th>`).join("")}</tr>\n`;
  yield "</thead>\n<tbody>\n";
  for (const texts of textRows(result, formatted)) {
    const cells = texts.map((text, index) => {
      const align = result.columns[index]?.isNumeric ? ' align="right"' : "";
      return `<td${align}>${escapeHtml(text)}</td>`;
    });
    yield `<tr>${cells.join("")}</tr>\n`;
  }
  yield "</tbody>\n</table>\n</body>\n</html>\n";
}

/** A Markdown pipe table; its one header line holds the pivot's values before the label. */
export function* writeMarkdown(result: Result, formatted: boolean): Generator<string> {
  const labels = result.columns.map((column) => escapeMarkdown(markdownLabel(column)));
  yield `| ${labels.join(" | ")} |\n`;
  yield `| ${result.columns.map((column) => (column.isNumeric ? "---:" : "---")).join(" | ")} |\n`;
  for (const texts of textRows(result, formatted)) yield `| ${texts.map(escapeMarkdown).join(" | ")} |\n`;
}

function* textRows(result: Result, formatted: boolean): Generator<string[]> {
  const texts = result.columns.map((column) => (formatted ? column.render : plainText));
  for (const row of result.rows) yield row.map((value, index) => texts[index]?.(value) ?? "");
}

function markdownLabel(column: Column): string {
  return column.pivot === null ? column.label : [...column.pivot.labels, column.label].join(" - ");
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function escapeMarkdown(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("|", "\\|")
    .replace(/\r\n|\r|\n/g, "<br>");
}
