import pixelmatch from "pixelmatch";

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** As high as a row: of the pictures here each row of letters that is blanked changes 3.4 % of some tile, or more. */
const TILE_PX = 32;
/** Browsers of other versions smooth letters and round corners a little differently; pixelmatch leaves smoothed edges out. */
const IN_A_TILE_MAX = 0.02;
const IN_ALL_MAX = 0.005;

/** What differs between two pictures of one size, in words; null where they look the same. Judged tile by tile: a row that is gone is little of a long page. */
export function difference(kept: Pixels, seen: Pixels): string | null {
  const { width, height } = kept;
  if (seen.width !== width || seen.height !== height)
    return `it is ${seen.width} x ${seen.height} px, not ${width} x ${height}`;
  const marks = new Uint8Array(kept.data.length);
  const differing = pixelmatch(kept.data, seen.data, marks, width, height, {
    threshold: 0.2,
    diffMask: true,
  });
  if (differing > IN_ALL_MAX * width * height) return `${differing} of ${width * height} pixels differ`;
  const tiles = new Map<string, number>();
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    // Unmarked pixels are transparent.
    if (marks[4 * pixel + 3] === 0) continue;
    const tile = `${Math.floor((pixel % width) / TILE_PX)} ${Math.floor(Math.floor(pixel / width) / TILE_PX)}`;
    tiles.set(tile, (tiles.get(tile) ?? 0) + 1);
  }
  for (const [tile, count] of tiles) {
    const [column = 0, row = 0] = tile.split(" ").map(Number);
    const size = Math.min(TILE_PX, width - column * TILE_PX) * Math.min(TILE_PX, height - row * TILE_PX);
    // At the edge a tile may be a sliver, of which one letter's edge is a large share.
    if (count > IN_A_TILE_MAX * Math.max(size, (TILE_PX * TILE_PX) / 4))
      return `around ${column * TILE_PX}, ${row * TILE_PX} px ${count} of ${size} pixels differ`;
  }
  return null;
}
