/**
 * When a server last took a message, of whichever worker: core/ports/ledger.ts, `traffic`. How often the ledger was written, by which an older state
 * of it is known that was copied over the file: ledger/sqlite/guard.ts. Who does not want a report any more; `recipient` as it is compared: an
 * email address in lower case.
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

  CREATE TABLE unsubscribed (
    report    TEXT NOT NULL,
    kind      TEXT NOT NULL,
    recipient TEXT NOT NULL,
    at        INTEGER NOT NULL,
    how       TEXT NOT NULL,
    PRIMARY KEY (report, kind, recipient)
  ) STRICT;
`;
