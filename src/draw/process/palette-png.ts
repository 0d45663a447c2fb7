import { crc32, deflateSync } from "node:zlib";

/** A picture as it was drawn: RGBA with colours multiplied by their alpha, row by row from the top. */
export interface PixelMap {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const COLOURS_MAX = 256;
/** With more, it is a picture and not a drawing. */
const SHADES_MAX = 4_096;
/** Of the pixels: smoothed edges where translucent shapes overlap. */
const NEAREST_SHARE_MAX = 0.01;

/**
 * The picture as a PNG with a palette (https://www.w3.org/TR/png-3/, 11.2.2 and 11.3.1.1), a third of the size: pixel for pixel the same, or
 * with up to 1 % of its pixels in the nearest of its 256 most frequent colours. Null where those are not enough.
 */
export function palettePng({ width, height, pixels }: PixelMap): Uint8Array | null {
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const counts = new Map<number, number>();
  for (let at = 0; at < 4 * width * height; at += 4) {
    const colour = view.getUint32(at);
    const before = counts.get(colour) ?? 0;
    if (before === 0 && counts.size === SHADES_MAX) return null;
    counts.set(colour, before + 1);
  }
  const byCount = [...counts].sort((one, other) => other[1] - one[1]);
  const colours = byCount.slice(0, COLOURS_MAX).map(([colour]) => colour);
  const others = byCount.slice(COLOURS_MAX);
  const moved = others.reduce((sum, [, count]) => sum + count, 0);
  if (moved > NEAREST_SHARE_MAX * width * height) return null;
  const places = new Map(colours.map((colour, place) => [colour, place]));
  for (const [colour] of others) places.set(colour, nearest(colour, colours));
  // Each row begins with its filter: none, which suits a palette.
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      rows[y * (width + 1) + 1 + x] = places.get(view.getUint32(4 * (y * width + x))) ?? 0;
  return encoded({ width, height, rows, colours });
}

function nearest(colour: number, colours: readonly number[]): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [place, other] of colours.entries()) {
    const distance = [0, 8, 16, 24].reduce(
      (sum, shift) => sum + (((colour >>> shift) & 255) - ((other >>> shift) & 255)) ** 2,
      0,
    );
    if (distance < least) [best, least] = [place, distance];
  }
  return best;
}

interface Indexed {
  readonly width: number;
  readonly height: number;
  readonly rows: Uint8Array;
  readonly colours: readonly number[];
}

function encoded({ width, height, rows, colours }: Indexed): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a pixel, by palette.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(colours.flatMap(undivided))),
    chunk("tRNS", Buffer.from(colours.map((colour) => colour & 255))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** Red, green and blue as PNG has them: not multiplied by alpha. */
function undivided(colour: number): number[] {
  const alpha = colour & 255;
  return [24, 16, 8].map((shift) =>
    alpha === 0 ? 0 : Math.min(255, Math.round(((colour >>> shift) & 255) / (alpha / 255))),
  );
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
