/**
 * How long a large file takes from Looker into a folder: `lookpost run` over the sandbox as a whole process, from its start to its
 * end, compared with curl, which fetches the same result from the same server into a file and does nothing else. The two take turns.
 * Prints for each way the medians in seconds, and curl's time over ours, pair by pair: 0.65 is the least.
 *
 *   formatted  a file of cells as Looker shows them, and the first rows of it in the digest
 *   raw        a file of raw cells, and no rows shown
 *   shown      a file of raw cells, and the first rows as Looker shows them
 *
 *   npm run build && node bench/large-file.ts [all | formatted | raw | shown] [bytes, default 500000000] [rounds, default 5]
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startSandbox } from "../src/sandbox/index.ts";
import { BUILT_CLI, benchArguments } from "./arguments.ts";
import { median } from "./service.ts";

type Env = Readonly<Record<string, string>>;

interface Way {
  readonly show: "table" | "none";
  readonly attach: string;
  readonly formatted: boolean;
}

const WAYS: Readonly<Record<string, Way>> = {
  formatted: { show: "table", attach: "csv", formatted: true },
  raw: { show: "none", attach: "{ csv: { raw: true } }", formatted: false },
  shown: { show: "table", attach: "{ csv: { raw: true } }", formatted: false },
};
const RATIO_MIN = 0.65;
const SAMPLE_ROWS = 20_000;
const QUERY = {
  model: "sandbox",
  view: "generated",
  fields: ["id", "name", "amount", "day", "note"].map((name) => `generated.${name}`),
  limit: "-1",
};

const run = promisify(execFile);
const asked = benchArguments(
  { way: ["all", ...Object.keys(WAYS)], bytes: 500_000_000, rounds: 5 },
  { needsBuild: true },
);
const folder = mkdtempSync(join(tmpdir(), "lookpost-bench-"));
const sandbox = await startSandbox({ queryMs: 50, outbox: join(folder, "outbox") });
try {
  for (const [name, way] of Object.entries(WAYS)) {
    if (asked.way !== "all" && asked.way !== name) continue;
    const sample = await byCurl(way, SAMPLE_ROWS, sandbox.env);
    const rows = Math.round(asked.bytes / (sample.bytes / SAMPLE_ROWS));
    console.log(JSON.stringify({ way: name, rows, ...(await compared(way, rows)) }, null, 2));
  }
} finally {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
}

async function compared(way: Way, rows: number) {
  const rounds: { readonly curlS: number; readonly ourS: number }[] = [];
  let bytes = 0;
  for (let round = 0; round <= asked.rounds; round += 1) {
    const curl = await byCurl(way, rows, sandbox.env);
    const ours = await byUs(way, rows, sandbox.env);
    bytes = curl.bytes;
    if (round > 0) rounds.push({ curlS: curl.seconds, ourS: ours });
  }
  const ratio = rounded(median(rounds.map(({ curlS, ourS }) => curlS / ourS)));
  return {
    bytes,
    rounds: asked.rounds,
    curlS: rounded(median(rounds.map(({ curlS }) => curlS))),
    lookpostS: rounded(median(rounds.map(({ ourS }) => ourS))),
    ratio: `${ratio} of ${RATIO_MIN}${ratio >= RATIO_MIN ? "" : ": MISSED"}`,
  };
}

/** From the start of curl to its end; the query has run by then. */
async function byCurl({ formatted }: Way, rows: number, env: Env) {
  const api = `${env.LOOKER_BASE_URL}/api/4.0`;
  const login = new URLSearchParams({
    client_id: env.LOOKER_CLIENT_ID ?? "",
    client_secret: env.LOOKER_CLIENT_SECRET ?? "",
  });
  const { access_token: token } = await answer(`${api}/login`, login);
  const authorization = `token ${token}`;
  const body = { ...QUERY, filters: { "generated.rows": String(rows) } };
  const { id: query_id } = await answer(`${api}/queries`, body, authorization);
  const order = { query_id, result_format: "csv" };
  const { id } = await answer(`${api}/query_tasks?apply_formatting=${formatted}`, order, authorization);
  const path = join(folder, "curl.csv");
  const results = `${api}/query_tasks/${id}/results`;
  let state = "";
  while (state !== "complete")
    state = (await answer(`${api}/query_tasks/${id}`, null, authorization)).status ?? "";
  const began = performance.now();
  await run("curl", ["-sSf", "-H", `Authorization: ${authorization}`, "-o", path, results]);
  const seconds = (performance.now() - began) / 1_000;
  const { size: bytes } = statSync(path);
  rmSync(path);
  return { seconds, bytes };
}

async function answer(
  url: string,
  body: URLSearchParams | object | null,
  authorization = "",
): Promise<Partial<Record<string, string>>> {
  const isForm = body instanceof URLSearchParams;
  const response = await fetch(url, {
    method: body === null ? "GET" : "POST",
    headers: { authorization, ...(!isForm && { "content-type": "application/json" }) },
    ...(body !== null && { body: isForm ? body : JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json() as Promise<Partial<Record<string, string>>>;
}

/** From the start of the process to its end, and whether the rows arrived. */
async function byUs(way: Way, rows: number, env: Env): Promise<number> {
  const home = mkdtempSync(join(folder, "run-"));
  write(home, way, rows);
  const began = performance.now();
  await run(process.execPath, ["--max-semi-space-size=4", BUILT_CLI, "run", "large"], {
    cwd: home,
    env: { PATH: process.env.PATH, ...env },
  });
  const seconds = (performance.now() - began) / 1_000;
  if (largestIn(join(home, "out")) < rows) throw new Error("no file has arrived");
  rmSync(home, { recursive: true, force: true });
  return seconds;
}

function write(home: string, { show, attach }: Way, rows: number): void {
  writeFileSync(
    join(home, "reports.yaml"),
    `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
store: file:${join(home, "data")}
defaults: { timezone: UTC, max_result: 20GB }
reports:
  large:
    schedule: "0 0 1 1 *"
    query:
      model: ${QUERY.model}
      explore: ${QUERY.view}
      fields: [${QUERY.fields.join(", ")}]
      filters: { generated.rows: "${rows}" }
      limit: ${QUERY.limit}
    show: ${show}
    deliver:
      - file: ${join(home, "out")}
        attach: ${attach}
`,
  );
}

function largestIn(where: string): number {
  const files = readdirSync(where, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Math.max(0, ...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).size));
}

function rounded(number: number): number {
  return Math.round(number * 100) / 100;
}
