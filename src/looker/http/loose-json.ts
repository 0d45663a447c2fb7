import { withoutEnd } from "../../core/rules/trimmed.ts";

/** JSON from servers of many releases: read what is there, never fail at what is missing or new. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A double keeps 15 significant digits surely (IEEE 754), and 17 at most. */
const DIGITS_KEPT = 15;

/** Where numbers of more digits may be. */
const LONG_NUMBER = /[:[,]\s*-?\d[\d.]{15}/;

/** Parses JSON; numbers that a JavaScript number cannot hold exactly stay as their digits, in a string. Throws SyntaxError. */
export function parseExactly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, ...[context]: [{ source?: string }?]) => {
    const source = context?.source;
    return typeof value === "number" && source !== undefined && !isExact(value, source) ? source : value;
  });
}

/** Whether it is written with these digits again, whatever its exponent and last zeros: -2 to the power of 63 is not, though a double holds it. */
function isExact(value: number, source: string): boolean {
  const digits = digitsOf(source);
  return digits.length <= DIGITS_KEPT || digits === digitsOf(String(value));
}

function digitsOf(number: string): string {
  const [mantissa = ""] = number.split(/e/i);
  return withoutEnd(mantissa.replace(/[-+.]/g, "").replace(/^0+/, ""), "0");
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A text that says something; numbers, which API 3.1 used for ids, as their digits. */
export function textIn(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : null;
}

export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap((item) => textIn(item) ?? []) : [];
}
