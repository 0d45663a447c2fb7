import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

/**
 * How far the ledger has come, counted in the ledger itself. What is in the database's file by itself never goes back: a checkpoint brings what is in
 * the log, which is newer. Where it has gone back, an older state (a backup) was copied over the open file.
 */
export interface Generation {
  /** To be called within each transaction that writes. */
  advance(): void;
  /** To be called when the file was written: false where it holds an older state than it did. */
  goesOn(): boolean;
}

/** A page more for each transaction is spared by counting once a second, and after each checkpoint. */
const EVERY_MS = 1_000;
/**
 * What seems older has to be so a moment later. The pages of another process's checkpoint come one by one, and after a VACUUM the count may be
 * looked for where its page has not come yet.
 */
const SETTLES_MS = 200;

/** `database` is open on `file` with its tables up to date. */
export function countGenerations(database: DatabaseSync, file: string): Generation {
  let known = generationIn(file);
  // The tables were made just now, and are in the log alone.
  if (known === null) {
    database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    known = generationIn(file);
  }
  const count = database.prepare("UPDATE generation SET count = count + 1");
  let countedAtMs = Number.NEGATIVE_INFINITY;
  return {
    advance() {
      if (performance.now() - countedAtMs < EVERY_MS) return;
      count.run();
      countedAtMs = performance.now();
    },
    goesOn() {
      countedAtMs = Number.NEGATIVE_INFINITY;
      const before = known;
      const isBack = (now: ReturnType<typeof generationIn>) =>
        typeof before === "number" && now !== "unreadable" && (now ?? -1) < before;
      let now = generationIn(file);
      if (isBack(now)) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLES_MS);
        now = generationIn(file);
      }
      if (isBack(now)) return false;
      if (now !== "unreadable") known = now;
      return true;
    },
  };
}

/**
 * What the file has without its log. Null: it has no such table. "unreadable" in the middle of a checkpoint, and where it is damaged, which is
 * another's to find out. Read through SQLite: to open and close the file by other means would end this process's locks on it (sqlite.org/howtocorrupt.html, 2.2).
 */
function generationIn(file: string): number | null | "unreadable" {
  const url = pathToFileURL(file);
  url.search = "immutable=1";
  try {
    const database = new DatabaseSync(url, { readOnly: true });
    try {
      const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'generation'").get();
      if (isThere === undefined) return null;
      return Number(database.prepare("SELECT count FROM generation").get()?.count ?? 0);
    } finally {
      database.close();
    }
  } catch {
    return "unreadable";
  }
}
