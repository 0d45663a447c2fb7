import { crc32, deflateSync } from "node:zlib";

const COLOURS_MAX = 96;

/** A picture in its most frequent colours as PNG (https://www.w3.org/TR/png-3/), a third of the size; others become the nearest of them. */
export function palettePng({
  width,
  height,
  data,
}: {
  width: number;
  height: number;
  data: Uint8Array;
}): Buffer {
  const key = (at: number) => ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) counts.set(key(at), (counts.get(key(at)) ?? 0) + 1);
  const byCount = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const colours = byCount.slice(0, COLOURS_MAX);
  const indexes = new Map(colours.map((colour, index) => [colour, index]));
  const indexOf = (colour: number) => {
    const known = indexes.get(colour) ?? nearest(colour, colours);
    indexes.set(colour, known);
    return known;
  };
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = indexOf(key(4 * (y * width + x)));
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
  const distance = (other: number) =>
    channels(colour).reduce((sum, channel, index) => sum + (channel - (channels(other)[index] ?? 0)) ** 2, 0);
  return colours.reduce(
    (best, other, index) => (distance(other) < distance(colours[best] ?? 0) ? index : best),
    0,
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
