/*
 * The index of SQLite's write-ahead log, the -shm file, which all processes have in memory: of each frame of the log the page that it holds, and a hash
 * table from pages to frames (sqlite.org/walformat.html, 2.3). SQLite heals its header, which has a checksum and is there twice; the rest it believes.
 * In the machine's byte order, as the typed arrays are.
 */

export interface LogIndexHeader {
  /** Frames that count. */
  readonly frames: number;
  /** As the log has them, to tell whether it was begun again. */
  readonly salts: Buffer;
  /**
   * Whether the database's file is sound by itself: nothing of the log is in it, or all. A checkpoint that a reader holds up leaves out each page
   * that was written again since that reader began, also as it was before (wal.c, walCheckpoint), for as long as it takes to the next one.
   */
  readonly isFileWhole: boolean;
}

const REGION = 32_768;
const REGION_FRAMES = 4_096;
const HEADER = 136;
const FIRST_FRAMES = REGION_FRAMES - HEADER / 4;
const SLOTS = 8_192;
const HASH = 383;

/** Null: its two copies are not the same, as while one is written, and where SQLite makes it again. */
export function headerOf(index: Buffer): LogIndexHeader | null {
  if (index.length < REGION || !index.subarray(0, 48).equals(index.subarray(48, 96))) return null;
  const words = wordsOf(index);
  const frames = words[4] ?? 0;
  const [inFile = 0, begun = 0] = [words[24], words[32]];
  return {
    frames,
    salts: index.subarray(32, 40),
    isFileWhole: inFile === frames || (inFile === 0 && begun === 0),
  };
}

/** How many bytes of the file speak of so many frames. */
export function indexBytes(frames: number): number {
  return Math.max(1, Math.ceil((frames + HEADER / 4) / REGION_FRAMES)) * REGION;
}

/** The page that a frame (from 1) holds. */
export function pageOf(index: Buffer, frame: number): number {
  const { region, within } = placeOf(frame);
  const first = region === 0 ? HEADER / 4 : 0;
  return wordsOf(index)[(region * REGION) / 4 + first + within - 1] ?? 0;
}

/** What is wrong with it in itself, in words; null: nothing. */
export function indexProblem(index: Buffer, frames: number): string | null {
  if (index.length < indexBytes(frames)) return "it is too short for the log";
  const words = wordsOf(index);
  if ((words[24] ?? 0) > frames) return "more of the log is said to be in the database than there is";
  const hashes = new Uint16Array(index.buffer, index.byteOffset, Math.floor(index.length / 2));
  for (let frame = 1; frame <= frames; frame += 1) {
    const { region, within } = placeOf(frame);
    const table = (region * REGION + REGION / 2) / 2;
    let slot = Math.imul(pageOf(index, frame), HASH) & (SLOTS - 1);
    for (let steps = 0; hashes[table + slot] !== within; steps += 1) {
      if (hashes[table + slot] === 0 || steps === SLOTS) return `frame ${frame} is not found in it`;
      slot = (slot + 1) & (SLOTS - 1);
    }
  }
  return null;
}

/** In which of its regions of 32 KB, and as which there, from 1. */
function placeOf(frame: number): { readonly region: number; readonly within: number } {
  if (frame <= FIRST_FRAMES) return { region: 0, within: frame };
  const after = frame - FIRST_FRAMES - 1;
  return { region: 1 + Math.floor(after / REGION_FRAMES), within: (after % REGION_FRAMES) + 1 };
}

function wordsOf(index: Buffer): Uint32Array {
  return new Uint32Array(index.buffer, index.byteOffset, Math.floor(index.length / 4));
}
