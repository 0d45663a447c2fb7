import { attributeText } from "./text.ts";

/** How a cell looks. */
export interface CellStyle {
  readonly role:
    | "body"
    | "head"
    | "total"
    | "link"
    | "note"
    | "title"
    | "top"
    | "top_link"
    | "marked"
    | "marked_link";
  /** Number format; null: General. */
  readonly format: string | null;
  readonly align?: "right" | "left";
}

/** The styles of a workbook, numbered as cells refer to them. */
export interface Styles {
  /** Index of the style in the sheet's `s` attributes. */
  indexOf(style: CellStyle): number;
  xml(): string;
}

/** As in the digest. */
const MARKED = "FDEFC9";

/** Custom formats are numbered from here (ECMA-376, 18.8.30). */
const FORMAT_FIRST = 164;

const ROLES: Readonly<Record<CellStyle["role"], { font: number; fill: number; border: number }>> = {
  body: { font: 0, fill: 0, border: 0 },
  head: { font: 1, fill: 2, border: 1 },
  total: { font: 1, fill: 0, border: 2 },
  link: { font: 2, fill: 0, border: 0 },
  note: { font: 0, fill: 0, border: 0 },
  top: { font: 0, fill: 0, border: 0 },
  top_link: { font: 2, fill: 0, border: 0 },
  title: { font: 3, fill: 0, border: 0 },
  // Not by colour alone, as in the digest.
  marked: { font: 1, fill: 3, border: 0 },
  marked_link: { font: 4, fill: 3, border: 0 },
};

export function openStyles(): Styles {
  const formats = new Map<string, number>();
  const styles = new Map<string, CellStyle>();
  const indexes = new Map<string, number>();
  const indexOf = (style: CellStyle): number => {
    const key = JSON.stringify([style.role, style.format, style.align]);
    const known = indexes.get(key);
    if (known !== undefined) return known;
    if (style.format !== null && !formats.has(style.format))
      formats.set(style.format, FORMAT_FIRST + formats.size);
    indexes.set(key, indexes.size);
    styles.set(key, style);
    return indexes.size - 1;
  };
  // The first is that of cells without a style.
  indexOf({ role: "body", format: null });
  return { indexOf, xml: () => stylesXml(formats, [...styles.values()]) };
}

function stylesXml(formats: ReadonlyMap<string, number>, styles: readonly CellStyle[]): string {
  const numFmts = [...formats].map(
    ([code, id]) => `<numFmt numFmtId="${id}" formatCode="${attributeText(code)}"/>`,
  );
  const xfs = styles.map((style) => xf(style, style.format === null ? 0 : (formats.get(style.format) ?? 0)));
  const face = '<sz val="11"/><color rgb="FF1B2430"/><name val="Calibri"/><family val="2"/>';
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${
    numFmts.length === 0 ? "" : `<numFmts count="${numFmts.length}">${numFmts.join("")}</numFmts>`
  }<fonts count="5"><font>${face}</font><font><b/>${face}</font><font><u/><sz val="11"/><color rgb="FF0B57D0"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="16"/><color rgb="FF1B2430"/><name val="Calibri"/><family val="2"/></font><font><b/><u/><sz val="11"/><color rgb="FF0B57D0"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFEEF2F7"/><bgColor indexed="64"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FF${MARKED}"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="3"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color rgb="FF9AA7B8"/></bottom><diagonal/></border><border><left/><right/><top style="thin"><color rgb="FF1B2430"/></top><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${xfs.length}">${xfs.join("")}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
}

function xf({ role, align }: CellStyle, format: number): string {
  const { font, fill, border } = ROLES[role];
  const placed = alignment(role, align);
  const apply = `${format === 0 ? "" : ' applyNumberFormat="1"'}${font === 0 ? "" : ' applyFont="1"'}${
    fill === 0 ? "" : ' applyFill="1"'
  }${border === 0 ? "" : ' applyBorder="1"'}`;
  const start = `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="${border}" xfId="0"${apply}`;
  return placed === "" ? `${start}/>` : `${start} applyAlignment="1"><alignment${placed}/></xf>`;
}

function alignment(role: CellStyle["role"], align: CellStyle["align"]): string {
  const across = align === undefined ? "" : ` horizontal="${align}"`;
  if (role === "note" || role === "top_link") return `${across} vertical="top" wrapText="1"`;
  if (role === "top") return `${across} indent="1" vertical="top"`;
  // Numbers keep a distance from the text next to them, and headings from the filter's button at their right end.
  const indent = align === "right" ? ` indent="${role === "head" ? 2 : 1}"` : "";
  return `${across}${indent}${role === "head" ? ' vertical="center" wrapText="1"' : ""}`;
}
