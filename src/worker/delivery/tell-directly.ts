import { createHash } from "node:crypto";
import { toReportError } from "../../core/error.ts";
import { type Message, WITHOUT_DATA } from "../../core/model/message.ts";
import { commitment, type Outcome, type Refusal } from "../../core/model/outcome.ts";
import type { DeliverTo, Report } from "../../core/model/report.ts";
import type { DeliveryTerms } from "../../core/ports/destination.ts";
import { type Notebook, notebookInMemory } from "../../core/ports/notebook.ts";
import { filled, isTemplate } from "../../core/ports/template.ts";
import { createSlots } from "../../core/rules/slots.ts";
import type { WorkerContext } from "../process/context.ts";
import { entryKey } from "./entries.ts";

/** What is said of the service itself. */
export interface ServiceNotice {
  readonly subject: string;
  /** A line that is indented by four blanks is shown as a command. Free of secrets. */
  readonly paragraphs: readonly string[];
}

/** Whom it was for, and what became of it in the end. */
export interface Told {
  readonly kind: string;
  readonly target: string;
  /** Null: it was sent. Else why not, free of secrets. */
  readonly problem: string | null;
}

export interface TellDeps extends Pick<WorkerContext, "clock" | "redact"> {
  readonly adapters: Pick<WorkerContext["adapters"], "destination" | "fill">;
  /** Ends the waits between tries: the process stops. */
  readonly signal: AbortSignal;
  /** Called once for each entry. */
  readonly told: (told: Told) => void;
}

/** How long after a try that certainly sent nothing the next one is made. */
const WAITS_MS = [5_000, 30_000, 2 * 60_000, 10 * 60_000, 30 * 60_000];
const WAIT_MS_MAX = 60 * 60_000;
/** A try may take as long as the patience of RFC 5321, 4.5.3.2, allows a mail server. */
const TRY_MS_MAX = 15 * 60_000;
/** A message that may have arrived is sent once more: an alarm that comes twice is better than none. */
const IN_DOUBT_MAX = 2;
const AT_ONCE_MAX = 5;

/** Those who are told of what belongs to no report, or to all: every address of `on_failure` in the file, once. */
export function everyOnFailure(
  { onFailure, reports }: { readonly onFailure: readonly DeliverTo[]; readonly reports: readonly Report[] },
  adapters: TellDeps["adapters"],
): readonly DeliverTo[] {
  const all = [...onFailure, ...reports.flatMap((report) => report.onFailure)];
  const byAddress = Map.groupBy(all, (one) => entryKey(one, adapters).identity);
  return [...byAddress.values()].flatMap(([first]) => first ?? []);
}

/**
 * Sends a notice to each entry straight from memory, and writes nothing down: for what the ledger cannot be trusted with, since it is
 * what is wrong, or the file that names the reports. What cannot be sent for now is tried again for an hour. Resolves when all are
 * told, or it was given up; never rejects.
 */
export async function tellDirectly(
  entries: readonly DeliverTo[],
  notice: ServiceNotice,
  deps: TellDeps,
): Promise<void> {
  const slots = createSlots(AT_ONCE_MAX);
  const at = deps.clock.now();
  const own = { ...deps, notebook: notebookInMemory(deps.clock) };
  await Promise.all(
    entries.map(async (entry) => {
      const { kind, target } = entryKey(entry, deps.adapters);
      const giveBack = await slots.take(deps.signal).catch(() => null);
      if (giveBack === null) return deps.told({ kind, target, problem: STOPPED });
      try {
        const problem = await tellOne(entry, serviceMessage(entry, notice, at, deps), own);
        deps.told({ kind, target, problem: problem === null ? null : deps.redact(problem) });
      } finally {
        giveBack();
      }
    }),
  );
}

const STOPPED = "The service was stopped before it could be sent.";

type OwnDeps = TellDeps & { readonly notebook: Notebook };

/** Null once it is sent; else why it was given up. */
async function tellOne(entry: DeliverTo, message: Message, deps: OwnDeps): Promise<string | null> {
  let only: readonly string[] | null = null;
  const refused: Refusal[] = [];
  let inDoubt = 0;
  for (let tries = 0; ; tries += 1) {
    const since = deps.clock.now();
    const outcome = await tryOnce(entry, message, only, deps);
    if (outcome.kind === "unknown") {
      if (await isFound({ entry, message, since, only }, deps)) return null;
      inDoubt += 1;
      if (inDoubt >= IN_DOUBT_MAX) return `It may have arrived: ${outcome.reason}`;
    }
    if (outcome.kind === "sent") refused.push(...outcome.refused.filter(({ permanent }) => permanent));
    const left = leftAfter(outcome, only, refused);
    if (left.only === "none") return left.reason;
    only = left.only;
    const waitMs = WAITS_MS[tries];
    if (waitMs === undefined) return left.reason;
    if (!(await hasWaited(left.isAtOnce ? 0 : Math.max(waitMs, left.afterMs), deps))) return stopped(left);
  }
}

