import type { Plan, TickClaim } from "../../core/model/plan.ts";
import type { Run } from "../../core/model/run.ts";
import type { Work } from "../../core/model/work.ts";
import type { Ticks } from "../../core/ports/ledger.ts";
import { ms, text, toPlan, toRun } from "../rows.ts";
import { all, announce, type Dialect, json, one, run, type Steps, type VerbSteps } from "../steps.ts";
import { workOfNewRun } from "./work.ts";

/** The schedules, and the ticks that have come. Lists go to the database whole: 10,000 reports are a handful of statements. */
export function tickVerbs(dialect: Dialect): Pick<VerbSteps, keyof Ticks> {
  return {
    plans,
    plan: (plans) => plan(dialect, plans),
    claimTicks: (claims, at) => claimTicks(dialect, claims, at),
    pause,
    resume,
  };
}

function* plans(): Steps<readonly Plan[]> {
  return (yield* all("SELECT * FROM plans ORDER BY report")).map(toPlan);
}

const PLAN_COLUMNS = { report: "text", cron: "text", timezone: "text", next_at: "whole" } as const;

function* plan(
  dialect: Dialect,
  plans: readonly Pick<Plan, "report" | "cron" | "timezone" | "nextAt">[],
): Steps<void> {
  const rows = plans.map(({ report, cron, timezone, nextAt }) => ({
    report,
    cron,
    timezone,
    next_at: ms(nextAt),
  }));
  yield* run(
    `INSERT INTO plans (report, cron, timezone, next_at)
     SELECT v.report, v.cron, v.timezone, v.next_at FROM ${dialect.rows("v", PLAN_COLUMNS)} WHERE true ORDER BY v.report
     ON CONFLICT (report) DO UPDATE SET cron = excluded.cron, timezone = excluded.timezone, next_at = excluded.next_at`,
    json(rows),
  );
}

const CLAIM_COLUMNS = { report: "text", promised: "whole", next_at: "whole" } as const;

function* claimTicks(dialect: Dialect, claims: readonly TickClaim[], at: Date): Steps<readonly Run[]> {
  const claimed = json(
    claims.map(({ report, promised, nextAt }) => ({ report, promised: ms(promised), next_at: ms(nextAt) })),
  );
  const table = dialect.rows("v", CLAIM_COLUMNS);
  // Locked in order of names, since two replicas that claim the same minute would otherwise wait for each other.
  const first = yield* all(
    `SELECT report FROM plans WHERE (report, next_at) IN (SELECT v.report, v.promised FROM ${table})
     ORDER BY report${dialect.forUpdate}`,
    claimed,
  );
  if (first.length === 0) return [];
  yield* run(
    `UPDATE plans SET next_at = v.next_at FROM ${table} WHERE v.report = plans.report AND v.promised = plans.next_at`,
    claimed,
  );
  const ours = new Set(first.map((row) => text(row.report)));
  const runs = yield* insertTicks(
    dialect,
    claims.filter(({ report }) => ours.has(report)),
    at,
  );
  yield* announce(
    runs.flatMap((made): readonly Work[] => (made.endedAt === null ? workOfNewRun(made) : [])),
    null,
  );
  const missed = new Set(claims.flatMap(latestMissed));
  yield* announce(
    runs.filter(({ id }) => missed.has(id)).map(({ id }) => ({ kind: "missed", id, at })),
    null,
  );
  return runs;
}

const TICK_COLUMNS = {
  id: "text",
  report: "text",
  due_at: "whole",
  burst: "text",
  kind: "text",
  trigger: "text",
  state: "text",
  reason: "text",
  expect_at: "whole",
  claimed_at: "whole",
  ended_at: "whole",
  notice_due_at: "whole",
} as const;

/** In the order in which they were given. */
function* insertTicks(dialect: Dialect, claims: readonly TickClaim[], at: Date): Steps<readonly Run[]> {
  const runs = claims.flatMap((claim) => claim.runs);
  if (runs.length === 0) return [];
  const told = new Set(claims.flatMap(latestMissed));
  const rows = runs.map(({ id, report, dueAt, burst, trigger, expectAt, end }) => ({
    id,
    report,
    due_at: ms(dueAt),
    burst,
    kind: "tick",
    trigger,
    state: end?.state ?? "planned",
    reason: end?.reason ?? null,
    expect_at: ms(expectAt),
    claimed_at: ms(at),
    ended_at: end === null ? null : ms(at),
    notice_due_at: told.has(id) ? ms(at) : null,
  }));
  const columns = Object.keys(TICK_COLUMNS);
  const inserted = yield* all(
    `INSERT INTO runs (${columns.join(", ")})
     SELECT ${columns.map((column) => `v.${column}`).join(", ")} FROM ${dialect.rows("v", TICK_COLUMNS)} WHERE true
     ON CONFLICT (report, due_at, burst) DO NOTHING RETURNING *`,
    json(rows),
  );
  const made = new Map(inserted.map((row) => [text(row.id), toRun(row)]));
  return runs.flatMap(({ id }) => made.get(id) ?? []);
}

/** One notice tells of all the ticks that an outage cost a report. */
function latestMissed({ runs }: TickClaim): readonly string[] {
  const latest = runs.findLast(({ end }) => end?.state === "missed");
  return latest === undefined ? [] : [latest.id];
}

function* pause(report: string, reason: string | null, at: Date): Steps<boolean> {
  const row = yield* one(
    `INSERT INTO plans (report, cron, timezone, paused_at, pause_reason) VALUES (?, '', '', ?, ?)
     ON CONFLICT (report) DO UPDATE SET paused_at = excluded.paused_at, pause_reason = excluded.pause_reason
     WHERE plans.paused_at IS NULL RETURNING report`,
    report,
    ms(at),
    reason,
  );
  return row !== null;
}

function* resume(report: string, nextAt: Date): Steps<boolean> {
  const row = yield* one(
    `UPDATE plans SET paused_at = NULL, pause_reason = NULL, next_at = ?
     WHERE report = ? AND paused_at IS NOT NULL RETURNING report`,
    ms(nextAt),
    report,
  );
  return row !== null;
}
