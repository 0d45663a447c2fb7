import type { Range } from "../yaml/spot.ts";

/**
 * Where in the file some characters of a value stand, given where the value does. Of a value over several lines, or with escapes, that is known
 * where the line they are on is written as it reads, and only once; otherwise it is the whole value.
 */
export function rangeInside(file: string, value: Range, text: string, [start, end]: Range): Range {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const nextLine = text.indexOf("\n", start);
  const lineEnd = nextLine < 0 ? text.length : nextLine;
  const line = text.slice(lineStart, lineEnd);
  const written = file.slice(value[0], value[1]);
  const at = line.trim() === "" ? -1 : written.indexOf(line);
  if (at < 0 || written.indexOf(line, at + 1) >= 0) return value;
  const from = value[0] + at + (start - lineStart);
  return [from, Math.max(from + 1, from + Math.min(end, lineEnd) - start)];
}
