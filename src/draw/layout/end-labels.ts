import { LINE } from "./svg.ts";

export interface EndLabel {
  /** Where its line ends. */
  readonly y: number;
  readonly rows: readonly string[];
}

/**
 * The middles of labels next to the ends of lines: in the lines' order from above, none over another, each as near to its end as
 * that allows. In the order of `labels`.
 */
export function placed(labels: readonly EndLabel[], top: number, bottom: number): number[] {
  const order = labels.map((_, index) => index).sort((a, b) => (labels[a]?.y ?? 0) - (labels[b]?.y ?? 0));
  const heights = order.map((index) => (labels[index]?.rows.length ?? 1) * LINE);
  // Neighbours that would touch become one block, in the middle of where its labels want to be.
  const blocks: { start: number; height: number; wanted: number[]; offsets: number[] }[] = [];
  order.forEach((index, rank) => {
    const height = heights[rank] ?? LINE;
    const wanted = (labels[index]?.y ?? 0) - height / 2;
    blocks.push({ start: wanted, height, wanted: [wanted], offsets: [0] });
    for (;;) {
      const [before, last] = [blocks.at(-2), blocks.at(-1)];
      if (before === undefined || last === undefined || before.start + before.height <= last.start) break;
      const offsets = [...before.offsets, ...last.offsets.map((offset) => offset + before.height)];
      const all = [...before.wanted, ...last.wanted];
      const start = all.reduce((sum, want, at) => sum + want - (offsets[at] ?? 0), 0) / all.length;
      blocks.splice(-2, 2, { start, height: before.height + last.height, wanted: all, offsets });
    }
  });
  const starts = blocks.flatMap(({ start, offsets }) => offsets.map((offset) => start + offset));
  const inside = pushedInside(starts, heights, top, bottom);
  const middles = new Array<number>(labels.length).fill(0);
  order.forEach((index, rank) => {
    middles[index] = (inside[rank] ?? 0) + (heights[rank] ?? LINE) / 2;
  });
  return middles;
}

/** Up from the foot, and then down from the head, which goes before where there are too many. */
function pushedInside(starts: readonly number[], heights: readonly number[], top: number, bottom: number) {
  const inside = [...starts];
  let limit = bottom;
  for (let at = inside.length - 1; at >= 0; at -= 1) {
    const most = limit - (heights[at] ?? LINE);
    inside[at] = Math.min(inside[at] ?? 0, most);
    limit = inside[at] ?? 0;
  }
  let least = top;
  inside.forEach((start, at) => {
    inside[at] = Math.max(start, least);
    least = (inside[at] ?? 0) + (heights[at] ?? LINE);
  });
  return inside;
}
