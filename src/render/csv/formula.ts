/**
 * What becomes of text that a spreadsheet would run. `guard`: a cell that begins so gets ' before it. `strict`: so does each piece of
 * a cell behind a character that other readers may take for the end of a cell. `raw`: nothing.
 */
export type Formulas = "guard" | "strict" | "raw";

/**
 * What spreadsheets pass over before they look at a cell, or take away when it is pasted: blanks and line ends, control characters, and what
 * has no width (zero-width characters, byte order marks, directions).
 */
const PASSED_OVER = "[\\s\\p{Cc}\\p{Cf}\\p{Z}\\p{Default_Ignorable_Code_Point}\\u2800]*";
/** = + - @ and the letters that are forms of them (Unicode, NFKC): full-width, small, raised and lowered. */
const OPERATORS = "=+\\-@\uff1d\ufe66⁼₌\uff0b\ufe62⁺₊\uff0d\ufe63\uff20\ufe6b";

/** What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection"). A tab, CR or LF at the very beginning is enough. */
const TRIGGER = new RegExp(`^(?:[\\t\\r\\n]|${PASSED_OVER}[${OPERATORS}])`, "u");
const BEGINNING = new RegExp(`^(?:[\\t\\r\\n]|${PASSED_OVER}(?:[${OPERATORS}]|\\ufffd*$))`, "u");
const LEADING = new RegExp(`^${PASSED_OVER}`, "u");
const SIGN = /^[+\-\uff0b\ufe62⁺₊\uff0d\ufe63]/;

// Digits with grouping, decimals, one currency sign or code at either end, a percent sign or an exponent: "-3.2%",
// "-$1,200", "+5", "-1.5e-7", "-4 EUR". Anything with a second operator ("+1-555", "-1+2") is not a number.
const NUMBER =
  /^[+-]\s?(?:\p{Sc}|[A-Z]{3}\s)?\s?(?:\d[\d,.'’\s]*|\.\d+)(?:[eE][+-]?\d+)?\s?(?:%|\p{Sc}|[A-Z]{3}|[KMBT])?$/u;
const NUMBER_CHARS_MAX = 64;

/** What a number's rendering needs to call a function, another program or another sheet. */
const CALL = /[=@|!(]/;

/** Where a cell ends for a reader that separates otherwise, or does not know quotes. */
const SEPARATORS = ',;\t|"\r\n';
const PIECE = new RegExp(`([${SEPARATORS}])([^${SEPARATORS}]+)`, "g");

/** The text of a cell as it is written. `isNumber`: its value is a number, whatever it looks like. */
export function guarded(text: string, isNumber: boolean, formulas: Formulas): string {
  if (formulas === "raw") return text;
  const whole = isFormula(text, isNumber) ? `'${text}` : text;
  if (formulas === "guard") return whole;
  return whole.replace(PIECE, (all: string, separator: string, piece: string) =>
    isFormula(piece, false) ? `${separator}'${piece}` : all,
  );
}

/**
 * Whether a spreadsheet would run the text. Numbers pass: "-3.2%" starts with a minus because the value is negative, runs nothing, and
 * would no longer add up as text.
 */
export function isFormula(text: string, isNumber: boolean): boolean {
  if (isHarmless(text.charCodeAt(0)) || !TRIGGER.test(text)) return false;
  const bare = text.replace(LEADING, "");
  if (!SIGN.test(bare)) return true;
  if (bare.length <= NUMBER_CHARS_MAX && NUMBER.test(bare)) return false;
  return !(isNumber && !CALL.test(bare));
}

/** Whether a text with this beginning, which may end within a letter, may be a formula. */
export function mayBeFormula(beginning: string): boolean {
  return BEGINNING.test(beginning);
}

/** Most cells begin with an ASCII letter or a digit. NaN: an empty cell. */
function isHarmless(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) || Number.isNaN(code)
  );
}

/** First bytes, in UTF-8, of all that a formula may begin with. Of those beyond ASCII, most begin other letters as well. */
export const FIRST_BYTES: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte < 0x80) return mayBeFormula(String.fromCharCode(byte)) ? 1 : 0;
  return [0xc2, 0xcd, 0xd8, 0xdb, 0xdc, 0xe0, 0xe1, 0xe2, 0xe3, 0xef, 0xf0, 0xf3].includes(byte) ? 1 : 0;
});

export const SEPARATOR_BYTES: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  SEPARATORS.includes(String.fromCharCode(byte)) ? 1 : 0,
);
