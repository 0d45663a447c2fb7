import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { chartProgram } from "../../src/app/programs.ts";
import type { Event } from "../../src/core/model/event.ts";
import type { Message } from "../../src/core/model/message.ts";
import { commitment, type Outcome } from "../../src/core/model/outcome.ts";
import type { ChartRenderer } from "../../src/core/model/picture.ts";
import type { Report } from "../../src/core/model/report.ts";
import type { Result } from "../../src/core/model/result.ts";
import type { Delivery, Run } from "../../src/core/model/run.ts";
import type { Format, Source, SourceContext } from "../../src/core/ports/adapter.ts";
import type { DeliveryTerms, OpenDestination } from "../../src/core/ports/destination.ts";
import type { Ledger } from "../../src/core/ports/ledger.ts";
import { createSlots } from "../../src/core/rules/slots.ts";
import { openChartRenderer } from "../../src/draw/chart-renderer.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/sqlite.ts";
import { fitArtifacts } from "../../src/render/fit/artifacts.ts";
import { fitPictures } from "../../src/render/fit/pictures.ts";
import { openFill } from "../../src/template/fill.ts";
import { openNotebooks } from "../../src/worker/delivery/notebook.ts";
import { openCircuits } from "../../src/worker/process/circuits.ts";
import type { WorkerContext } from "../../src/worker/process/context.ts";
import type { Lease } from "../../src/worker/process/lease.ts";
import { createPipeline } from "../../src/worker/process/pipeline.ts";
import { trackRefusedLogins } from "../../src/worker/process/refused-logins.ts";
import { spoolFolder } from "../../src/worker/process/spool-folder.ts";
import { openTraffic } from "../../src/worker/process/traffic.ts";
import { trackUnderWay } from "../../src/worker/process/under-way.ts";
import { datesIn } from "../dates.ts";

export const DUE = new Date("2026-11-16T13:00:00Z");
export const NEVER = new AbortController().signal;
export const SENT = commitment.sent("1");

/** The tick of REPORT. */
export const CLAIM = {
  id: "run1",
  report: "weekly",
  dueAt: DUE,
  burst: "",
  trigger: "schedule",
  reservedFor: null,
  kind: "tick",
  expectAt: null,
} as const;

/** A clock that the test sets; sleeping moves it on. */
export function handClock(start = new Date(DUE.getTime() + 5_000)) {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    async sleep(ms: number) {
      now += ms;
    },
    set(date: Date) {
      now = date.getTime();
    },
    advance(ms: number) {
      now += ms;
    },
  };
}

/**
 * A destination of the test's own: it does what the test says, and keeps what it was given. It commits by itself before it says that
 * something is out, unless the test has.
 */
export function pigeon(
  fly: (message: Message, terms: DeliveryTerms) => Promise<Outcome> = async () => SENT,
  more: Partial<OpenDestination> = {},
) {
  const carried: { message: Message; only: readonly string[] | null }[] = [];
  const destination: OpenDestination = {
    kind: "pigeon",
    attachmentBytesMax: 1_000,
    words: {
      server: (server) => `The loft ${server}`,
      refusals: "recipients",
      looksUp: more.find !== undefined,
    },
    describe: (options) => (options as { to: string }).to,
    identity: (options) => (options as { to: string }).to,
    recipients: (options) => (options as { to: string }).to.split(", "),
    server: (options) => (options as { loft?: string }).loft ?? "home",
    async deliver(message, _options, terms) {
      carried.push({ message, only: terms.only });
      let isCommitted = false;
      const commit = async () => {
        const committed = await terms.commit();
        isCommitted = true;
        return committed;
      };
      const outcome = await fly(message, { ...terms, commit });
      if (!isCommitted && (outcome.kind === "sent" || outcome.kind === "unknown")) await commit();
      return outcome;
    },
    close: () => undefined,
    ...more,
  };
  return { destination, carried };
}

/** What the sections of a report bring, as the test says. */
export function well(ask: (context: SourceContext) => Promise<Partial<Result>> = async () => ({})) {
  const source: Source<unknown> = {
    kind: "well",
    describe: () => "the well",
    async run(_options, _request, context) {
      const brought = await ask(context);
      return {
        title: null,
        table: { columns: [], pivotLabels: [], rows: [], rowCount: 3, rowCountIsExact: true },
        ranAt: DUE,
        dates: datesIn("UTC"),
        fromCache: false,
        url: "https://looker.example.com/x",
        filters: {},
        sql: null,
        tookMs: 10,
        warnings: [],
        ...brought,
      };
    },
    check: async () => [],
  };
  return source;
}

/** Every file is the same few bytes. */
const oneFile: Format<unknown> = {
  kind: "file",
  per: "section",
  reads: () => "formatted",
  isWhole: () => false,
  async render({ stem, spool, sections }) {
    const path = spool.path(`${stem}.csv`);
    await writeFile(path, "a,b\r\n");
    const file = { path, bytes: 5 };
    return {
      filename: `${stem}.csv`,
      contentType: "text/csv",
      file,
      rows: 1,
      sections: sections.map(({ index }) => index),
    };
  },
};

