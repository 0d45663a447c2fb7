-- The tables of version 3: before a run had a kind.
CREATE TABLE owners (
  owner   TEXT PRIMARY KEY,
  role    TEXT NOT NULL,
  beat_at INTEGER NOT NULL
) STRICT;
CREATE TABLE plans (
  report       TEXT PRIMARY KEY,
  cron         TEXT NOT NULL,
  timezone     TEXT NOT NULL,
  next_at      INTEGER,
  paused_at    INTEGER,
  pause_reason TEXT
) STRICT;
CREATE TABLE runs (
  id              TEXT PRIMARY KEY,
  report          TEXT NOT NULL,
  due_at          INTEGER NOT NULL,
  burst           TEXT NOT NULL,
  trigger         TEXT NOT NULL,
  state           TEXT NOT NULL,
  owner           TEXT,
  reserved_for    TEXT,
  is_trial        INTEGER NOT NULL DEFAULT 0,
  attempts        INTEGER NOT NULL DEFAULT 0,
  tries           INTEGER NOT NULL DEFAULT 0,
  tries_since     INTEGER,
  reopenings      INTEGER NOT NULL DEFAULT 0,
  next_at         INTEGER,
  reason          TEXT,
  advice          TEXT,
  rows            INTEGER,
  expect_at       INTEGER,
  late_told_at    INTEGER,
  failed_due_at   INTEGER,
  cancel_asked_at INTEGER,
  cancel_reason   TEXT,
  claimed_at      INTEGER NOT NULL,
  started_at      INTEGER,
  ended_at        INTEGER,
  UNIQUE (report, due_at, burst)
) STRICT;
CREATE INDEX runs_newest ON runs (due_at, claimed_at, id);
CREATE INDEX runs_ended ON runs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX runs_planned ON runs (due_at) WHERE state = 'planned';
CREATE INDEX runs_waiting ON runs (next_at) WHERE state = 'waiting';
CREATE INDEX runs_in_line ON runs (report, due_at) WHERE state IN ('planned', 'running', 'waiting');
CREATE INDEX runs_failed ON runs (failed_due_at) WHERE failed_due_at IS NOT NULL;
CREATE INDEX runs_expected ON runs (expect_at) WHERE expect_at IS NOT NULL AND ended_at IS NULL AND late_told_at IS NULL;
CREATE INDEX runs_in_hand ON runs (owner) WHERE owner IS NOT NULL;
CREATE INDEX runs_reserved ON runs (reserved_for) WHERE reserved_for IS NOT NULL;
CREATE INDEX runs_cancelled ON runs (cancel_asked_at) WHERE cancel_asked_at IS NOT NULL AND ended_at IS NULL;
CREATE TABLE run_attempts (
  run_id     TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  attempt    INTEGER NOT NULL,
  owner      TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  ended_as   TEXT,
  reason     TEXT,
  PRIMARY KEY (run_id, attempt)
) STRICT;
CREATE TABLE sections (
  run_id   TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  section  INTEGER NOT NULL,
  title    TEXT NOT NULL,
  task_id  TEXT,
  rows     INTEGER,
  took_ms  INTEGER,
  warnings TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (run_id, section)
) STRICT;
CREATE TABLE deliveries (
  id              TEXT PRIMARY KEY,
  run_id          TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  purpose         TEXT NOT NULL,
  kind            TEXT NOT NULL,
  target          TEXT NOT NULL,
  recipients      TEXT NOT NULL,
  position        INTEGER NOT NULL,
  state           TEXT NOT NULL,
  owner           TEXT,
  reserved_for    TEXT,
  attempts        INTEGER NOT NULL DEFAULT 0,
  tries           INTEGER NOT NULL DEFAULT 0,
  tries_since     INTEGER,
  next_at         INTEGER,
  is_uncertain    INTEGER NOT NULL DEFAULT 0,
  uncertain_since INTEGER,
  remaining       TEXT,
  external_id     TEXT,
  reason          TEXT,
  advice          TEXT,
  refused         TEXT NOT NULL DEFAULT '[]',
  bytes           INTEGER,
  planned_at      INTEGER NOT NULL,
  settled_at      INTEGER,
  UNIQUE (run_id, purpose, kind, target, recipients)
) STRICT;
CREATE INDEX deliveries_pending ON deliveries (planned_at, position) WHERE state = 'pending';
CREATE INDEX deliveries_waiting ON deliveries (next_at) WHERE state = 'waiting';
CREATE INDEX deliveries_in_hand ON deliveries (owner) WHERE owner IS NOT NULL;
CREATE INDEX deliveries_reserved ON deliveries (reserved_for) WHERE reserved_for IS NOT NULL;
CREATE TABLE delivery_attempts (
  delivery_id TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  attempt     INTEGER NOT NULL,
  owner       TEXT NOT NULL,
  started_at  INTEGER NOT NULL,
  committed_at INTEGER,
  ended_at    INTEGER,
  ended_as    TEXT,
  reason      TEXT,
  PRIMARY KEY (delivery_id, attempt)
) STRICT;
CREATE TABLE tasks (
  key     TEXT PRIMARY KEY,
  owner   TEXT NOT NULL,
  task_id TEXT,
  since   INTEGER NOT NULL
) STRICT;
CREATE INDEX tasks_by_age ON tasks (since);
CREATE INDEX tasks_in_hand ON tasks (owner) WHERE task_id IS NULL;
CREATE TABLE places (
  pool  TEXT NOT NULL,
  place INTEGER NOT NULL,
  owner TEXT NOT NULL,
  PRIMARY KEY (pool, place)
) STRICT;
CREATE TABLE circuits (
  name       TEXT PRIMARY KEY,
  failures   INTEGER NOT NULL,
  since      INTEGER,
  open_until INTEGER,
  reason     TEXT
) STRICT;
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
PRAGMA user_version = 3;
