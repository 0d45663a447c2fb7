/** The bytes that CSV is made of, and how far what they enclose goes. None of them is part of a longer UTF-8 letter. */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const CR = 0x0d;
export const LF = 0x0a;
export const APOSTROPHE = 0x27;
const MINUS = 0x2d;
const POINT = 0x2e;
/** Well within what the guard takes for a number. */
const PLAIN_NUMBER_BYTES_MAX = 40;

/**
 * Index of what ends the cell that begins at `start`: a comma, a line feed, or a CR before one. -1 where the cell is not all there, or
 * is not to be written as it was read.
 */
export function regularEnd(input: Buffer, start: number): number {
  const end = input[start] === QUOTE ? closingQuote(input, start + 1) + 1 : bareEnd(input, start);
  const next = input[end];
  return next === COMMA || next === LF || (next === CR && input[end + 1] === LF) ? end : -1;
}

/** Index of the quote that closes the cell, or the input's length. A doubled quote is part of the cell. */
function closingQuote(input: Buffer, start: number): number {
  const length = input.length;
  let at = start;
  for (; at < length; at += 1) {
    if (input[at] !== QUOTE) continue;
    if (input[at + 1] !== QUOTE) return at;
    at += 1;
  }
  return length;
}

/** Index of what ends the unquoted cell, or of what keeps it from being copied as it is: a quote, a CR. Or the input's length. */
function bareEnd(input: Buffer, start: number): number {
  const length = input.length;
  let at = start;
  for (; at < length; at += 1) {
    const byte = input[at] as number;
    // One comparison is enough for almost every letter and digit.
    if (byte <= COMMA && (byte === COMMA || byte === LF || byte === CR || byte === QUOTE)) return at;
  }
  return length;
}

/** "-12.5": most of what begins like a formula. Only what surely is a number, by fewer characters than one may have. */
export function isPlainNumber(input: Buffer, start: number, end: number): boolean {
  if (end - start < 2 || end - start > PLAIN_NUMBER_BYTES_MAX || input[start] !== MINUS) return false;
  if (isNoDigit(input[start + 1])) return false;
  for (let at = start + 2; at < end; at += 1) if (isNoDigit(input[at]) && input[at] !== POINT) return false;
  return true;
}

function isNoDigit(byte: number | undefined): boolean {
  return byte === undefined || byte < 0x30 || byte > 0x39;
}
