/**
 * What runs leave for later ones, and what recipients are given links to. `points` of a run count once something of it was sent: until
 * then they stand in `run_points`. A point without `due_at` was imported.
 */
export const VERSION_3 = `
  CREATE INDEX runs_delivering ON runs (report, due_at) WHERE state = 'delivering';

  CREATE TABLE remembered (
    run_id        TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    attempt       INTEGER NOT NULL,
    report        TEXT NOT NULL,
    due_at        INTEGER NOT NULL,
    compared_with TEXT,
    data          BLOB NOT NULL,
    PRIMARY KEY (run_id, name)
  ) STRICT;
  CREATE INDEX remembered_newest ON remembered (report, name, due_at);

  CREATE TABLE run_points (
    run_id  TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    metric  TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    points  TEXT NOT NULL,
    PRIMARY KEY (run_id, metric)
  ) STRICT;

  CREATE TABLE points (
    report   TEXT NOT NULL,
    metric   TEXT NOT NULL,
    point_on TEXT NOT NULL,
    value    REAL NOT NULL,
    due_at   INTEGER,
    PRIMARY KEY (report, metric, point_on)
  ) STRICT;

  CREATE TABLE imports (
    report TEXT NOT NULL,
    metric TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (report, metric)
  ) STRICT;

  CREATE TABLE links (
    token_hash TEXT PRIMARY KEY,
    run_id     TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    target     TEXT NOT NULL
  ) STRICT;
  CREATE INDEX links_by_run ON links (run_id);
  CREATE INDEX links_by_age ON links (expires_at);
`;
