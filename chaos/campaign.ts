import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "../src/core/ports/ledger.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/index.ts";
import { CRASH_POINTS } from "../src/worker/process/crash-points.ts";
import { addNuisances, clearNuisances } from "./nuisances.ts";
import { arrivals } from "./outside.ts";
import { type Recoveries, recoveries } from "./recovery.ts";
import { launch, type Replica } from "./replica.ts";
import { type Tally, tally } from "./tally.ts";
import { head, promise, type Wave, wave } from "./wave.ts";

export interface CampaignOptions {
  readonly kills: number;
  readonly replicas: number;
  /** Reports of one wave; each has 25 ticks and four recipients. */
  readonly reports: number;
  /** Whether Looker, SMTP and Slack misbehave meanwhile. */
  readonly nuisances: boolean;
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
  /** Milliseconds from a death until nothing is in the dead one's hands any more. */
  readonly recoveryMs: readonly number[];
  /** Where logs and ledger are. */
  readonly folder: string;
}

/** How long after the last kill everything has to have come to an end. */
const SETTLE_MS_MAX = 5 * 60_000;
const LOOK_MS = 250;
/** A worker that has not come to its point by then is killed where it is. */
const LIFE_MS_MAX = 8_000;

/** Kills workers until it has done so often enough, lets the last ones finish, and compares what arrived with what was due. */
export async function campaign(options: CampaignOptions): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-chaos-"));
  const sandbox = await startSandbox({ queryMs: options.queryMs, outbox: join(folder, "outbox") });
  const { store } = options;
  const url = "url" in store ? store.url : `file:${join(folder, "data")}`;
  const ledger = "url" in store ? await store.open() : await store.open(join(folder, "data"));
  const field: Field = {
    options,
    folder,
    files: join(folder, "files"),
    url,
    ledger,
    sandbox,
    waves: [],
    recoveries: recoveries(ledger, "url" in store ? "death" : "boot"),
    counts: { kills: 0, atPoints: 0 },
  };
  try {
    mkdirSync(field.files, { recursive: true });
    await moreWork(field);
    if (options.nuisances) addNuisances(sandbox);
    const lives = Array.from({ length: options.replicas }, (_, index) =>
      killAgainAndAgain(field, `worker-${index + 1}`),
    );
    await Promise.all(lives);
    clearNuisances(sandbox);
    options.tell(`${field.counts.kills} kills; waiting for the rest to be delivered`);
    await settle(field);
    const found = await tally(field.waves, await arrivals(sandbox, field.files), ledger);
    const { kills, atPoints } = field.counts;
    return { ...found, kills, killsAtPoints: atPoints, recoveryMs: field.recoveries.all(), folder };
  } finally {
    field.recoveries.stop();
    await ledger.close();
    await sandbox.close();
  }
}

interface Field {
  readonly options: CampaignOptions;
  readonly folder: string;
  readonly files: string;
  readonly url: string;
  readonly ledger: Ledger;
  readonly sandbox: Sandbox;
  readonly waves: Wave[];
  readonly recoveries: Recoveries;
  readonly counts: { kills: number; atPoints: number };
}

/** One worker's lives, one after the other. */
async function killAgainAndAgain(field: Field, name: string): Promise<void> {
  const { options, counts } = field;
  while (counts.kills < options.kills) {
    if (await isDone(field)) await moreWork(field);
    const isAtPoint = options.random() < 0.5;
    const replica = start(field, name, isAtPoint ? somePoint(options.random) : null);
    field.recoveries.booted(replica);
    // Most lives are shorter than a run; some are long enough for much to be done.
    const lifeMs = isAtPoint ? LIFE_MS_MAX : 700 + 4_000 * options.random() ** 2;
    const end = await Promise.race([replica.ended, sleep(lifeMs)]);
    if (end === undefined) {
      replica.kill("SIGKILL");
      await replica.ended;
    } else if (end !== "SIGKILL") {
      throw new Error(`${name} ended by itself (${end}): see ${join(field.folder, `${name}.log`)}`);
    } else {
      counts.atPoints += 1;
    }
    counts.kills += 1;
    await field.recoveries.died(replica);
    if (counts.kills % 25 === 0) options.tell(`${counts.kills} kills`);
  }
}

function start({ folder, sandbox, url }: Field, name: string, killAt: string | null): Replica {
  return launch({ name, folder, env: { ...sandbox.env, CHAOS_STORE: url }, killAt });
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
  writeFileSync(join(folder, "reports.yaml"), head() + waves.map(({ yaml }) => yaml).join(""));
  options.tell(
    `wave ${waves.length}: ${options.reports} reports with ${next.ticks.length} ticks each are due`,
  );
}

async function isDone({ ledger, waves, options }: Field): Promise<boolean> {
  const limit = waves.length * options.reports * 25;
  const runs = await ledger.runs({ limit: limit + 1 });
  return runs.length >= limit && runs.every((run) => run.endedAt !== null);
}

/** Lets workers live until all has come to an end. */
async function settle(field: Field): Promise<void> {
  const { options } = field;
  const until = Date.now() + SETTLE_MS_MAX;
  const last = Array.from({ length: options.replicas }, (_, index) =>
    start(field, `worker-${index + 1}`, null),
  );
  for (const replica of last) field.recoveries.booted(replica);
  while (!(await isDone(field))) {
    if (Date.now() > until) {
      options.tell(`not everything has ended after ${SETTLE_MS_MAX / 60_000} min`);
      break;
    }
    await sleep(LOOK_MS);
  }
  for (const replica of last) replica.kill("SIGTERM");
  await Promise.all(last.map((replica) => replica.ended));
}
