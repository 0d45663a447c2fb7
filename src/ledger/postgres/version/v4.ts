/** Which server a run or a delivery waits for (the name of its circuit), so that the first success of it wakes what waits. */
export const VERSION_4 = `
  ALTER TABLE lookpost.runs ADD COLUMN waits_for TEXT;
  ALTER TABLE lookpost.deliveries ADD COLUMN waits_for TEXT;
  CREATE INDEX runs_by_server ON lookpost.runs (waits_for) WHERE waits_for IS NOT NULL;
  CREATE INDEX deliveries_by_server ON lookpost.deliveries (waits_for) WHERE waits_for IS NOT NULL;
`;
