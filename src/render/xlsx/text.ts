/** Characters of a cell, in UTF-16 units (Microsoft, "Excel specifications and limits"). */
export const CELL_CHARS_MAX = 32_767;
const CUT_MARK = "… (cut)";

/** What had to be changed so that a workbook can hold a text. */
export interface TextDamage {
  cut: number;
  replaced: number;
}

// What XML 1.0 cannot hold (section 2.2): control characters, and two noncharacters. Lone surrogates are replaced before.
const ILLEGAL = /[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]/gu;
const SUSPECT = /[&<>\r]|_x[0-9a-fA-F]{4}_/;
const PLAIN = /^[\x20-\x25\x27-\x3b\x3d\x3f-\x5e\x60-\x7e]*$/;

/** `text` as the content of an XML element of a sheet. */
export function sheetText(text: string, damage: TextDamage): string {
  if (text.length <= CELL_CHARS_MAX && PLAIN.test(text)) return text;
  let kept = text;
  if (kept.length > CELL_CHARS_MAX) {
    kept = `${withoutHalf(kept.slice(0, CELL_CHARS_MAX - CUT_MARK.length))}${CUT_MARK}`;
    damage.cut += 1;
  }
  const legal = kept.toWellFormed().replace(ILLEGAL, "\ufffd");
  if (legal !== kept) damage.replaced += 1;
  return SUSPECT.test(legal) ? escaped(legal) : legal;
}

function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

function escaped(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll("\r", "&#13;")
      // Excel reads _x0041_ as a character (ECMA-376, ST_Xstring): so the underscore is escaped that way itself.
      .replace(/_(?=x[0-9a-fA-F]{4}_)/g, "_x005F_")
  );
}

/** `text` as the value of an attribute in double quotes. */
export function attributeText(text: string): string {
  return text
    .toWellFormed()
    .replace(ILLEGAL, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replace(/[\t\r\n]/g, (space) => `&#${space.charCodeAt(0)};`);
}
