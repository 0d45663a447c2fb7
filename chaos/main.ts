import { parseArgs } from "node:util";
import { openSqliteLedger } from "../src/ledger/sqlite/sqlite.ts";
import { seededRandom } from "../src/sandbox/seeded-random.ts";
import { type CampaignOptions, campaign, type Outcome } from "./campaign.ts";
import { ORDEALS, type Ordeal } from "./ordeals.ts";

const options = {
  kills: { type: "string", default: "200" },
  store: { type: "string", default: "sqlite" },
  replicas: { type: "string", default: "1" },
  reports: { type: "string", default: "8" },
  "query-ms": { type: "string", default: "300" },
  seed: { type: "string" },
  calm: { type: "boolean", default: false },
  ordeals: { type: "string", default: ORDEALS.join(",") },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const USAGE = `npm run chaos -- [--kills 200] [--store sqlite|postgres] [--replicas 1] [--reports 8] [--query-ms 300] [--seed N] [--calm]
                 [--ordeals upgrade,starve,… | none] [--json]

Kills workers at random moments and at every named point of the pipeline, over a sandbox that misbehaves (--calm: that does not),
puts them through what else happens to a service, and compares what arrived with what was due. Ordeals (all, unless some are named):

  upgrade    the program's files are replaced under the worker, which is then restarted (needs \`npm run build\`)
  starve     it has no file descriptor left for 6 s
  freeze     it is stopped for longer than its lease (SIGSTOP), and goes on
  unplug     Looker, the mail server, Slack or Postgres is away for some seconds
  silence    one of them stops answering, and ends no connection, as behind a cut cable
  full_disk  the disk of the ledger is full for some seconds (SQLite, as root)

With ordeals, every other worker's clock is 90 s ahead. Exit code 1 where anything was lost, came twice, or contradicts the ledger.
`;

const values = readValues();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const whole = (text: string) => (/^\d+$/.test(text) ? Number(text) : usage());
const outcome = await withStore(values.store, (store) =>
  campaign({
    kills: whole(values.kills),
    replicas: whole(values.replicas),
    reports: whole(values.reports),
    queryMs: whole(values["query-ms"]),
    nuisances: !values.calm,
    ordeals: ordealsIn(values.ordeals),
    store,
    random: seededRandom(seed),
    tell: (words) => process.stderr.write(`${words}\n`),
  }),
);
print(outcome);
const isRight = outcome.lost.length + outcome.twice.length + outcome.wrong.length === 0;
process.exit(isRight ? 0 : 1);

async function withStore<T>(name: string, work: (store: CampaignOptions["store"]) => Promise<T>): Promise<T> {
  if (name === "sqlite") return work({ kind: "folder", open: (folder) => openSqliteLedger(folder) });
  if (name !== "postgres") return usage();
  const { withPostgres } = await import("./postgres.ts");
  return withPostgres(work);
}

function readValues() {
  try {
    return parseArgs({ options }).values;
  } catch {
    return usage();
  }
}

function ordealsIn(names: string): readonly Ordeal[] {
  if (names === "none") return [];
  return names.split(",").map((name) => ORDEALS.find((one) => one === name) ?? usage());
}

function usage(): never {
  process.stderr.write(USAGE);
  process.exit(2);
}

function print(found: Outcome): void {
  const recovery = found.recoveryMs.toSorted((a, b) => a - b);
  const at = (share: number) =>
    recovery[Math.min(recovery.length - 1, Math.floor(recovery.length * share))] ?? null;
  const sums = {
    store: values.store,
    replicas: whole(values.replicas),
    seed,
    kills: found.kills,
    killsAtPoints: found.killsAtPoints,
    due: found.due,
    delivered: found.delivered,
    lost: found.lost.length,
    twice: found.twice.length,
    wrong: found.wrong.length,
    unknown: found.unknown,
    unknownArrived: found.unknownArrived,
    told: found.told.length,
    ...found.ordeals,
    recoveries: recovery.length,
    recoveryMedianMs: at(0.5),
    recoveryP95Ms: at(0.95),
  };
  const { lost, twice, wrong, told } = found;
  for (const [title, list] of Object.entries({ lost, twice, wrong, told }))
    for (const line of list.slice(0, 20)) process.stderr.write(`${title}: ${line}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify(sums)}\n`);
  else for (const [name, value] of Object.entries(sums)) process.stdout.write(`${name.padEnd(18)}${value}\n`);
  process.stderr.write(`ledger, logs and all that arrived: ${found.folder}\n`);
}
