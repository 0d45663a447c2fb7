/**
 * What runs leave for later ones, and what recipients are given links to. `points` of a run count once something of it was sent: until
 * then they stand in `run_points`. A point without `due_at` was imported.
 */
export const VERSION_2 = `
  CREATE INDEX runs_delivering ON lookpost.runs (report, due_at) WHERE state = 'delivering';

  CREATE TABLE lookpost.remembered (
    run_id        TEXT NOT NULL REFERENCES lookpost.runs (id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    attempt       INTEGER NOT NULL,
    report        TEXT NOT NULL,
    due_at        BIGINT NOT NULL,
    compared_with TEXT,
    data          BYTEA NOT NULL,
    PRIMARY KEY (run_id, name)
  );
  CREATE INDEX remembered_newest ON lookpost.remembered (report, name, due_at);

  CREATE TABLE lookpost.run_points (
    run_id  TEXT NOT NULL REFERENCES lookpost.runs (id) ON DELETE CASCADE,
    metric  TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    points  TEXT NOT NULL,
    PRIMARY KEY (run_id, metric)
  );

  CREATE TABLE lookpost.points (
    report   TEXT NOT NULL,
    metric   TEXT NOT NULL,
    point_on TEXT COLLATE "C" NOT NULL,
    value    DOUBLE PRECISION NOT NULL,
    due_at   BIGINT,
    PRIMARY KEY (report, metric, point_on)
  );

  CREATE TABLE lookpost.imports (
    report TEXT NOT NULL,
    metric TEXT NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (report, metric)
  );

  CREATE TABLE lookpost.links (
    token_hash TEXT PRIMARY KEY,
    run_id     TEXT NOT NULL REFERENCES lookpost.runs (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    target     TEXT NOT NULL
  );
  CREATE INDEX links_by_run ON lookpost.links (run_id);
  CREATE INDEX links_by_age ON lookpost.links (expires_at);
`;
