import { nameOf, type Piece } from "./lanes.ts";

/** Pieces that were busy, and are left alone for a while: what else ends meanwhile would have them asked for again and again. */
export interface Resting {
  add(piece: Piece): void;
  has(piece: Piece): boolean;
}

export function createResting(restMs: number): Resting {
  /** Until when each rests, in monotonic milliseconds, the soonest first. */
  const until = new Map<string, number>();
  return {
    add(piece) {
      const name = nameOf(piece);
      until.delete(name);
      until.set(name, performance.now() + restMs);
    },
    has(piece) {
      for (const [name, end] of until) {
        if (performance.now() < end) break;
        until.delete(name);
      }
      return until.has(nameOf(piece));
    },
  };
}
