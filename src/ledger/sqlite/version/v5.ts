/**
 * Which server a run or a delivery waits for (the name of its circuit), so that the first success of it wakes what waits; and until when
 * it would have waited. What is to be told of a run apart from its failure: that its tick was missed, or that its report works again.
 * What destinations keep between attempts: core/ports/notebook.ts.
 */
export const VERSION_5 = `
  ALTER TABLE runs ADD COLUMN waits_for TEXT;
  ALTER TABLE deliveries ADD COLUMN waits_for TEXT;
  ALTER TABLE runs ADD COLUMN woken_from INTEGER;
  ALTER TABLE deliveries ADD COLUMN woken_from INTEGER;
  CREATE INDEX runs_by_server ON runs (waits_for) WHERE waits_for IS NOT NULL;
  CREATE INDEX deliveries_by_server ON deliveries (waits_for) WHERE waits_for IS NOT NULL;

  ALTER TABLE runs ADD COLUMN notice_due_at INTEGER;
  CREATE INDEX runs_to_tell ON runs (notice_due_at) WHERE notice_due_at IS NOT NULL;

  CREATE TABLE notes (
    book    TEXT NOT NULL,
    name    TEXT NOT NULL,
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (book, name)
  ) STRICT;
  CREATE INDEX notes_by_age ON notes (at);
`;
