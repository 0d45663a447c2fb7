import { randomBytes } from "node:crypto";
import type { ReportError } from "../core/error.ts";
import { later } from "../core/later.ts";
import type { Listener } from "../core/model/event.ts";
import type { Report } from "../core/model/report.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { LinkStore } from "../core/ports/link-store.ts";
import type { OwnerRole } from "../core/ports/owners.ts";
import { openChartRenderer } from "../draw/chart-renderer.ts";
import { openLinkStore, sampleLinkStore } from "../server/link-store.ts";
import { spoolFolder } from "../worker/process/spool-folder.ts";
import { startWorker, type Worker } from "../worker/process/worker.ts";
import { formatOf } from "./adapters.ts";
import { readBrandFile } from "./brand-files.ts";
import { type AppConfig, fontFiles, spoolRoot } from "./config.ts";
import type { Connections } from "./connections.ts";
import { fileReport } from "./file-report.ts";
import { withinOpenFiles } from "./open-files.ts";
import { chartProgram } from "./programs.ts";
import { type Store, serviceName } from "./store.ts";

/** Runs under way at once: more than the queries that Looker takes at once, so that one is always ready to ask. */
const RUNS_MAX = 40;

const pictures = later(() => import("../render/fit/pictures.ts"));
const artifacts = later(() => import("../render/fit/artifacts.ts"));
const template = later(() => import("../template/fill.ts"));

export interface WorkerOptions {
  /** The service, or a command. */
  readonly role: OwnerRole;
  readonly listener: Listener;
  readonly trouble: (thrown: unknown) => void;
  /** Told once when the ledger is damaged, or its files were moved away or replaced: nothing can be taken or written any more. */
  readonly ledgerLost?: (error: ReportError) => void;
  readonly dryRun?: boolean;
  /** `WorkerContext.spell`; as they are unless given. */
  readonly spell?: (text: string) => string;
  /** The report of a name; those of the configuration unless given. */
  readonly report?: (name: string) => Report | null;
}

/** What a worker is made of. */
export interface WorkerParts {
  readonly store: Store;
  readonly connections: Connections;
  readonly clock: Clock;
}

/** Signs this process in as a worker: introduces the rooms to it. */
export function openWorker(
  { store, connections, clock }: WorkerParts,
  options: WorkerOptions,
): Promise<Worker> {
  const { role, listener, trouble, dryRun = false, spell = (text) => text } = options;
  const isOnlyService = role === "service" && store.lock(serviceName());
  const report = options.report ?? ((name) => reportsByName(connections.config).get(name) ?? null);
  return startWorker(
    {
      ledger: store.ledger,
      adapters: {
        source: connections.source,
        format: formatOf,
        destination: connections.destination,
        fitPictures: async (...order) => (await pictures()).fitPictures(...order),
        fit: async (order) => (await artifacts()).fitArtifacts(order),
        chartRenderer: openChartRenderer({
          start: chartProgram.start,
          get fonts() {
            return fontFiles(connections.config);
          },
        }),
        brandFile: (path) => readBrandFile(connections.config, path),
        fill: async () => (await template()).openFill(),
      },
      links: linksOf({ store, connections, clock }, dryRun),
      spools: spoolFolder(spoolRoot(connections.config)),
      report,
      role,
      clock,
      random: Math.random,
      newId,
      listener,
      redact: connections.redact,
      spell,
      trouble,
      dryRun,
      keep: () => connections.config.keep,
      isOnlyService,
    },
    (owner) =>
      store.engine({
        owner,
        role,
        clock,
        runsMax: withinOpenFiles(RUNS_MAX, "run"),
        trouble,
      }),
  );
}

/** Addresses on this service for recipients; null where the file does not say how they reach it. Those of a trial lead nowhere. */
function linksOf({ store, connections, clock }: WorkerParts, dryRun: boolean): LinkStore | null {
  const baseUrl = connections.config.server?.url ?? null;
  if (baseUrl === null) return null;
  const keepMs = () => connections.config.keep.filesMs;
  if (dryRun) return sampleLinkStore({ baseUrl, keepMs, clock });
  const root = spoolRoot(connections.config);
  return openLinkStore({ ledger: store.ledger, spoolRoot: root, baseUrl, keepMs, clock, randomBytes });
}

const byName = new WeakMap<AppConfig, ReadonlyMap<string, Report>>();

function reportsByName(config: AppConfig): ReadonlyMap<string, Report> {
  const all = () => [...config.reports, fileReport(config)];
  const known = byName.get(config) ?? new Map(all().map((report) => [report.name, report]));
  byName.set(config, known);
  return known;
}

/** Nine characters that sort by time (milliseconds) and five at random: short enough to be typed, unique enough for a ledger. */
export function newId(): string {
  const time = Date.now().toString(36).padStart(9, "0");
  const random = BigInt(`0x${randomBytes(4).toString("hex")}`)
    .toString(36)
    .padStart(7, "0")
    .slice(-5);
  return `${time}${random}`;
}
