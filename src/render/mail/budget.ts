/**
 * How many rows of each table to keep, so that all of them together stay within `bytesMax`: every table gets the same
 * number of bytes, and what small tables do not use goes to the larger ones, so the largest tables lose the most rows.
 */
export function rowsWithin(tables: readonly (readonly number[])[], bytesMax: number): number[] {
  let left = Math.max(0, bytesMax);
  const kept = new Array<number>(tables.length).fill(0);
  const bySize = tables
    .map((rowBytes, index) => ({ rowBytes, index, bytes: rowBytes.reduce((sum, bytes) => sum + bytes, 0) }))
    .sort((a, b) => a.bytes - b.bytes);
  bySize.forEach(({ rowBytes, index, bytes }, position) => {
    const share = left / (bySize.length - position);
    const rows = bytes <= share ? rowBytes.length : rowsThatFit(rowBytes, share);
    kept[index] = rows;
    left -= rowBytes.slice(0, rows).reduce((sum, size) => sum + size, 0);
  });
  return kept;
}

function rowsThatFit(rowBytes: readonly number[], bytesMax: number): number {
  let bytes = 0;
  for (const [index, size] of rowBytes.entries()) {
    bytes += size;
    if (bytes > bytesMax) return index;
  }
  return rowBytes.length;
}

/** How much of a section to show. */
export type Extent = "full" | "brief" | "none";

/**
 * Cuts sections, beginning with the last, first to their brief form and then away, until their frames fit into `bytesMax`.
 */
export function extents(frames: readonly { full: number; brief: number }[], bytesMax: number): Extent[] {
  const chosen = new Array<Extent>(frames.length).fill("full");
  let bytes = frames.reduce((sum, frame) => sum + frame.full, 0);
  for (let index = frames.length - 1; index >= 0 && bytes > bytesMax; index -= 1) {
    const frame = frames[index] ?? { full: 0, brief: 0 };
    chosen[index] = "brief";
    bytes -= frame.full - frame.brief;
  }
  for (let index = frames.length - 1; index >= 0 && bytes > bytesMax; index -= 1) {
    chosen[index] = "none";
    bytes -= frames[index]?.brief ?? 0;
  }
  return chosen;
}
