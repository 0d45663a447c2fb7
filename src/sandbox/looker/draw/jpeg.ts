import { acBits, acValues, dcBits, dcValues, quantization, zigzag } from "./jpeg-tables.ts";

/** A baseline JPEG (ITU-T T.81) without subsampling, from RGBA pixels; what is transparent becomes white. */
export function jpegOf(pixels: Uint8Array, width: number, height: number): Buffer {
  const bits = new BitWriter();
  const before = [0, 0, 0];
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      const planes = readBlock(pixels, width, height, left, top);
      planes.forEach((plane, component) => {
        before[component] = writeBlock(transformed(plane), before[component] ?? 0, bits);
      });
    }
  }
  return Buffer.concat([header(width, height), bits.end(), Buffer.from([0xff, 0xd9])]);
}

/** Eight by eight pixels as Y, Cb and Cr around zero; beyond the edge the last pixel is repeated. */
function readBlock(pixels: Uint8Array, width: number, height: number, left: number, top: number) {
  const planes = [new Float64Array(64), new Float64Array(64), new Float64Array(64)] as const;
  for (let at = 0; at < 64; at += 1) {
    const x = Math.min(width - 1, left + (at % 8));
    const y = Math.min(height - 1, top + Math.floor(at / 8));
    const start = (y * width + x) * 4;
    const opacity = (pixels[start + 3] ?? 255) / 255;
    const share = (offset: number) => (pixels[start + offset] ?? 0) * opacity + 255 * (1 - opacity);
    const [red, green, blue] = [share(0), share(1), share(2)];
    planes[0][at] = 0.299 * red + 0.587 * green + 0.114 * blue - 128;
    planes[1][at] = -0.168736 * red - 0.331264 * green + 0.5 * blue;
    planes[2][at] = 0.5 * red - 0.418688 * green - 0.081312 * blue;
  }
  return planes;
}

const cosines = Float64Array.from({ length: 64 }, (_, index) => {
  const [frequency, sample] = [Math.floor(index / 8), index % 8];
  return Math.cos(((2 * sample + 1) * frequency * Math.PI) / 16) * (frequency === 0 ? Math.SQRT1_2 : 1) * 0.5;
});

/** The discrete cosine transform, quantized and in zigzag order. */
function transformed(plane: Float64Array): Int32Array {
  const half = new Float64Array(64);
  for (let row = 0; row < 8; row += 1) {
    for (let frequency = 0; frequency < 8; frequency += 1) {
      let sum = 0;
      for (let x = 0; x < 8; x += 1) sum += (plane[row * 8 + x] ?? 0) * (cosines[frequency * 8 + x] ?? 0);
      half[row * 8 + frequency] = sum;
    }
  }
  const out = new Int32Array(64);
  for (let at = 0; at < 64; at += 1) {
    const place = zigzag[at] ?? 0;
    const [row, column] = [Math.floor(place / 8), place % 8];
    let sum = 0;
    for (let y = 0; y < 8; y += 1) sum += (half[y * 8 + column] ?? 0) * (cosines[row * 8 + y] ?? 0);
    out[at] = Math.round(sum / quantization);
  }
  return out;
}

/** Gives the block's DC value, which the next one counts from. */
function writeBlock(block: Int32Array, dcBefore: number, bits: BitWriter): number {
  const dc = block[0] ?? 0;
  const difference = dc - dcBefore;
  bits.code(dcCodes, bitLength(difference));
  bits.value(difference);
  let zeros = 0;
  for (let at = 1; at < 64; at += 1) {
    const value = block[at] ?? 0;
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) bits.code(acCodes, 0xf0);
    bits.code(acCodes, zeros * 16 + bitLength(value));
    bits.value(value);
    zeros = 0;
  }
  if (zeros > 0) bits.code(acCodes, 0);
  return dc;
}

function bitLength(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

type Codes = ReadonlyMap<number, { code: number; length: number }>;

class BitWriter {
  readonly #bytes: number[] = [];
  #pending = 0;
  #count = 0;

  code(codes: Codes, symbol: number): void {
    const found = codes.get(symbol);
    if (found === undefined) throw new Error(`No Huffman code for ${symbol}`);
    this.#write(found.code, found.length);
  }

  /** A negative number is written as its complement. */
  value(value: number): void {
    const length = bitLength(value);
    if (length > 0) this.#write(value < 0 ? value + 2 ** length - 1 : value, length);
  }

  end(): Buffer {
    if (this.#count > 0) this.#write(0x7f, 8 - this.#count);
    return Buffer.from(this.#bytes);
  }

  #write(value: number, length: number): void {
    for (let bit = length - 1; bit >= 0; bit -= 1) {
      this.#pending = (this.#pending << 1) | ((value >> bit) & 1);
      this.#count += 1;
      if (this.#count < 8) continue;
      this.#bytes.push(this.#pending);
      // A byte of ones would be taken for a marker.
      if (this.#pending === 0xff) this.#bytes.push(0);
      this.#pending = 0;
      this.#count = 0;
    }
  }
}

function codesOf(lengths: readonly number[], symbols: readonly number[]): Codes {
  const codes = new Map<number, { code: number; length: number }>();
  let code = 0;
  let next = 0;
  lengths.forEach((count, index) => {
    for (let taken = 0; taken < count; taken += 1) {
      codes.set(symbols[next] ?? 0, { code, length: index + 1 });
      code += 1;
      next += 1;
    }
    code *= 2;
  });
  return codes;
}

const dcCodes = codesOf(dcBits, dcValues);
const acCodes = codesOf(acBits, acValues);

function header(width: number, height: number): Buffer {
  const segment = (marker: number, ...bytes: number[]) => [0xff, marker, ...word(bytes.length + 2), ...bytes];
  const component = (id: number) => [id, 0x11, 0];
  return Buffer.from([
    0xff,
    0xd8,
    ...segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
    ...segment(0xdb, 0, ...new Array<number>(64).fill(quantization)),
    ...segment(
      0xc0,
      8,
      ...word(height),
      ...word(width),
      3,
      ...component(1),
      ...component(2),
      ...component(3),
    ),
    ...segment(0xc4, 0x00, ...dcBits, ...dcValues),
    ...segment(0xc4, 0x10, ...acBits, ...acValues),
    ...segment(0xda, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0),
  ]);
}

function word(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}
