import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";
import { DAILY, type Desk, ofType, openDesk, received, type Service } from "./desk.ts";
import { healthchecks } from "./healthchecks.ts";
import { journey, until } from "./program.ts";

/** One report whose query takes long, and two that only say who is told. */
const REPORTS = `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ email: ana@example.com }] }
  other: { schedule: "0 8 1 1 *", look: 43, deliver: [{ email: ben@example.com }], on_failure: [{ email: ops@example.com }, { slack: "#data-ops" }] }
  third: { schedule: "0 8 1 1 *", look: 43, deliver: [{ email: ben@example.com }], on_failure: { email: third@example.com } }
`;
const QUERY_MS = 8_000;

interface Scene {
  readonly desk: Desk;
  readonly service: Service;
  readonly pings: readonly string[];
  readonly data: string;
  readonly file: string;
}

/** A service in the middle of a run. */
async function underWay(prepare: (desk: Desk) => Promise<void> | void = () => undefined): Promise<Scene> {
  const { url, pings } = await healthchecks();
  const desk = await openDesk({
    reports: REPORTS,
    head: `heartbeat: ${url}/ping/1\ndefaults: { on_failure: [{ email: ops@example.com }, { email: all@example.com }] }\n`,
    queryMs: QUERY_MS,
  });
  await desk.promise(["weekly"]);
  await prepare(desk);
  const service = desk.start();
  await service.says("run started");
  await until(() => desk.sandbox.looker.tasks().length > 0 && pings.length > 0);
  const data = join(desk.folder, "data");
  return { desk, service, pings, data, file: join(data, "ledger.sqlite") };
}

/** All that is to be said is said, once, and nothing has failed. */
async function saysSo({ desk, service, pings }: Scene, reason: RegExp): Promise<void> {
  const lost = await service.says("the ledger is lost: nothing is taken or sent until it is mended");
  expect(lost).toMatchObject({ level: 60, reason: expect.stringMatching(reason) });
  expect(lost.advice).toMatch(/^Stop the service first/);
  expect(await service.ready()).toMatchObject({
    status: 503,
    checks: { ledger: { ok: false, message: expect.stringMatching(reason) } },
  });
  await until(() => pings.some((ping) => ping.startsWith("POST /ping/1/fail")));
  expect(pings.find((ping) => ping.startsWith("POST"))).toMatch(reason);
  await until(() => service.said("told of the lost ledger").length === 4);
  expect(await received(desk)).toEqual(["all@example.com", "ops@example.com", "third@example.com"]);
  expect(desk.sandbox.slack.posts("#data-ops")).toHaveLength(1);
  // What is under way comes to where it would be written down, and waits there.
  await new Promise((resolve) => setTimeout(resolve, QUERY_MS));
  expect(service.said("run failed")).toEqual([]);
  expect(await received(desk)).toHaveLength(3);
  expect(service.said("told of the lost ledger")).toHaveLength(4);
  expect(service.said("trouble").filter(({ reason: words }) => reason.test(String(words)))).toEqual([]);
}

/** It makes nothing where the first one's ledger was. */
async function refusesSecond({ desk, service, data }: Scene): Promise<void> {
  const before = namesIn(data);
  const second = await desk.lookpost("start");
  expect(second).toMatchObject({ code: 2, err: expect.stringContaining(`process ${service.process.pid}`) });
  expect(namesIn(data)).toEqual(before);
}

async function stopped({ service }: Scene): Promise<void> {
  service.kill("SIGTERM");
  expect(await service.ended).toMatchObject({ code: 0 });
}

/** The run goes on to its end, and was sent once. */
async function goesOn({ desk }: Scene): Promise<void> {
  const service = desk.start();
  await service.says("run delivered");
  expect((await received(desk)).filter((to) => to === "ana@example.com")).toHaveLength(1);
  expect(ofType(await desk.history("weekly"), "run")).toMatchObject([{ status: "delivered" }]);
  service.kill("SIGTERM");
  await service.ended;
}

/** Null: there is no such folder. */
function namesIn(folder: string): readonly string[] | null {
  return existsSync(folder) ? readdirSync(folder).sort() : null;
}

function flip(file: string, at: number, bytes = 400): void {
  const handle = openSync(file, "r+");
  const buffer = Buffer.alloc(bytes);
  const size = readSync(handle, buffer, 0, bytes, at);
  for (let index = 0; index < size; index += 1) buffer[index] = (buffer[index] ?? 0) ^ 0xff;
  writeSync(handle, buffer, 0, size, at);
  closeSync(handle);
}

/** The page that a table or an index begins at, in bytes. */
function rootOf(file: string, name: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare("SELECT rootpage FROM sqlite_master WHERE name = ?").get(name);
  const size = database.prepare("PRAGMA page_size").get();
  database.close();
  return (Number(row?.rootpage) - 1) * Number(size?.page_size);
}

journey(
  "a ledger that is damaged where nothing reads is said to be by all ways, and the run waits",
  async () => {
    const scene = await underWay((desk) => {
      const file = join(desk.folder, "data/ledger.sqlite");
      copyFileSync(file, join(desk.folder, "backup.sqlite"));
    });
    flip(scene.file, rootOf(scene.file, "links_by_age"));
    await saysSo(scene, /is damaged: /);
    await stopped(scene);
    for (const name of ["ledger.sqlite-wal", "ledger.sqlite-shm"])
      rmSync(join(scene.data, name), { force: true });
    copyFileSync(join(scene.desk.folder, "backup.sqlite"), scene.file);
    await goesOn(scene);
  },
);

journey("a service whose ledger is replaced stops taking work, and no second one starts there", async () => {
  const scene = await underWay((desk) =>
    copyFileSync(join(desk.folder, "data/ledger.sqlite"), join(desk.folder, "backup.sqlite")),
  );
  renameSync(join(scene.desk.folder, "backup.sqlite"), scene.file);
  await saysSo(scene, /was replaced: it is another file/);
  await refusesSecond(scene);
  await stopped(scene);
});

journey("a folder that was moved away and back has lost nothing, and nothing comes twice", async () => {
  const scene = await underWay();
  const away = join(scene.desk.folder, "elsewhere");
  renameSync(scene.data, away);
  await saysSo(scene, /was removed or moved away/);
  await refusesSecond(scene);
  await stopped(scene);
  renameSync(away, scene.data);
  await goesOn(scene);
});
