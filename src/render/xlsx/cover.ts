import type { RunLabel } from "../../core/model/message.ts";
import { timeOn } from "../../core/words/moments.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import { lineText } from "../words/cell-text.ts";
import { dueDate } from "../words/words.ts";
import { textCell } from "./cells.ts";
import { NAMESPACES } from "./sheet.ts";
import type { CellStyle, Styles } from "./styles.ts";
import { attributeText, sheetText } from "./text.ts";
import type { SheetSection } from "./twins.ts";

/** What the first sheet says of the workbook. */
export interface Cover {
  readonly run: RunLabel;
  /** What time the data covers, in words; null where that is not known. */
  readonly period: string | null;
  /** Whose workbook it is; absent: lookpost's own. */
  readonly brand?: string | undefined;
  readonly sheets: readonly CoveredSheet[];
}

/** What one sheet holds; of one that is continued in others, the first. */
export interface CoveredSheet {
  readonly name: string;
  readonly section: SheetSection;
}

const COLUMNS = [
  { heading: "sheet", width: 34 },
  { heading: "whatItShows", width: 44 },
  { heading: "rows", width: 11 },
  { heading: "filters", width: 50 },
  { heading: "readInLooker", width: 30 },
] as const;
/** Titles, or filters, of one sheet that are listed. */
const LINES_MAX = 12;
const LINE_CHARS_MAX = 300;

/** The sheet's XML: a title, the period, and a line with a link for each sheet. */
export function coverXml(cover: Cover, styles: Styles): Buffer {
  const ignored = { cut: 0, replaced: 0 };
  const cell = (text: string, ref: string, role: CellStyle["role"], align?: "right") =>
    textCell(sheetText(text, ignored), ref, styleOf(styles, { role, format: null, ...(align && { align }) }));
  const { run, period, brand = null, sheets } = cover;
  const phrases = phrasesIn(run.locale);
  const { files, frame } = phrases;
  const lines = [brand, period, frame.due(dueDate(run))].filter((line) => line !== null);
  const top = lines.length + 3;
  const rows = [
    `<row r="1" ht="26" customHeight="1">${cell(run.title, "A1", "title")}</row>`,
    ...lines.map((line, at) => `<row r="${at + 2}">${cell(line, `A${at + 2}`, "body")}</row>`),
    `<row r="${top}" ht="21" customHeight="1">${COLUMNS.map(({ heading }, at) =>
      cell(files[heading], `${letter(at)}${top}`, "head", heading === "rows" ? "right" : undefined),
    ).join("")}</row>`,
    ...sheets.map(({ name, section }, at) => {
      const number = top + 1 + at;
      const { result, filters, sections } = section;
      const titles = linesOf([...new Set(sections.map(({ title }) => title))], phrases);
      const rowCount = `<c r="C${number}"${styleOf(styles, { role: "top", format: "#,##0", align: "right" })}><v>${result.table.rowCount}</v></c>`;
      return `<row r="${number}">${cell(name, `A${number}`, "top_link")}${cell(titles, `B${number}`, "note")}${rowCount}${cell(
        linesOf(filters, phrases) || files.noFilters,
        `D${number}`,
        "note",
      )}${cell(timeOn(result.ranAt, run), `E${number}`, "note")}</row>`;
    }),
  ];
  const links = sheets.map(
    ({ name }, at) =>
      `<hyperlink ref="A${top + 1 + at}" location="${attributeText(`'${name.replaceAll("'", "''")}'!A1`)}" display="${attributeText(name)}"/>`,
  );
  const widths = COLUMNS.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  );
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet ${NAMESPACES}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${widths.join("")}</cols><sheetData>${rows.join("")}</sheetData><hyperlinks>${links.join("")}</hyperlinks><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup orientation="landscape" fitToHeight="0"/></worksheet>`);
}

/** A line for each, as far as a reader looks. */
function linesOf(texts: readonly string[], { frame }: Phrases): string {
  const lines = texts.slice(0, LINES_MAX).map((text) => lineText(text, LINE_CHARS_MAX));
  const more = texts.length - lines.length;
  return [...lines, ...(more > 0 ? [frame.andOthers(more)] : [])].join("\n");
}

function styleOf(styles: Styles, style: CellStyle): string {
  return ` s="${styles.indexOf(style)}"`;
}

function letter(index: number): string {
  return String.fromCharCode(65 + index);
}
