import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { headerOf, indexBytes, indexProblem, type LogIndexHeader, pageOf } from "./log-index.ts";

/*
 * The write-ahead log of an open ledger against its checksums (sqlite.org/fileformat.html, 4.1 and 4.2), which SQLite looks at only when it
 * opens the log after a crash: it would then end before the first damaged frame, and what was committed after it would be gone.
 * For a process of its own: see `generationIn`.
 */

const HEADER = 32;
const FRAME_HEADER = 24;
const LITTLE_ENDIAN = 0x377f0682;

/** What is wrong with the log or its index, in words; null: nothing, or there is none. Throws where that cannot be found out. */
export function problemOfLog(file: string, timeoutMs: number): string | null {
  if (!existsSync(`${file}-wal`) || !existsSync(`${file}-shm`)) return null;
  const database = new DatabaseSync(pathToFileURL(file), { readOnly: true, timeout: timeoutMs });
  const opened: number[] = [];
  try {
    // As long as it reads, no process begins a log again of which something is not in the database yet.
    database.exec("BEGIN; SELECT count(*) FROM sqlite_master");
    const [log = 0, index = 0] = ["-wal", "-shm"].map((end) => openSync(`${file}${end}`, "r"));
    opened.push(log, index);
    const known = headerOf(bytesOf(index, 0, indexBytes(0)));
    const reason = known === null ? null : problemOf(log, index, known);
    // Where all of it was in the database when this began to read, it may have been begun again meanwhile, over what was read.
    return reason === null || known === null || isBegunAgain(index, known.salts) ? null : reason;
  } finally {
    // Only then: the end of the files would be the end of its locks.
    database.close();
    for (const handle of opened) closeSync(handle);
  }
}

/**
 * Whether the database's file, without its log, is to be sound: there is none, or `LogIndexHeader.isFileWhole`. False where that cannot be
 * told now. For a process that has the ledger not open: see `generationIn`.
 */
export function isWholeWithoutLog(file: string): boolean {
  if (!existsSync(`${file}-wal`) || !existsSync(`${file}-shm`)) return true;
  const index = openSync(`${file}-shm`, "r");
  try {
    return headerOf(bytesOf(index, 0, indexBytes(0)))?.isFileWhole ?? false;
  } finally {
    closeSync(index);
  }
}

function problemOf(log: number, shm: number, known: LogIndexHeader): string | null {
  if (known.frames === 0) return null;
  const index = bytesOf(shm, 0, fstatSync(shm).size);
  const header = bytesOf(log, 0, HEADER);
  if (header.length < HEADER) return "its log is too short";
  const begun = indexProblem(index.subarray(0, indexBytes(known.frames)), known.frames);
  if (begun !== null) return `the index of its log is damaged: ${begun}`;
  if (!header.subarray(16, 24).equals(known.salts)) return "the header of its log is damaged";
  const sum = checksums(header.readUInt32BE(0) === LITTLE_ENDIAN);
  sum.add(header.subarray(0, 24));
  if (!sum.is(header, 24)) return "the header of its log is damaged";
  const page = header.readUInt32BE(8);
  for (let frame = 1; frame <= known.frames; frame += 1) {
    const bytes = bytesOf(log, HEADER + (frame - 1) * (FRAME_HEADER + page), FRAME_HEADER + page);
    if (bytes.length < FRAME_HEADER + page) return `its log ends before frame ${frame} of ${known.frames}`;
    sum.add(bytes.subarray(0, 8));
    sum.add(bytes.subarray(FRAME_HEADER));
    if (!bytes.subarray(8, 16).equals(known.salts) || !sum.is(bytes, 16))
      return `its log is damaged at frame ${frame} of ${known.frames}`;
    if (bytes.readUInt32BE(0) !== pageOf(index, frame))
      return `the index of its log is damaged: frame ${frame} holds another page`;
  }
  return null;
}

function isBegunAgain(shm: number, salts: Buffer): boolean {
  const now = headerOf(bytesOf(shm, 0, indexBytes(0)));
  return now === null || !now.salts.equals(salts);
}

function checksums(isLittleEndian: boolean) {
  let first = 0;
  let second = 0;
  return {
    add(bytes: Buffer): void {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = 0; at < bytes.length; at += 8) {
        first = (first + view.getUint32(at, isLittleEndian) + second) >>> 0;
        second = (second + view.getUint32(at + 4, isLittleEndian) + first) >>> 0;
      }
    },
    is: (bytes: Buffer, at: number) =>
      bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second,
  };
}

function bytesOf(handle: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(handle, bytes, 0, length, at));
}