export const REPORT: Report = {
  name: "weekly",
  title: "Weekly",
  owner: null,
  description: null,
  link: "looker",
  resultBytesMax: 2e9,
  schedule: { cron: "0 8 * * mon", timezone: "America/New_York" },
  timeoutMs: 60_000,
  timeoutFrom: "tries",
  sendIf: "always",
  sections: [
    {
      title: null,
      text: null,
      source: { kind: "well", options: {} },
      filters: {},
      limit: null,
      asInLooker: true,
      rowsShown: 10,
      show: { kind: "table", highlight: [] },
      attach: [],
    },
  ],
  deliver: [{ destination: { kind: "pigeon", options: { to: "Ana" } }, attach: [] }],
  catchUp: "latest",
  retry: { triesMax: 6, overMs: 2 * 60 * 60_000 },
  onUnknown: "hold",
  onFailure: [{ destination: { kind: "pigeon", options: { to: "Ops" } }, attach: [] }],
  expectBy: null,
};

export interface Given {
  readonly destination?: OpenDestination;
  readonly source?: Source<unknown>;
  readonly report?: () => Report | null;
  readonly role?: WorkerContext["role"];
  /** What a stale lease does. */
  readonly confirm?: () => void;
  /** The ledger as the pipeline has it, where it is to fail. */
  readonly failing?: (ledger: Ledger) => Ledger;
  readonly slots?: number;
  readonly chartRenderer?: ChartRenderer;
  readonly links?: WorkerContext["links"];
  readonly spell?: WorkerContext["spell"];
}

export interface Opened {
  readonly ledger: Ledger;
  readonly clock: ReturnType<typeof handClock>;
  readonly events: readonly Event[];
  readonly troubles: readonly unknown[];
  readonly folder: string;
  readonly worker: WorkerContext;
  /** Claims the tick, and carries out what is due until nothing is. */
  run(): Promise<Run>;
  /** Carries out what is due by the clock until nothing is. */
  settle(stop?: AbortSignal): Promise<void>;
  /** Sets the clock to the next moment at which something is due, and carries that out. */
  next(): Promise<void>;
  deliveries(): Promise<readonly Delivery[]>;
  only(): Promise<Delivery>;
  carry(kind: "run" | "delivery", id: string, stop?: AbortSignal): Promise<"done" | "busy">;
}

/** The pipeline over a real ledger, with a destination and a source of the test's own. */
export async function openPipeline(given: Given = {}): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-pipeline-"));
  const ledger = await openSqliteLedger(folder);
  onTestFinished(async () => {
    await ledger.close().catch(() => "a test has closed it");
    rmSync(folder, { recursive: true, force: true });
  });
  const clock = handClock();
  const events: Event[] = [];
  const troubles: unknown[] = [];
  let ids = 0;
  await ledger.signIn("me", "service", clock.now());
  const lease: Lease = { owner: "me", signal: NEVER, confirm: given.confirm ?? (() => undefined) };
  const destination = given.destination ?? pigeon().destination;
  const source = given.source ?? well();
  const slots = createSlots(given.slots ?? 10);
  const worker: WorkerContext = {
    ledger: given.failing?.(ledger) ?? ledger,
    ledgerNow: ledger,
    adapters: {
      source: () => source,
      format: () => oneFile,
      destination: () => destination,
      fit: fitArtifacts,
      brandFile: (path) => readFile(path),
      fitPictures: async (...order) => fitPictures(...order),
      chartRenderer: given.chartRenderer ?? openChartRenderer({ start: chartProgram.start, fonts: [] }),
      fill: async () => openFill(),
    },
    links: given.links ?? null,
    spools: spoolFolder(join(folder, "spool")),
    report: given.report ?? (() => REPORT),
    isOnlyService: true,
    lease: () => lease,
    role: given.role ?? "service",
    circuits: openCircuits(ledger, clock),
    traffic: openTraffic(ledger, clock),
    refusedLogins: trackRefusedLogins(),
    underWay: trackUnderWay(),
    slots: () => slots,
    notebook: openNotebooks(ledger, clock),
    clock,
    random: () => 0,
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    listener: (event) => events.push(event),
    redact: (text) => text.replaceAll("hunter2", "[hidden]"),
    spell: given.spell ?? ((text) => text),
    trouble: (thrown) => troubles.push(thrown),
    dryRun: false,
  };
  const pipeline = createPipeline(worker);
  const settle = async (stop: AbortSignal = NEVER) => {
    for (let rounds = 0; rounds < 50; rounds += 1) {
      const [work] = await ledger.work("me", "service", clock.now(), 1);
      if (work === undefined) return;
      await pipeline.carryOut(work, stop);
    }
    throw new Error("It never comes to rest.");
  };
  return {
    ledger,
    clock,
    events,
    troubles,
    folder,
    worker,
    settle,
    async run() {
      await ledger.claimRun({ ...CLAIM, at: clock.now() });
      await settle();
      return present(await ledger.run("run1"));
    },
    async next() {
      const run = present(await ledger.run("run1"));
      const waiting = [run, ...(await ledger.deliveries("run1"))].flatMap(({ nextAt }) => nextAt ?? []);
      clock.set(new Date(Math.min(...waiting.map((date) => date.getTime()))));
      await settle();
    },
    deliveries: () => ledger.deliveries("run1"),
    async only() {
      const deliveries = await ledger.deliveries("run1");
      return present(deliveries.find(({ purpose }) => purpose === "report") ?? null);
    },
    carry: (kind, id, stop = NEVER) => pipeline.carryOut({ kind, id }, stop),
  };
}

export function present<T>(value: T | null): T {
  if (value === null) throw new Error("It is not there.");
  return value;
}
