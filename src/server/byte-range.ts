/** Positions of the first and the last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** One range with a digit on at least one side of its dash, RFC 9110, section 14.1.2. */
const SINGLE = /^bytes=[ \t]*(\d{0,16})-(\d{0,16})[ \t]*$/i;

/**
 * What a Range header asks of a file of so many bytes: one range; "none" that could be satisfied (416); null where it asks for
 * the whole, for several ranges at once, or for nothing that can be read, which RFC 9110 lets a server answer with the whole.
 */
export function rangeAsked(header: string | undefined, bytes: number): ByteRange | "none" | null {
  const [, from = "", to = ""] = SINGLE.exec(header ?? "") ?? [];
  if (from === "") {
    if (to === "") return null;
    const length = Math.min(Number(to), bytes);
    return length === 0 ? "none" : { first: bytes - length, last: bytes - 1 };
  }
  const first = Number(from);
  if (to !== "" && Number(to) < first) return null;
  if (first >= bytes) return "none";
  return { first, last: to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}
