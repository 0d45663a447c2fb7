/**
 * Which server a run or a delivery waits for (the name of its circuit), so that the first success of it wakes what waits; and until when
 * it would have waited. What is to be told of a run apart from its failure: that its tick was missed, or that its report works again.
 * What destinations keep between attempts: core/ports/notebook.ts.
 */
export const VERSION_4 = `
  ALTER TABLE lookpost.runs ADD COLUMN waits_for TEXT;
  ALTER TABLE lookpost.deliveries ADD COLUMN waits_for TEXT;
  ALTER TABLE lookpost.runs ADD COLUMN woken_from BIGINT;
  ALTER TABLE lookpost.deliveries ADD COLUMN woken_from BIGINT;
  CREATE INDEX runs_by_server ON lookpost.runs (waits_for) WHERE waits_for IS NOT NULL;
  CREATE INDEX deliveries_by_server ON lookpost.deliveries (waits_for) WHERE waits_for IS NOT NULL;

  ALTER TABLE lookpost.runs ADD COLUMN notice_due_at BIGINT;
  CREATE INDEX runs_to_tell ON lookpost.runs (notice_due_at) WHERE notice_due_at IS NOT NULL;

  CREATE TABLE lookpost.notes (
    book    TEXT NOT NULL,
    name    TEXT NOT NULL,
    version BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (book, name)
  );
  CREATE INDEX notes_by_age ON lookpost.notes (at);
`;
