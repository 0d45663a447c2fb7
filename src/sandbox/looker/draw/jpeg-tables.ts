/** One step for all frequencies: drawings have sharp edges, which coarser steps would smear. */
export const quantization = 8;

/** ITU-T T.81, figure A.6. */
export const zigzag: readonly number[] = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
];

/** How many codes there are of each length from 1 to 16, and their symbols: ITU-T T.81, table K.3. */
export const dcBits: readonly number[] = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
export const dcValues: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/**
 * Eight bits for every symbol that there can be, a run of zeros and a length, and nine for those left over: plain, where
 * table K.5 would save a tenth of the file. No code is all ones.
 */
export const acValues: readonly number[] = [
  0x00,
  0xf0,
  ...Array.from({ length: 16 }, (_, run) =>
    Array.from({ length: 10 }, (_, length) => run * 16 + length + 1),
  ).flat(),
];
export const acBits: readonly number[] = [0, 0, 0, 0, 0, 0, 0, acValues.length, 0, 0, 0, 0, 0, 0, 0, 0];
