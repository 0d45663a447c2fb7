import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import type { SpoolFile } from "../../core/ports/spool.ts";
import { resultTooLarge, type SpoolWriting, writeSpoolFile } from "../http/incoming.ts";
import { parseExactly } from "../http/loose-json.ts";
import type { Incoming } from "../http/transport.ts";
import { judge } from "../query/verdict.ts";
import { refuseTooMany } from "./bounds.ts";
import { CsvScan } from "./csv-scan.ts";

const HEAD_BYTES_MAX = 8_000_000;
/** What Looker says in JSON in place of a CSV is short. */
const JSON_BYTES_MAX = 1_000_000;
const BRACKETS: ReadonlySet<string> = new Set(["{", "["]);

export interface ReceivedCsv {
  readonly file: SpoolFile;
  readonly headings: readonly (readonly string[])[];
  /** The first rows after the headings. */
  readonly head: readonly (readonly string[])[];
  /** Data rows in the file. */
  readonly rowCount: number;
}

/**
 * Takes a CSV of any size in, to the file at `path`; rows are counted and the first ones kept while it passes. "pending":
 * the body was the query task itself. Throws ReportError for a CSV that is cut or broken, and for what Looker reports.
 */
export async function receiveCsv(
  incoming: Incoming,
  path: string,
  rows: { readonly headingRows: number; readonly headRowsMax: number },
  writing: Omit<SpoolWriting, "tooLarge">,
): Promise<ReceivedCsv | "pending"> {
  const scan = new CsvScan({
    headRecordsMax: rows.headingRows + rows.headRowsMax,
    headBytesMax: HEAD_BYTES_MAX,
  });
  const tidy = youngGarbage();
  let first = "";
  const passing = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      if (first === "") first = chunk.toString("latin1").trimStart().charAt(0);
      scan.push(chunk);
      yield chunk;
      tidy(chunk.length);
    }
  };
  const limits = { ...writing, tooLarge: resultTooLarge };
  const bytes = await writeSpoolFile(passing(incoming.bytes), path, limits);
  if (BRACKETS.has(first) && bytes <= JSON_BYTES_MAX && (await isTask(path))) return "pending";
  scan.end();
  refuseTooMany(scan.cells);
  const records: string[][] = parse(scan.head(), { bom: true, relax_quotes: true, relax_column_count: true });
  return {
    file: { path, bytes },
    headings: records.slice(0, rows.headingRows),
    head: records.slice(rows.headingRows),
    rowCount: Math.max(0, scan.records - rows.headingRows),
  };
}

/** Whether the file is the query task instead of its result; throws what else Looker says in JSON. A CSV is not JSON. */
async function isTask(path: string): Promise<boolean> {
  const body = parsed(await readFile(path, "utf8"));
  return body !== undefined && judge(body).kind === "task";
}

function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

const COLLECT_EVERY_BYTES = 8_000_000;

let collect: (() => void) | null = null;

/**
 * Keeps memory flat while a large result streams by; call it with the bytes of each chunk. Every read from a socket is a buffer
 * of its own outside of V8's heap, and V8 lets some 70 MB of used ones pile up before it looks at them. Collecting the
 * young generation (about a millisecond) now and then keeps that at about 10 MB.
 */
function youngGarbage(): (bytes: number) => void {
  let uncollected = 0;
  return (bytes) => {
    uncollected += bytes;
    if (uncollected < COLLECT_EVERY_BYTES) return;
    uncollected = 0;
    collect ??= collector();
    collect();
  };
}

/** V8's own gc(), which exists only in contexts made after the flag is set. */
function collector(): () => void {
  // Not imported above: a service that streams no large result need not hold them.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  const { runInNewContext } = process.getBuiltinModule("node:vm");
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("typeof gc === 'function' ? gc : null");
  setFlagsFromString("--no-expose-gc");
  return typeof gc === "function" ? () => void gc({ type: "minor" }) : () => undefined;
}
