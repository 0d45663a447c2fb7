/** JSON from servers of many releases: read what is there, never fail at what is missing or new. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Integers of 16 digits and more, which a JavaScript number may not hold. */
const LONG_INTEGER = /[:[,]\s*-?\d{16,}\s*[,}\]]/;

/** Parses JSON; integers that a JavaScript number cannot hold exactly stay as their digits, in a string. Throws SyntaxError. */
export function parseExactly(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, ...[context]: [{ source?: string }?]) => {
    const isInexact = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
    return isInexact && /^-?\d+$/.test(context?.source ?? "") ? context?.source : value;
  });
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
