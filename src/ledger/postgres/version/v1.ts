/** As it was released, never to be edited. Times are milliseconds since 1970 in UTC; the tables are those of SQLite. */
export const VERSION_1 = `
  CREATE TABLE lookpost.owners (
    owner   TEXT PRIMARY KEY,
    role    TEXT NOT NULL,
    beat_at BIGINT NOT NULL
  );

  CREATE TABLE lookpost.plans (
    report       TEXT PRIMARY KEY,
    cron         TEXT NOT NULL,
    timezone     TEXT NOT NULL,
    next_at      BIGINT,
    paused_at    BIGINT,
    pause_reason TEXT
  );

  CREATE TABLE lookpost.runs (
    id              TEXT PRIMARY KEY,
    report          TEXT NOT NULL,
    due_at          BIGINT NOT NULL,
    burst           TEXT NOT NULL,
    trigger         TEXT NOT NULL,
    state           TEXT NOT NULL,
    owner           TEXT,
    reserved_for    TEXT,
    is_trial        INTEGER NOT NULL DEFAULT 0,
    attempts        INTEGER NOT NULL DEFAULT 0,
    tries           INTEGER NOT NULL DEFAULT 0,
    tries_since     BIGINT,
    reopenings      INTEGER NOT NULL DEFAULT 0,
    next_at         BIGINT,
    reason          TEXT,
    advice          TEXT,
    rows            BIGINT,
    expect_at       BIGINT,
    late_told_at    BIGINT,
    failed_due_at   BIGINT,
    cancel_asked_at BIGINT,
    cancel_reason   TEXT,
    claimed_at      BIGINT NOT NULL,
    started_at      BIGINT,
    ended_at        BIGINT,
    UNIQUE (report, due_at, burst)
  );
  CREATE INDEX runs_newest ON lookpost.runs (due_at, claimed_at, id);
  CREATE INDEX runs_ended ON lookpost.runs (ended_at) WHERE ended_at IS NOT NULL;
  CREATE INDEX runs_planned ON lookpost.runs (due_at) WHERE state = 'planned';
  CREATE INDEX runs_waiting ON lookpost.runs (next_at) WHERE state = 'waiting';
  CREATE INDEX runs_in_line ON lookpost.runs (report, due_at) WHERE state IN ('planned', 'running', 'waiting');
  CREATE INDEX runs_failed ON lookpost.runs (failed_due_at) WHERE failed_due_at IS NOT NULL;
  CREATE INDEX runs_expected ON lookpost.runs (expect_at) WHERE expect_at IS NOT NULL AND ended_at IS NULL AND late_told_at IS NULL;
  CREATE INDEX runs_in_hand ON lookpost.runs (owner) WHERE owner IS NOT NULL;
  CREATE INDEX runs_reserved ON lookpost.runs (reserved_for) WHERE reserved_for IS NOT NULL;
  CREATE INDEX runs_cancelled ON lookpost.runs (cancel_asked_at) WHERE cancel_asked_at IS NOT NULL AND ended_at IS NULL;

  CREATE TABLE lookpost.run_attempts (
    run_id     TEXT NOT NULL REFERENCES lookpost.runs (id) ON DELETE CASCADE,
    attempt    INTEGER NOT NULL,
    owner      TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    ended_as   TEXT,
    reason     TEXT,
    PRIMARY KEY (run_id, attempt)
  );

  CREATE TABLE lookpost.sections (
    run_id   TEXT NOT NULL REFERENCES lookpost.runs (id) ON DELETE CASCADE,
    section  INTEGER NOT NULL,
    title    TEXT NOT NULL,
    task_id  TEXT,
    rows     BIGINT,
    took_ms  BIGINT,
    warnings TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (run_id, section)
  );

  CREATE TABLE lookpost.deliveries (
    id              TEXT PRIMARY KEY,
    run_id          TEXT NOT NULL REFERENCES lookpost.runs (id) ON DELETE CASCADE,
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
    tries_since     BIGINT,
    next_at         BIGINT,
    is_uncertain    INTEGER NOT NULL DEFAULT 0,
    uncertain_since BIGINT,
    remaining       TEXT,
    external_id     TEXT,
    reason          TEXT,
    advice          TEXT,
    refused         TEXT NOT NULL DEFAULT '[]',
    bytes           BIGINT,
    planned_at      BIGINT NOT NULL,
    settled_at      BIGINT,
    UNIQUE (run_id, purpose, kind, target, recipients)
  );
  CREATE INDEX deliveries_pending ON lookpost.deliveries (planned_at, position) WHERE state = 'pending';
  CREATE INDEX deliveries_waiting ON lookpost.deliveries (next_at) WHERE state = 'waiting';
  CREATE INDEX deliveries_in_hand ON lookpost.deliveries (owner) WHERE owner IS NOT NULL;
  CREATE INDEX deliveries_reserved ON lookpost.deliveries (reserved_for) WHERE reserved_for IS NOT NULL;

  CREATE TABLE lookpost.delivery_attempts (
    delivery_id TEXT NOT NULL REFERENCES lookpost.deliveries (id) ON DELETE CASCADE,
    attempt     INTEGER NOT NULL,
    owner       TEXT NOT NULL,
    started_at  BIGINT NOT NULL,
    committed_at BIGINT,
    ended_at    BIGINT,
    ended_as    TEXT,
    reason      TEXT,
    PRIMARY KEY (delivery_id, attempt)
  );

  CREATE TABLE lookpost.tasks (
    key     TEXT PRIMARY KEY,
    owner   TEXT NOT NULL,
    task_id TEXT,
    since   BIGINT NOT NULL
  );
  CREATE INDEX tasks_by_age ON lookpost.tasks (since);
  CREATE INDEX tasks_in_hand ON lookpost.tasks (owner) WHERE task_id IS NULL;

  CREATE TABLE lookpost.places (
    pool  TEXT NOT NULL,
    place INTEGER NOT NULL,
    owner TEXT NOT NULL,
    PRIMARY KEY (pool, place)
  );

  CREATE TABLE lookpost.circuits (
    name       TEXT PRIMARY KEY,
    failures   INTEGER NOT NULL,
    since      BIGINT,
    open_until BIGINT,
    reason     TEXT
  );
`;
