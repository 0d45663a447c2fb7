/**
 * What a delivery was planned with: hashes of its address and of its whole entry, null for those that older versions planned. Circuits
 * are of single servers from now on, so that those of whole kinds of destination are forgotten.
 *
 * What a run is, next to its key. A run that an older lookpost writes while this version is in use says nothing of its kind: all that a
 * service writes are ticks, and of a command's runs the trigger sees to it.
 */
export const VERSION_4 = `
  ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'tick';
  UPDATE runs SET kind = CASE WHEN is_trial = 1 THEN 'trial' WHEN burst <> '' THEN 'repeat' ELSE 'by_hand' END
  WHERE is_trial = 1 OR burst <> '' OR trigger = 'manual';
  CREATE TRIGGER runs_of_older_commands AFTER INSERT ON runs WHEN NEW.kind = 'tick' AND NEW.trigger = 'manual'
  BEGIN
    UPDATE runs SET kind = CASE WHEN is_trial = 1 THEN 'trial' WHEN burst <> '' THEN 'repeat' ELSE 'by_hand' END WHERE id = NEW.id;
  END;

  ALTER TABLE deliveries ADD COLUMN identity TEXT;
  ALTER TABLE deliveries ADD COLUMN entry TEXT;
  DELETE FROM circuits WHERE name <> 'looker';
`;
