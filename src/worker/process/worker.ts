import { hostname } from "node:os";
import { throttled } from "../../core/error.ts";
import type { Run, RunKey, RunKind, Trigger } from "../../core/model/run.ts";
import type { Engine } from "../../core/ports/engine.ts";
import { BEAT_MS, DEAD_AFTER_MS } from "../../core/ports/owners.ts";
import { createSlots, type Slots } from "../../core/rules/slots.ts";
import { openNotebooks } from "../delivery/notebook.ts";
import { type Previewed, previewRun } from "../message/preview.ts";
import { openCircuits } from "./circuits.ts";
import type { WorkerContext } from "./context.ts";
import { noteFileState } from "./file-state.ts";
import { isConfirmed, type Leases, openLease } from "./lease.ts";
import { createPipeline } from "./pipeline.ts";
import { trackRefusedLogins } from "./refused-logins.ts";
import { connectionsRenewed } from "./renewed.ts";
import { retryingLedger } from "./retrying-ledger.ts";
import { every, type Timer } from "./timer.ts";
import { openTraffic } from "./traffic.ts";
import { trackUnderWay, type UnderWay } from "./under-way.ts";

const TIDY_MS = 60 * 60 * 1000;
const CANCELS_MS = 1_000;
const FOLLOW_MS = 100;
const PRUNE_ROWS_MAX = 500;

/** A process that carries out runs: the service, or a command that runs next to it. */
export interface Worker {
  /** Its name in the ledger at this moment. */
  readonly owner: string;
  /** Claims a run, for this worker alone where it is a command's; null where the same key was claimed already. */
  claim(request: ClaimRequest): Promise<Run | null>;
  /** There may be work. */
  wake(): void;
  /** These connections ("looker", "email") are others from now on: what their servers refused, or waits for them, is tried. Says how many were refused. */
  renewed(kinds: readonly string[]): Promise<number>;
  /** What is wrong with reports.yaml, or null: it is told once, whichever worker of a fleet sees it first. */
  noteFileState(reason: string | null): Promise<void>;
  /** Whether the ledger has confirmed a beat lately. */
  isWell(): boolean;
  /** What each delivery of a trial that this worker has made would be. Throws ReportError. */
  preview(runId: string, signal: AbortSignal): Promise<readonly Previewed[]>;
  /** Nothing due is left. A command's own runs have ended by then, unless it was stopped. */
  idle(): Promise<void>;
  /** Ends in good order: what is still under way after `graceMs` is handed back. */
  stop(graceMs: number): Promise<void>;
}

export interface ClaimRequest extends Pick<RunKey, "report" | "dueAt"> {
  readonly kind: RunKind;
  readonly trigger: Trigger;
  readonly burst?: string;
  readonly expectAt?: Date | null;
}

/** What the worker is given; the rest of its context it makes. */
type WorkerDeps = Omit<
  WorkerContext,
  "lease" | "circuits" | "traffic" | "refusedLogins" | "underWay" | "ledgerNow" | "slots" | "notebook"
> & {
  /** How long ended runs and the files in the spool are kept, in milliseconds. */
  readonly keep: () => { readonly historyMs: number; readonly filesMs: number };
};

/** Signs in, frees what dead processes left, and is ready for work. */
export async function startWorker(
  options: WorkerDeps,
  makeEngine: (owner: () => string) => Engine,
): Promise<Worker> {
  // An outage of the ledger hits every timer and every piece of work: it is reported once in a while.
  const deps = { ...options, trouble: throttled(options.trouble) };
  const { ledger, clock, role, newId, trouble } = deps;
  const ending = new AbortController();
  const leases = await openLease({
    ledger,
    role,
    newOwner: () => ownerName(newId()),
    now: () => clock.now(),
    monotonicMs: () => performance.now(),
  });
  const lease = () => leases.current();
  const underWay = trackUnderWay();
  const retrying = retryingLedger(ledger, { clock, trouble, ending: ending.signal });
  const circuits = openCircuits(retrying, clock);
  const traffic = openTraffic(retrying, clock);
  const refusedLogins = trackRefusedLogins();
  const slots = slotsByKind();
  const notebook = openNotebooks(retrying, clock);
  const own = { lease, circuits, traffic, refusedLogins, underWay, slots, notebook };
  const added = { ledger: retrying, ledgerNow: ledger, ...own };
  const engine = makeEngine(() => lease().owner);
  await sweep(deps, leases);
  const timers = [
    every(BEAT_MS, beating(deps, leases, engine), trouble),
    every(CANCELS_MS, () => cancels(deps, leases, underWay), trouble),
    ...upkeep(deps),
  ];
  const context = { ...deps, ...added };
  await engine.start(createPipeline(context));
  const tidying = role === "service" ? tidy(deps).catch(trouble) : null;
  const claimed = new Set<string>();
  return {
    get owner() {
      return lease().owner;
    },
    async claim(request) {
      const run = await claim(request, role === "command" ? lease().owner : null, deps);
      if (run === null) return null;
      claimed.add(run.id);
      engine.wake();
      return run;
    },
    wake: () => engine.wake(),
    async renewed(kinds) {
      const count = await connectionsRenewed(kinds, context);
      engine.wake();
      return count;
    },
    noteFileState: (reason) => noteFileState(reason, context).then(() => engine.wake()),
    isWell: () => isConfirmed(lease()),
    preview: (runId, signal) => previewRun(runId, signal, context),
    async idle() {
      await engine.idle();
      if (role === "command") await ended(claimed, ending.signal, deps, engine);
    },
    async stop(graceMs) {
      const ends = setTimeout(() => ending.abort(), graceMs);
      await engine.stop(graceMs).finally(() => clearTimeout(ends));
      ending.abort();
      // A beat that is under way would find its owner gone, and sign in again.
      await Promise.all([tidying, ...timers.map((timer) => timer.stop())]);
      await ledger.signOff(lease().owner, clock.now());
    },
  };
}

