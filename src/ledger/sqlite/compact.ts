import type { DatabaseSync } from "node:sqlite";

/** Less than this is left for new rows, which will want it again. */
const FREE_SHARE_MIN = 0.25;
const FREE_PAGES_MIN = 256;

/** Pages given back in one go, about 20 MB: nothing else is written meanwhile, nor beats of this process. */
const PAGES_AT_ONCE_MAX = 5_000;

const INCREMENTAL = 2;

/** Gives free pages back to the disk where they are a good part of the file, and empties the write-ahead log. */
export function compactSqlite(database: DatabaseSync): void {
  const free = pragma(database, "freelist_count");
  const pages = pragma(database, "page_count");
  if (free >= FREE_PAGES_MIN && free >= pages * FREE_SHARE_MIN) {
    if (pragma(database, "auto_vacuum") === INCREMENTAL)
      database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE_MAX})`);
    // A file of the first version: rewritten once, from then on it shrinks in steps.
    else database.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
  }
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
}