/** Who is to be told yet, and why not so far. */
interface Left {
  /** Null: all whom the entry names. */
  readonly only: readonly string[] | null | "none";
  readonly reason: string | null;
  readonly afterMs: number;
  readonly isAtOnce: boolean;
}

function stopped({ reason }: Left): string {
  return reason === null ? STOPPED : `${STOPPED} ${reason}`;
}

function leftAfter(
  outcome: Outcome,
  only: readonly string[] | null,
  refusedForGood: readonly Refusal[],
): Left {
  const left = { only, afterMs: 0, isAtOnce: false };
  switch (outcome.kind) {
    case "refused":
      return { ...left, only: "none", reason: `${outcome.reason} ${outcome.advice}` };
    case "sent": {
      const { rest = [], refused } = outcome;
      const passing = refused.filter(({ permanent }) => !permanent);
      const names = [...rest, ...passing.map(({ recipient }) => recipient)];
      return {
        ...left,
        only: names.length === 0 ? "none" : names,
        reason: refusals([...refusedForGood, ...passing]),
        isAtOnce: rest.length > 0,
      };
    }
    default:
      return {
        ...left,
        reason: outcome.reason,
        afterMs: outcome.kind === "again" ? (outcome.afterMs ?? 0) : 0,
      };
  }
}

/** False where the process stops meanwhile. */
async function hasWaited(ms: number, { clock, signal }: TellDeps): Promise<boolean> {
  await clock.sleep(Math.min(ms, WAIT_MS_MAX), signal).catch(() => undefined);
  return !signal.aborted;
}

async function tryOnce(
  entry: DeliverTo,
  message: Message,
  only: readonly string[] | null,
  deps: OwnDeps,
): Promise<Outcome> {
  try {
    const { kind, options } = (await withWords(entry, deps.clock.now(), deps.adapters)).destination;
    return await deps.adapters.destination(kind).deliver(message, options, termsOf(only, deps));
  } catch (thrown) {
    // A destination says what happened and does not throw; one that cannot be opened does.
    return { kind: "again", reason: toReportError(thrown).message };
  }
}

/** There is no ledger to commit to, and no other worker that could have it. */
function termsOf(only: readonly string[] | null, { signal: stop, notebook }: OwnDeps): DeliveryTerms {
  return {
    signal: AbortSignal.any([stop, AbortSignal.timeout(TRY_MS_MAX)]),
    confirm: () => undefined,
    commit: async () => commitment,
    only,
    unsubscribe: null,
    notebook,
    hasten: () => undefined,
  };
}

interface Sought {
  readonly entry: DeliverTo;
  readonly message: Message;
  readonly since: Date;
  readonly only: readonly string[] | null;
}

async function isFound({ entry, message, since, only }: Sought, deps: OwnDeps): Promise<boolean> {
  const { kind, options } = entry.destination;
  const found = deps.adapters.destination(kind).find?.(message, since, options, termsOf(only, deps));
  return (await found?.catch(() => null)) != null;
}

function refusals(refused: readonly Refusal[]): string | null {
  const each = refused.map(({ recipient, reason }) => `${recipient}: ${reason}`);
  return each.length === 0 ? null : `Not for ${each.join("; ")}`;
}

/** Its name in the reports' place: no report can have it, since their names have no upper-case letters. */
const LABEL = "Lookpost";

function serviceMessage(
  entry: DeliverTo,
  { subject, paragraphs }: ServiceNotice,
  at: Date,
  { adapters }: TellDeps,
): Message {
  const identity = [subject, at.toISOString(), entryKey(entry, adapters).identity];
  return {
    key: createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32),
    run: {
      id: "service",
      report: LABEL,
      title: "lookpost",
      owner: null,
      dueAt: at.toISOString(),
      timezone: "UTC",
    },
    purpose: "service",
    subject,
    intro: paragraphs.join("\n\n"),
    ...WITHOUT_DATA,
  };
}

/** The entry's own words speak of a report; of the service they say what they can, or stay as they are written. */
async function withWords(entry: DeliverTo, at: Date, adapters: TellDeps["adapters"]): Promise<DeliverTo> {
  if (!isTemplate(JSON.stringify(entry) ?? "")) return entry;
  try {
    const fill = await adapters.fill();
    const values = {
      report: { name: LABEL, title: "lookpost", owner: null, description: null },
      run: { id: "service", dueAt: at, timezone: "UTC" },
      results: { rows: 0, kpi: {} },
    };
    return filled(entry, "late", (text, form) => fill(text, values, form));
  } catch {
    return entry;
  }
}
