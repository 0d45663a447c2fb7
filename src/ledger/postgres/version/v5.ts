/**
 * When a server last took a message, of whichever worker: core/ports/ledger.ts, `traffic`. Who does not want a report any more; `recipient` as it is
 * compared: an email address in lower case.
 */
export const VERSION_5 = `
  CREATE TABLE lookpost.servers (
    name      TEXT PRIMARY KEY,
    served_at BIGINT NOT NULL
  );

  CREATE TABLE lookpost.unsubscribed (
    report    TEXT NOT NULL,
    kind      TEXT NOT NULL,
    recipient TEXT NOT NULL,
    at        BIGINT NOT NULL,
    how       TEXT NOT NULL,
    PRIMARY KEY (report, kind, recipient)
  );
`;
