import {
  type ReportRecipient,
  sameRecipient,
  type UnsubscribedBy,
  type Unsubscription,
} from "../../core/model/unsubscription.ts";
import type { Unsubscriptions } from "../../core/ports/unsubscriptions.ts";
import { ms, text, time } from "../rows.ts";
import { all, one, type Steps, type VerbSteps } from "../steps.ts";

export const unsubscriptionVerbs: Pick<VerbSteps, keyof Unsubscriptions> = {
  unsubscribe,
  resubscribe,
  unsubscribed,
};

function* unsubscribe(
  { report, kind, recipient }: ReportRecipient,
  how: UnsubscribedBy,
  at: Date,
): Steps<boolean> {
  const row = yield* one(
    `INSERT INTO unsubscribed (report, kind, recipient, at, how) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (report, kind, recipient) DO NOTHING RETURNING report`,
    report,
    kind,
    sameRecipient(recipient),
    ms(at),
    how,
  );
  return row !== null;
}

function* resubscribe({ report, kind, recipient }: ReportRecipient): Steps<boolean> {
  const row = yield* one(
    "DELETE FROM unsubscribed WHERE report = ? AND kind = ? AND recipient = ? RETURNING report",
    report,
    kind,
    sameRecipient(recipient),
  );
  return row !== null;
}

function* unsubscribed(report: string | null): Steps<readonly Unsubscription[]> {
  const order = "ORDER BY report, recipient, kind";
  const rows =
    report === null
      ? yield* all(`SELECT * FROM unsubscribed ${order}`)
      : yield* all(`SELECT * FROM unsubscribed WHERE report = ? ${order}`, report);
  return rows.map((row) => ({
    report: text(row.report),
    kind: text(row.kind),
    recipient: text(row.recipient),
    at: time(row.at),
    how: text(row.how) as UnsubscribedBy,
  }));
}
