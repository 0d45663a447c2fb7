/** When a server last took a message, of whichever worker: core/ports/ledger.ts, `traffic`. */
export const VERSION_5 = `
  CREATE TABLE lookpost.servers (
    name      TEXT PRIMARY KEY,
    served_at BIGINT NOT NULL
  );
`;
