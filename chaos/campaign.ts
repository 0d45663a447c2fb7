import { mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "../src/core/ports/ledger.ts";
import { CRASH_POINTS } from "../src/worker/process/crash-points.ts";
import { addNuisances, clearNuisances } from "./nuisances.ts";
import { feasible, type Ordeal, undergo } from "./ordeals.ts";
import { arrivals } from "./outside.ts";
import { type Recoveries, recoveries } from "./recovery.ts";
import { launch, type Replica } from "./replica.ts";
import { openSurroundings, type Surroundings } from "./surroundings.ts";
import { type Tally, tally } from "./tally.ts";
import { head, promise, type Wave, wave } from "./wave.ts";

export interface CampaignOptions {
  readonly kills: number;
  readonly replicas: number;
  /** Reports of one wave; each has 25 ticks and four recipients. */
  readonly reports: number;
  /** Whether Looker, SMTP and Slack misbehave meanwhile. */
  readonly nuisances: boolean;
  /** What workers live through, next to kills. */
  readonly ordeals: readonly Ordeal[];
  readonly queryMs: number;
  /** Where the workers and the judge find the ledger. */
  readonly store:
    | { readonly url: string; open(): Promise<Ledger> }
    | { readonly kind: "folder"; open(folder: string): Promise<Ledger> };
  /** 0 to 1, the same for the same seed. */
  readonly random: () => number;
  readonly tell: (words: string) => void;
}

export interface Outcome extends Tally {
  readonly kills: number;
  /** At a named point of the pipeline; the others came at random moments. */
  readonly killsAtPoints: number;
  /** How often each was lived through. */
  readonly ordeals: Readonly<Partial<Record<Ordeal, number>>>;
  /** Milliseconds from a death until nothing is in the dead one's hands any more. */
  readonly recoveryMs: readonly number[];
  /** Where logs and ledger are. */
  readonly folder: string;
}

/** After the last kill, a run has to come to its end within so long of the one before: how long all of them take is the machine's to say. */
const SETTLE_MS_MAX = 5 * 60_000;
const LOOK_MS = 250;
/** A worker that has not come to its point by then is killed where it is. */
const LIFE_MS_MAX = 8_000;
/** Of those that are killed at some moment, so many are within so long after their start. */
const EARLY_SHARE = 0.2;
const EARLY_MS_MAX = 2_000;

/** Kills workers until it has done so often enough, lets the last ones finish, and compares what arrived with what was due. */
export async function campaign(options: CampaignOptions): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-chaos-"));
  const { store, ordeals, queryMs, nuisances } = options;
  const postgresUrl = "url" in store ? store.url : null;
  const own = { folder, queryMs, ordeals, isCapped: nuisances, postgresUrl };
  const surroundings = await openSurroundings(own);
  const ledger = "url" in store ? await store.open() : await store.open(join(folder, "data"));
  const field: Field = {
    options,
    folder,
    files: join(folder, "files"),
    ledger,
    surroundings,
    waves: [],
    recoveries: recoveries(ledger, "url" in store ? "death" : "boot"),
    counts: { kills: 0, atPoints: 0, turns: 0, ordeals: {} },
    ended: [],
  };
  const { sandbox } = surroundings;
  try {
    mkdirSync(field.files, { recursive: true });
    await moreWork(field);
    if (nuisances) addNuisances(sandbox);
    const lives = Array.from({ length: options.replicas }, (_, index) => killAgainAndAgain(field, index + 1));
    await Promise.all(lives);
    clearNuisances(sandbox);
    options.tell(`${field.counts.kills} kills; waiting for the rest to be delivered`);
    await settle(field);
    const found = await tally(field.waves, await arrivals(sandbox, field.files), ledger);
    const { kills, atPoints, ordeals: lived } = field.counts;
    const counted = { kills, killsAtPoints: atPoints, ordeals: lived };
    const wrong = [...found.wrong, ...field.ended];
    return { ...found, wrong, ...counted, recoveryMs: field.recoveries.all(), folder };
  } finally {
    field.recoveries.stop();
    await ledger.close();
    await surroundings.close();
  }
}

interface Field {
  readonly options: CampaignOptions;
  readonly folder: string;
  readonly files: string;
  readonly ledger: Ledger;
  readonly surroundings: Surroundings;
  readonly waves: Wave[];
  readonly recoveries: Recoveries;
  readonly counts: {
    kills: number;
    atPoints: number;
    turns: number;
    readonly ordeals: Partial<Record<Ordeal, number>>;
  };
  /** Workers that ended by themselves. */
  readonly ended: string[];
}

/** One worker's lives, one after the other. */
async function killAgainAndAgain(field: Field, number: number): Promise<void> {
  const { options, counts } = field;
  while (counts.kills < options.kills) {
    if (await isDone(field)) await moreWork(field);
    const ordeal = options.random() < ORDEAL_SHARE ? await someOrdeal(field, number) : null;
    const replica = ordeal === null ? await live(field, number) : await suffer(ordeal, field, number);
    counts.kills += 1;
    await field.recoveries.died(replica);
    if (counts.kills % 25 === 0) options.tell(`${counts.kills} kills`);
  }
}

/** Until it is killed, at a named point or at some moment. */
async function live(field: Field, number: number): Promise<Replica> {
  const { options, counts } = field;
  const isAtPoint = options.random() < 0.5;
  const replica = await start(field, number, isAtPoint ? somePoint(options.random) : null);
  const end = await Promise.race([replica.ended, lifetime(replica, isAtPoint, options.random)]);
  if (end === "SIGKILL") counts.atPoints += 1;
  else await kill(replica, "SIGKILL", field);
  return replica;
}

