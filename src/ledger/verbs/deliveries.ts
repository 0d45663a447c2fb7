import type { Fence } from "../../core/model/entry.ts";
import type { Delivery } from "../../core/model/run.ts";
import type { Deliveries } from "../../core/ports/ledger.ts";
import { ms, textOrNull, toDelivery } from "../rows.ts";
import { announce, type Dialect, one, run, type Steps, type VerbSteps } from "../steps.ts";
import { noticeVerbs } from "./notices.ts";
import { resendDelivery } from "./reopen.ts";
import { settleDelivery } from "./settle.ts";
import { dueValues, IS_TO_BE_MADE, isDue, workOfDelivery } from "./work.ts";

/** Deliveries are written before anything is sent, and settled after. */
export function deliveryVerbs(dialect: Dialect): Pick<VerbSteps, keyof Deliveries> {
  return {
    takeDelivery,
    commitDelivery: (fence, at) => commitDelivery(dialect, fence, at),
    settleDelivery: (fence, settled, at) => settleDelivery(dialect, { fence, settled, at }),
    hastenDelivery,
    ...noticeVerbs(dialect),
    resendDelivery: (id, reservedFor, at) => resendDelivery(dialect, id, reservedFor, at),
  };
}

function* takeDelivery(id: string, owner: string, at: Date): Steps<Delivery | null> {
  const row = yield* one(
    `UPDATE deliveries AS d SET state = 'sending', owner = ?, attempts = attempts + 1, next_at = NULL, waits_for = NULL
     WHERE d.id = ? AND (d.state = 'pending' OR (d.state = 'waiting' AND ${isDue("d")}))
       AND (d.reserved_for IS NULL OR d.reserved_for = ?) AND ${IS_TO_BE_MADE} RETURNING *`,
    owner,
    id,
    ...dueValues(at),
    owner,
  );
  if (row === null) return null;
  const taken = toDelivery(row);
  yield* run(
    "INSERT INTO delivery_attempts (delivery_id, attempt, owner, started_at) VALUES (?, ?, ?, ?)",
    id,
    taken.attempts,
    owner,
    ms(at),
  );
  return taken;
}

function* commitDelivery(dialect: Dialect, { id, attempt }: Fence, at: Date): Steps<boolean> {
  const held = yield* one(
    `SELECT id FROM deliveries WHERE id = ? AND state = 'sending' AND attempts = ?${dialect.forUpdate}`,
    id,
    attempt,
  );
  if (held === null) return false;
  yield* run(
    "UPDATE delivery_attempts SET committed_at = ? WHERE delivery_id = ? AND attempt = ?",
    ms(at),
    id,
    attempt,
  );
  return true;
}

function* hastenDelivery({ id, attempt }: Fence, at: Date): Steps<void> {
  const row = yield* one(
    "UPDATE deliveries SET next_at = ? WHERE id = ? AND attempts = ? AND state = 'waiting' AND next_at > ? RETURNING *",
    ms(at),
    id,
    attempt,
    ms(at),
  );
  if (row !== null) yield* announce([workOfDelivery(toDelivery(row))], textOrNull(row.reserved_for));
}
