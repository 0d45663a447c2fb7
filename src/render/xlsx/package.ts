import type { ZipMember } from "../zip/writer.ts";
import { attributeText, sheetText } from "./text.ts";

/** A sheet as the workbook lists it. */
export interface SheetEntry {
  readonly name: string;
  /** Of its file: sheets are listed in another order than they are written in. */
  readonly number: number;
  /** What the filter covers, "$A$1:$L$201"; null if there is none. */
  readonly filtered: string | null;
}

export interface PackageFacts {
  readonly sheets: readonly SheetEntry[];
  readonly stylesXml: string;
  readonly creator?: string | undefined;
  readonly title: string;
  readonly created: Date;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** All members of a workbook except its sheets (ECMA-376, part 1, 12.3). */
export function* packageMembers({
  sheets,
  stylesXml,
  title,
  creator,
  created,
}: PackageFacts): Generator<ZipMember> {
  yield member("xl/styles.xml", stylesXml);
  yield member("xl/workbook.xml", workbook(sheets));
  yield member("xl/_rels/workbook.xml.rels", workbookRelationships(sheets.length));
  yield member("docProps/core.xml", properties(title, creator ?? "lookpost", created));
  yield member(
    "_rels/.rels",
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`,
  );
  yield member("[Content_Types].xml", contentTypes(sheets.length));
}

function member(name: string, xml: string): ZipMember {
  return { name, contents: [Buffer.from(xml)] };
}

function workbook(sheets: readonly SheetEntry[]): string {
  const listed = sheets.map(
    ({ name, number }) => `<sheet name="${attributeText(name)}" sheetId="${number}" r:id="rId${number}"/>`,
  );
  const names = sheets.flatMap(({ name, filtered }, index) => {
    if (filtered === null) return [];
    const quoted = plain(`'${name.replaceAll("'", "''")}'`);
    return [
      `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${quoted}!${filtered}</definedName>`,
      `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${quoted}!$1:$1</definedName>`,
    ];
  });
  return `${HEAD}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${listed.join("")}</sheets>${
    names.length === 0 ? "" : `<definedNames>${names.join("")}</definedNames>`
  }</workbook>`;
}

function workbookRelationships(sheets: number): string {
  const all = Array.from(
    { length: sheets },
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${all.join("")}<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`;
}

function properties(title: string, creator: string, created: Date): string {
  const at = `${created.toISOString().slice(0, 19)}Z`;
  return `${HEAD}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${plain(title)}</dc:title><dc:creator>${plain(creator)}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created></cp:coreProperties>`;
}

function contentTypes(sheets: number): string {
  const all = Array.from(
    { length: sheets },
    (_, index) =>
      `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/>`,
  );
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET_TYPE}.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>${all.join("")}</Types>`;
}

function plain(text: string): string {
  return sheetText(text, { cut: 0, replaced: 0 });
}