/** Counted from when it works: a busy machine takes long to start it. Some do not come to that. */
async function lifetime(replica: Replica, isAtPoint: boolean, random: () => number): Promise<void> {
  if (!isAtPoint && random() < EARLY_SHARE) return sleep(EARLY_MS_MAX * random());
  await replica.started;
  // Most are shorter than a run; some are long enough for much to be done.
  await sleep(isAtPoint ? LIFE_MS_MAX : 4_000 * random() ** 2);
}

/** Through an ordeal, and then to its end: a deploy asks it to stop. */
async function suffer(ordeal: Ordeal, field: Field, number: number): Promise<Replica> {
  const { options, counts, surroundings } = field;
  const replica = await start(field, number, null);
  const program = await surroundings.program(nameOf(number));
  await undergo(ordeal, { ...surroundings, replica, program, random: options.random });
  counts.ordeals[ordeal] = (counts.ordeals[ordeal] ?? 0) + 1;
  await kill(replica, ordeal === "upgrade" ? "SIGTERM" : "SIGKILL", field, ordeal);
  return replica;
}

async function kill(
  replica: Replica,
  signal: "SIGKILL" | "SIGTERM",
  { ended, folder }: Field,
  ordeal = "",
): Promise<void> {
  const wasUp = replica.isUp;
  replica.kill(signal);
  const end = await replica.ended;
  if (!wasUp || !["0", "SIGKILL"].includes(end)) {
    const how = `${replica.name} ended by itself (${end}) ${ordeal}`.trim();
    const log = join(folder, `${replica.name}.log`);
    ended.push(`${how}: see ${log}, which ends with:\n${readFileSync(log, "utf8").slice(-LOG_SHOWN)}`);
  }
}

/** Of its log, in characters: the folder may be gone when somebody reads this. */
const LOG_SHOWN = 1_000;

/** Of the lives, so many are not ended by a kill alone. */
const ORDEAL_SHARE = 0.5;

async function someOrdeal({ options, surroundings, counts }: Field, number: number): Promise<Ordeal | null> {
  const program = await surroundings.program(nameOf(number));
  const all = feasible({ program, disk: surroundings.disk }, options.ordeals);
  // One after the other, so that a short campaign has each of them.
  counts.turns += 1;
  return all[counts.turns % all.length] ?? null;
}

/** Clocks of two machines are never the same, and sometimes far from it: every other one is ahead by as much. */
const SKEW_MS = 90_000;

async function start(
  { folder, surroundings, recoveries: watched, options }: Field,
  number: number,
  killAt: string | null,
): Promise<Replica> {
  const program = await surroundings.program(nameOf(number));
  const skewMs = options.ordeals.length > 0 && number % 2 === 0 ? SKEW_MS : 0;
  const cli = program === null ? {} : { cli: program.cli };
  const replica = launch({ name: nameOf(number), folder, env: surroundings.env, skewMs, ...cli, killAt });
  watched.booted(replica);
  return replica;
}

function nameOf(number: number): string {
  return `worker-${number}`;
}

function somePoint(random: () => number): string {
  const point = CRASH_POINTS[Math.floor(random() * CRASH_POINTS.length)] ?? "run_taken";
  return `${point}:${1 + Math.floor(random() * 6)}`;
}

/** New reports in the file, and in the ledger the promise of ticks that are long past. */
async function moreWork(field: Field): Promise<void> {
  const { options, waves, files, folder, ledger } = field;
  const next = wave(waves.length + 1, options.reports, files, new Date());
  waves.push(next);
  await promise(ledger, next);
  // At once, as an editor saves: another worker may start at this moment, and half a file is a broken one.
  writeFileSync(join(folder, "reports.yaml.new"), head() + waves.map(({ yaml }) => yaml).join(""));
  renameSync(join(folder, "reports.yaml.new"), join(folder, "reports.yaml"));
  options.tell(
    `wave ${waves.length}: ${options.reports} reports with ${next.ticks.length} ticks each are due`,
  );
}

async function isDone(field: Field): Promise<boolean> {
  return (await openRuns(field)) === 0;
}

/** How many of the runs that are due have not come to an end, those that are not planned yet included. */
async function openRuns({ ledger, waves, options }: Field): Promise<number> {
  const due = waves.length * options.reports * 25;
  const runs = await ledger.runs({ limit: due + 1 });
  return Math.max(due, runs.length) - runs.filter((run) => run.endedAt !== null).length;
}

/** Lets workers live until all has come to an end. */
async function settle(field: Field): Promise<void> {
  const { options } = field;
  const last = await Promise.all(
    Array.from({ length: options.replicas }, (_, index) => start(field, index + 1, null)),
  );
  let open = await openRuns(field);
  for (let since = Date.now(); open > 0; ) {
    await sleep(LOOK_MS);
    const now = await openRuns(field);
    if (now !== open) since = Date.now();
    open = now;
    if (Date.now() - since > SETTLE_MS_MAX) {
      options.tell(`${open} runs are open, and none has ended for ${SETTLE_MS_MAX / 60_000} min`);
      break;
    }
  }
  await Promise.all(last.map((replica) => kill(replica, "SIGTERM", field, "at the end")));
}
