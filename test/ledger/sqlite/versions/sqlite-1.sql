-- The tables of version 1, as released with lookpost 0.1.
CREATE TABLE runs (
  id         TEXT PRIMARY KEY,
  report     TEXT NOT NULL,
  due_at     INTEGER NOT NULL,
  burst      TEXT NOT NULL,
  trigger    TEXT NOT NULL,
  state      TEXT NOT NULL,
  owner      TEXT,
  reason     TEXT,
  advice     TEXT,
  rows       INTEGER,
  claimed_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at   INTEGER,
  UNIQUE (report, due_at, burst)
) STRICT;
CREATE INDEX runs_by_claim ON runs (claimed_at);
CREATE INDEX runs_under_way ON runs (state) WHERE ended_at IS NULL;

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
  id          TEXT PRIMARY KEY,
  run_id      TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  kind        TEXT NOT NULL,
  target      TEXT NOT NULL,
  recipients  TEXT NOT NULL,
  state       TEXT NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,
  external_id TEXT,
  reason      TEXT,
  advice      TEXT,
  refused     TEXT NOT NULL DEFAULT '[]',
  bytes       INTEGER,
  planned_at  INTEGER NOT NULL,
  settled_at  INTEGER,
  UNIQUE (run_id, kind, target, recipients)
) STRICT;

CREATE TABLE attempts (
  delivery_id TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  attempt     INTEGER NOT NULL,
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  outcome     TEXT,
  reason      TEXT,
  PRIMARY KEY (delivery_id, attempt)
) STRICT;

CREATE TABLE owners (
  owner   TEXT PRIMARY KEY,
  role    TEXT NOT NULL,
  beat_at INTEGER NOT NULL
) STRICT;
PRAGMA user_version = 1;
