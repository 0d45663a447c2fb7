/**
 * What a delivery was planned with: hashes of its address and of its whole entry, null for those that older versions planned. Circuits
 * are of single servers from now on, so that those of whole kinds of destination are forgotten.
 *
 * What a run is, next to its key. A run that an older lookpost writes while this version is in use, as in a fleet whose replicas are
 * replaced one by one, says nothing of its kind: all that a service writes are ticks, and of a command's runs the trigger sees to it.
 */
export const VERSION_3 = `
  ALTER TABLE lookpost.runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'tick';
  UPDATE lookpost.runs SET kind = CASE WHEN is_trial = 1 THEN 'trial' WHEN burst <> '' THEN 'repeat' ELSE 'by_hand' END
  WHERE is_trial = 1 OR burst <> '' OR trigger = 'manual';
  CREATE FUNCTION lookpost.kind_of_run() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.kind := CASE WHEN NEW.is_trial = 1 THEN 'trial' WHEN NEW.burst <> '' THEN 'repeat' ELSE 'by_hand' END;
    RETURN NEW;
  END $$;
  CREATE TRIGGER runs_of_older_commands BEFORE INSERT ON lookpost.runs FOR EACH ROW
    WHEN (NEW.kind = 'tick' AND NEW.trigger = 'manual') EXECUTE FUNCTION lookpost.kind_of_run();

  ALTER TABLE lookpost.deliveries ADD COLUMN identity TEXT;
  ALTER TABLE lookpost.deliveries ADD COLUMN entry TEXT;
  DELETE FROM lookpost.circuits WHERE name <> 'looker';
`;
