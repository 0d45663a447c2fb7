import type { Link, LinkTarget } from "../../core/model/memory.ts";
import type { Links } from "../../core/ports/ledger.ts";
import { ms, text, time } from "../rows.ts";
import { json, one, run, type Steps, type VerbSteps } from "../steps.ts";

export const linkVerbs: Pick<VerbSteps, keyof Links> = { offerLink, link };

function* offerLink({ tokenHash, runId, expiresAt, target }: Link): Steps<void> {
  yield* run(
    `INSERT INTO links (token_hash, run_id, expires_at, target) VALUES (?, ?, ?, ?)
     ON CONFLICT (token_hash) DO NOTHING`,
    tokenHash,
    runId,
    ms(expiresAt),
    json(target),
  );
}

function* link(tokenHash: string, at: Date): Steps<Link | null> {
  const row = yield* one("SELECT * FROM links WHERE token_hash = ? AND expires_at > ?", tokenHash, ms(at));
  if (row === null) return null;
  return {
    tokenHash: text(row.token_hash),
    runId: text(row.run_id),
    expiresAt: time(row.expires_at),
    target: JSON.parse(text(row.target)) as LinkTarget,
  };
}

/** No one can follow them any longer, long before their run is deleted. */
export function* forgetLinks(at: Date): Steps<void> {
  yield* run("DELETE FROM links WHERE expires_at <= ?", ms(at));
}
