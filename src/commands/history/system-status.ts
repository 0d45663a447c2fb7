import type { AppConfig } from "../../app/app.ts";
import { destinationOrNull, serverWords } from "../../app/destinations.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { Run } from "../../core/model/run.ts";
import { DEAD_AFTER_MS } from "../../core/ports/owners.ts";
import type { ReadableLedger } from "../../core/ports/readable-ledger.ts";
import type { Circuit } from "../../core/rules/circuit.ts";
import { plainLine } from "../../core/rules/plain-text.ts";
import { count, duration } from "../../core/rules/quantity.ts";
import { redact } from "../../core/rules/redact.ts";
import { clauses, shortTime } from "./words.ts";

/** What affects every run. */
export interface SystemStatus {
  readonly now: Date;
  /** Servers that are left alone for a while. */
  readonly circuits: readonly Circuit[];
  readonly paused: readonly Plan[];
  readonly service: Service;
}

/** Whether a service carries out what is due. */
export type Service =
  | { readonly isAlive: true }
  /** `silentMs`: since its last sign of life; null: it stopped in good order, or there never was one. */
  | { readonly isAlive: false; readonly silentMs: number | null };

const DAY_MS = 24 * 3_600_000;

export async function systemStatus(
  ledger: ReadableLedger,
  now: Date,
  config: AppConfig,
): Promise<SystemStatus> {
  const circuits = stillAsked(await ledger.circuits(), config);
  const plans = await ledger.plans();
  // Nothing has asked it for a day: its report may go elsewhere by now.
  const staleMs = now.getTime() - DAY_MS;
  return {
    now,
    circuits: circuits.filter(({ openUntil }) => openUntil !== null && openUntil.getTime() > staleMs),
    paused: plans.filter(({ pausedAt }) => pausedAt !== null),
    service: await serviceOf(ledger, now),
  };
}

/** Without the servers that the file had before: of a kind that it has entries of, only those that these go through. */
function stillAsked(
  circuits: readonly Circuit[],
  { reports, connections, secrets }: AppConfig,
): readonly Circuit[] {
  const kinds = new Set<string>();
  const names = new Set<string>();
  for (const { destination } of reports.flatMap(({ deliver, onFailure }) => [...deliver, ...onFailure])) {
    const { kind, options } = destination;
    const type = destinationOrNull(kind);
    const connection = connections[kind] ?? null;
    if (type === null || (type.needsConnection && connection === null)) continue;
    kinds.add(kind);
    names.add(`${kind} ${redact(type.server(options, connection) ?? "", secrets)}`);
  }
  return circuits.filter(({ name }) => names.has(name) || !kinds.has(name.split(" ", 1)[0] ?? ""));
}

export async function serviceOf(ledger: ReadableLedger, now: Date): Promise<Service> {
  const beat = await ledger.lastServiceBeat();
  if (beat === null) return { isAlive: false, silentMs: null };
  const silentMs = Math.max(0, now.getTime() - beat.getTime());
  return silentMs <= DEAD_AFTER_MS ? { isAlive: true } : { isAlive: false, silentMs };
}

/** What a person has to know before reading a list of runs: a sentence each. */
export function statusSentences(
  status: SystemStatus,
  runs: readonly Run[],
  config: AppConfig,
): readonly string[] {
  const zones = new Map(config.schedules.map(({ name, schedule }) => [name, schedule.timezone]));
  const [zone = "UTC", ...others] = new Set(zones.values());
  return [
    ...status.circuits.map((circuit) =>
      circuitWords(circuit, status.now, others.length === 0 ? zone : "UTC"),
    ),
    ...status.paused.map((plan) => pauseWords(plan, status.now, zones.get(plan.report) ?? "UTC")),
    ...serviceWords(status.service, runs),
  ];
}

/** "Slack has not answered since 08:02 (7 times); it is asked again at 08:05: …". */
function circuitWords(
  { name, since, failures, openUntil, reason }: Circuit,
  now: Date,
  zone: string,
): string {
  const server = serverWords(name);
  const from = since === null ? "" : ` since ${shortTime(since, now, zone)}`;
  const isDue = openUntil === null || openUntil <= now;
  const next = isDue ? "with the next report that needs it" : `at ${shortTime(openUntil, now, zone)}`;
  const inZone = zone === "UTC" ? " (times are UTC)" : "";
  const why = reason === null ? "" : `: ${reason}`;
  return `${server} has not answered${from} (${count(failures)} times); it is asked again ${next}${inZone}${why}`;
}

/** "weekly has been paused since Mon 08:00: holidays. `lookpost resume weekly` ends the pause." */
export function pauseWords({ report, pausedAt, pauseReason }: Plan, now: Date, zone: string): string {
  const paused = pausedAt === null ? "is paused" : `has been paused since ${shortTime(pausedAt, now, zone)}`;
  const why = clauses(pauseReason).map((words) => `: ${plainLine(words)}`);
  return `${report} ${paused}${why}. \`lookpost resume ${report}\` ends the pause.`;
}

/** Only where something waits for a service, and none runs. */
function serviceWords(service: Service, runs: readonly Run[]): readonly string[] {
  const isWaited = runs.some(
    ({ endedAt, reservedFor, kind }) => endedAt === null && reservedFor === null && kind !== "trial",
  );
  if (service.isAlive || !isWaited) return [];
  return [`${silenceWords(service.silentMs)} Unfinished runs wait until one is started: \`lookpost start\`.`];
}

export function silenceWords(silentMs: number | null): string {
  return silentMs === null
    ? "No service is running on this store."
    : `The service has given no sign of life for ${duration(silentMs)}.`;
}
