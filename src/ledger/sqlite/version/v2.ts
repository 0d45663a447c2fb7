/**
 * Runs and deliveries that wait, retries, take-over, plans. What version 1 left under way becomes what this version would have
 * made of it after a death: runs are planned again, and what was being sent may have been delivered. Version 1 knew trials only by
 * their burst key: those that had not ended were their command's alone.
 */
export const VERSION_2 = `
  ALTER TABLE runs RENAME TO runs_1;
  ALTER TABLE sections RENAME TO sections_1;
  ALTER TABLE deliveries RENAME TO deliveries_1;
  ALTER TABLE attempts RENAME TO attempts_1;
  DROP INDEX runs_by_claim;
  DROP INDEX runs_under_way;
  DELETE FROM owners;

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

  INSERT INTO runs (id, report, due_at, burst, trigger, state, attempts, reason, advice, rows, claimed_at, started_at, ended_at)
  SELECT id, report, due_at, burst, trigger,
    CASE WHEN ended_at IS NOT NULL THEN state
         WHEN burst <> '' THEN 'cut_short'
         WHEN state = 'running' THEN 'planned'
         ELSE state END,
    started_at IS NOT NULL,
    CASE WHEN ended_at IS NULL AND burst <> '' THEN 'lookpost was replaced by a newer version before it ended.' ELSE reason END,
    advice, rows, claimed_at, started_at,
    CASE WHEN ended_at IS NULL AND burst <> '' THEN coalesce(started_at, claimed_at) ELSE ended_at END
  FROM runs_1;

  INSERT INTO run_attempts (run_id, attempt, owner, started_at, ended_at, ended_as, reason)
  SELECT id, 1, coalesce(owner, ''), started_at,
    coalesce((SELECT min(planned_at) FROM deliveries_1 WHERE run_id = runs_1.id), ended_at, started_at),
    CASE WHEN state = 'running' OR state = 'planned' THEN 'lost'
         WHEN EXISTS (SELECT 1 FROM deliveries_1 WHERE run_id = runs_1.id) THEN 'done'
         WHEN state = 'failed' THEN 'refused'
         WHEN state = 'cut_short' THEN 'lost'
         ELSE 'done' END,
    CASE WHEN state IN ('failed', 'cut_short') THEN reason END
  FROM runs_1 WHERE started_at IS NOT NULL;

  INSERT INTO sections SELECT run_id, section, title, task_id, rows, took_ms, warnings FROM sections_1;

  INSERT INTO deliveries (id, run_id, purpose, kind, target, recipients, position, state, attempts, next_at, is_uncertain,
    uncertain_since, external_id, reason, advice, refused, bytes, planned_at, settled_at)
  SELECT d.id, d.run_id, 'report', d.kind, d.target, d.recipients, row_number() OVER (PARTITION BY d.run_id ORDER BY d.rowid),
    CASE WHEN d.state = 'again' THEN 'gave_up'
         WHEN d.state = 'cut_short' THEN 'cancelled'
         WHEN d.state = 'sending' AND r.ended_at IS NULL THEN 'waiting'
         WHEN d.state = 'sending' THEN 'unknown'
         WHEN d.state = 'pending' AND r.ended_at IS NOT NULL THEN 'cancelled'
         ELSE d.state END,
    d.attempts,
    CASE WHEN d.state = 'sending' AND r.ended_at IS NULL THEN d.planned_at END,
    d.state IN ('sending', 'unknown'),
    CASE WHEN d.state IN ('sending', 'unknown')
         THEN coalesce((SELECT max(started_at) FROM attempts_1 WHERE delivery_id = d.id), d.planned_at) END,
    d.external_id,
    CASE WHEN d.state = 'sending' THEN 'The worker that was sending it stopped. It may have been delivered.' ELSE d.reason END,
    d.advice, d.refused, d.bytes, d.planned_at,
    CASE WHEN r.ended_at IS NOT NULL THEN coalesce(d.settled_at, r.ended_at) ELSE d.settled_at END
  FROM deliveries_1 AS d JOIN runs AS r ON r.id = d.run_id;

  INSERT INTO delivery_attempts (delivery_id, attempt, owner, started_at, ended_at, ended_as, reason)
  SELECT a.delivery_id, a.attempt, coalesce(r.owner, ''), a.started_at, coalesce(a.ended_at, a.started_at),
    CASE WHEN a.outcome IS NULL THEN 'lost' WHEN a.outcome = 'cut_short' THEN 'cancelled' ELSE a.outcome END, a.reason
  FROM attempts_1 AS a JOIN deliveries_1 AS d ON d.id = a.delivery_id JOIN runs_1 AS r ON r.id = d.run_id;

  DROP TABLE attempts_1;
  DROP TABLE deliveries_1;
  DROP TABLE sections_1;
  DROP TABLE runs_1;
`;