function claim(
  { report, dueAt, kind, trigger, burst = "", expectAt = null }: ClaimRequest,
  reservedFor: string | null,
  { ledger, clock, newId }: WorkerDeps,
): Promise<Run | null> {
  const key = { report, dueAt, burst };
  return ledger.claimRun({
    ...key,
    id: newId(),
    kind,
    trigger,
    reservedFor,
    expectAt,
    at: clock.now(),
  });
}

/** A run of a command may wait for a moment, as for looking up what it has sent: no other process would go on with it. */
async function ended(
  ids: ReadonlySet<string>,
  stopped: AbortSignal,
  { ledger, clock }: WorkerDeps,
  engine: Engine,
): Promise<void> {
  for (const id of ids) {
    for (let run = await ledger.run(id); run !== null && run.endedAt === null; run = await ledger.run(id)) {
      // Nothing in this process goes on with it any more.
      if (stopped.aborted) return;
      await clock.sleep(FOLLOW_MS);
      await engine.idle();
    }
  }
}

/** Deliveries of one destination that are made at the same time: each may hold a connection and an open file. */
const SLOTS_MAX = 10;

function slotsByKind(): WorkerContext["slots"] {
  const byKind = new Map<string, Slots>();
  return (kind) => {
    const slots = byKind.get(kind) ?? createSlots(SLOTS_MAX);
    byKind.set(kind, slots);
    return slots;
  };
}

/** A name for this process in the ledger: which machine, which process, which start of it. */
function ownerName(startId: string): string {
  return `${hostname()}:${process.pid}:${startId}`;
}

/** Says that this process lives, and frees what processes that do not had in hand. */
function beating(deps: WorkerDeps, leases: Leases, engine: Engine): () => Promise<void> {
  let failedAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const { signal } = leases.current();
    await leases.beat().catch((cause) => {
      failedAtMs = performance.now();
      throw cause;
    });
    if (signal.aborted) deps.trouble(signal.reason);
    // After an outage of the ledger itself, the others too need a moment to say that they live.
    if (performance.now() - failedAtMs < DEAD_AFTER_MS) return;
    if ((await sweep(deps, leases)) > 0) engine.wake();
  };
}

async function sweep({ ledger, clock, isOnlyService }: WorkerDeps, leases: Leases): Promise<number> {
  const { owner } = leases.current();
  const dead = { silentMs: DEAD_AFTER_MS, onlyService: isOnlyService ? owner : null };
  return (await ledger.sweep(dead, clock.now())).length;
}

async function cancels({ ledger }: WorkerDeps, leases: Leases, underWay: UnderWay): Promise<void> {
  if (underWay.size === 0) return;
  for (const runId of await ledger.cancelsAsked(leases.current().owner)) underWay.cancel(runId);
}

async function tidy({ spools, ledger, clock, keep, trouble }: WorkerDeps): Promise<void> {
  const { historyMs, filesMs } = keep();
  const now = clock.now().getTime();
  await spools.removeBefore(new Date(now - filesMs)).catch(trouble);
  const endedBefore = new Date(now - historyMs);
  let pruned = 0;
  for (let count = PRUNE_ROWS_MAX; count === PRUNE_ROWS_MAX; pruned += count)
    count = await ledger.prune(endedBefore, PRUNE_ROWS_MAX);
  if (pruned > 0) await ledger.compact();
}

/** Commands end soon: damage is the service's to find. */
function upkeep(deps: WorkerDeps): readonly Timer[] {
  const tidying = every(TIDY_MS, () => tidy(deps), deps.trouble);
  return deps.role === "service"
    ? [tidying, every(BEAT_MS, () => deps.ledger.inspect(), deps.trouble)]
    : [tidying];
}
