/**
 * When a server last took a message, of whichever worker: core/ports/ledger.ts, `traffic`. How often the ledger was written, by which an older state
 * of it is known that was copied over the file: ledger/sqlite/guard.ts.
 */
export const VERSION_6 = `
  CREATE TABLE servers (
    name      TEXT PRIMARY KEY,
    served_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE generation (
    only  INTEGER PRIMARY KEY CHECK (only = 1),
    count INTEGER NOT NULL
  ) STRICT;
  INSERT INTO generation (only, count) VALUES (1, 0);
`;
