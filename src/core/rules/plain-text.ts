/*
 * Text from outside (titles, labels, errors of servers, file names) as a terminal, a log or a subject may show it: nothing in it moves the
 * cursor, colours, hides or turns round what is next to it (Unicode TR 36, 2.10; ECMA-48).
 */

/**
 * C0 without the line feed, DEL, C1, marks and overrides of direction, separators of lines and paragraphs, and what takes up no room: zero-width
 * letters, fillers, and the tags of plane 14, in which a text can be hidden. Not the selectors of a picture's form (U+FE0F), which emoji need.
 */
const UNSAFE =
  "\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}";
const EACH_UNSAFE = new RegExp(`[${UNSAFE}]`, "gu");
const BREAKS = /[\s\u0085\u2028\u2029]+/g;

/** As one line. */
export function plainLine(text: string): string {
  return text.replaceAll(BREAKS, " ").replaceAll(EACH_UNSAFE, "");
}

/** With its line breaks; `stand`: what takes the place of each character that is left out. */
export function plainText(text: string, stand = ""): string {
  return text.replaceAll(EACH_UNSAFE, stand);
}

/** All texts in a value as one line each; dates and numbers as they are. */
export function plainly<T>(value: T): T {
  if (typeof value === "string") return plainLine(value) as T;
  if (Array.isArray(value)) return value.map(plainly) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainly(one)])) as T;
}

/** A line of JSON in which such characters are escaped: the same value, and safe to look at. */
export function plainJson(line: string): string {
  return line.replaceAll(EACH_UNSAFE, (letter) => letter.split("").map(escapedUnit).join(""));
}

function escapedUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
