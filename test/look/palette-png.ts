import { crc32, deflateSync } from "node:zlib";
import type { Pixels } from "./alike.ts";

const COLOURS_MAX = 96;

/** A picture in its most frequent colours; others became the nearest of them. */
interface Reduced {
  readonly width: number;
  readonly height: number;
  /** As 0xRRGGBB. */
  readonly colours: readonly number[];
  /** Of each pixel, which of the colours it has. */
  readonly indexes: Uint8Array;
}

function reduced({ width, height, data }: Pixels): Reduced {
  const key = (pixel: number) =>
    ((data[4 * pixel] ?? 0) << 16) | ((data[4 * pixel + 1] ?? 0) << 8) | (data[4 * pixel + 2] ?? 0);
  const counts = new Map<number, number>();
  const indexes = new Uint8Array(width * height);
  for (let pixel = 0; pixel < indexes.length; pixel += 1)
    counts.set(key(pixel), (counts.get(key(pixel)) ?? 0) + 1);
  const byCount = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const colours = byCount.slice(0, COLOURS_MAX);
  const known = new Map(colours.map((colour, index) => [colour, index]));
  for (let pixel = 0; pixel < indexes.length; pixel += 1) {
    const colour = key(pixel);
    const index = known.get(colour) ?? nearest(colour, colours);
    known.set(colour, index);
    indexes[pixel] = index;
  }
  return { width, height, colours, indexes };
}

/** The same picture in its most frequent colours, as reading its palettePng would give it. */
export function inFewColours(picture: Pixels): Pixels {
  const { width, height, colours, indexes } = reduced(picture);
  const pixels = new DataView(new ArrayBuffer(4 * indexes.length));
  for (const [pixel, index] of indexes.entries())
    pixels.setUint32(4 * pixel, (colours[index] ?? 0) * 256 + 255);
  const data = new Uint8Array(pixels.buffer);
  return { width, height, data };
}

/** A picture in its most frequent colours as PNG (https://www.w3.org/TR/png-3/), a third of the size. */
export function palettePng(picture: Pixels): Buffer {
  const { width, height, colours, indexes } = reduced(picture);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1)
    rows.set(indexes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a pixel, by palette.
  header.set([8, 3, 0, 0, 0], 8);
  const palette = Buffer.from(colours.flatMap((colour) => channels(colour)));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function channels(colour: number): [number, number, number] {
  return [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
}

function nearest(colour: number, colours: readonly number[]): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [index, other] of colours.entries()) {
    const distance = apart(colour, other, 16) + apart(colour, other, 8) + apart(colour, other, 0);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

/** How far apart two colours are in one of their channels, squared. */
function apart(colour: number, other: number, shift: number): number {
  return (((colour >> shift) & 255) - ((other >> shift) & 255)) ** 2;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
