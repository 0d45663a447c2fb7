import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";
import { DAILY, type Desk, ofType, openDesk, received } from "./desk.ts";
import { fillDisk, journeyWithDisks, makeReadOnly, mountDisk } from "./mount.ts";
import { journey, start, until } from "./program.ts";

const WEEKLY = `  weekly: { schedule: "${DAILY}", look: 42, retry: { tries: 3, over: 2s }, deliver: [{ email: ana@example.com, attach: csv }] }
`;

/** `start` and `history` both end, with one sentence of what is wrong and one of what to do. */
async function refusesBoth(desk: Desk, what: RegExp, advice: RegExp, code: number) {
  for (const args of [["start"], ["history"]]) {
    const ended = await desk.lookpost(...args);
    expect(ended.err).toMatch(what);
    expect(ended.err).toMatch(advice);
    expect(ended.err.trim().split("\n")).toHaveLength(2);
    expect(ended).toMatchObject({ code });
  }
}

/** `start` ends with what is wrong; a command that looks finds no ledger there, and makes none. */
async function refusesStart(desk: Desk, what: RegExp, advice: RegExp) {
  const started = await desk.lookpost("start");
  expect(started).toMatchObject({ code: 1, err: expect.stringMatching(what) });
  expect(started.err).toMatch(advice);
  for (const args of [["history"], ["health"], ["cancel", "run1"], ["pause", "weekly"]])
    expect(await desk.lookpost(...args)).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /^There is no ledger at \S+ledger\.sqlite; the service may use another store \(LOOKPOST_STORE\)\.\n/,
      ),
    });
}

journey("a file in the folder's place is told, with what to do", async () => {
  const desk = await openDesk({ reports: WEEKLY });
  writeFileSync(join(desk.folder, "data"), "");
  await refusesStart(desk, /The ledger \S+ledger\.sqlite cannot be opened: /, /folder/);
});

journey("a ledger of a newer version is left alone", async () => {
  const desk = await openDesk({ reports: WEEKLY });
  mkdirSync(join(desk.folder, "data"));
  const newer = new DatabaseSync(join(desk.folder, "data/ledger.sqlite"));
  newer.exec("PRAGMA user_version = 99; CREATE TABLE runs (id TEXT)");
  newer.close();
  await refusesBoth(desk, /is of version 99; this lookpost knows up to \d+/, /newer lookpost/, 1);
});

journey("a file that is no ledger is told, and not written over", async () => {
  const desk = await openDesk({ reports: WEEKLY });
  mkdirSync(join(desk.folder, "data"));
  writeFileSync(join(desk.folder, "data/ledger.sqlite"), "what was somebody's notes\n".repeat(500));
  await refusesBoth(desk, /damaged, or not a ledger at all/, /backup/, 1);
});

journeyWithDisks("a folder that may not be written is told, with what to do", async () => {
  const desk = await openDesk({ reports: WEEKLY });
  mountDisk(join(desk.folder, "data"), "4m");
  makeReadOnly(join(desk.folder, "data"));
  await refusesStart(
    desk,
    /The ledger \S+ledger\.sqlite cannot be opened: /,
    /for writing, or name a folder on another/,
  );
});

journeyWithDisks("a disk that is full at the start is waited for: no tick is lost", async () => {
  const desk = await openDesk({ reports: WEEKLY });
  const data = join(desk.folder, "data");
  mountDisk(data, "3m");
  await desk.promise(["weekly"]);
  const makeRoom = fillDisk(data);
  const service = desk.start();
  const waits = await service.says("waiting for the ledger");
  expect(waits).toMatchObject({
    reason: expect.stringContaining("disk"),
    advice: expect.stringMatching(/full|room/),
  });
  expect(await service.ready()).toMatchObject({ status: 503, checks: { ledger: { ok: false } } });
  makeRoom();
  await service.says("run delivered");
  expect(await received(desk)).toEqual(["ana@example.com"]);
});

journeyWithDisks(
  "a disk that fills up under way loses nothing: it is said, and all goes on once there is room",
  async () => {
    const desk = await openDesk({ reports: WEEKLY, queryMs: 1_000 });
    const data = join(desk.folder, "data");
    mountDisk(data, "3m");
    await desk.promise(["weekly"]);
    const service = desk.start();
    await until(() => desk.sandbox.looker.tasks().length > 0);
    const makeRoom = fillDisk(data);
    await service.says("trouble", ({ reason }) => /is full/.test(String(reason)));
    await until(async () => (await service.ready()).status === 503);
    makeRoom();
    await service.says("run delivered");
    expect(await received(desk)).toEqual(["ana@example.com"]);
    expect(await service.ready()).toMatchObject({ status: 200 });
  },
);

journeyWithDisks("a run by hand on a disk that is full ends at SIGTERM, and says why it waited", async () => {
  const desk = await openDesk({ reports: WEEKLY, queryMs: 1_000 });
  const data = join(desk.folder, "data");
  mountDisk(data, "3m");
  const program = start(["run", "weekly"], desk.sandbox.env, desk.folder);
  await until(() => desk.sandbox.looker.tasks().length > 0);
  const makeRoom = fillDisk(data);
  await until(() => /is full/.test(program.err()));
  program.process.kill("SIGTERM");
  expect((await program.ended).code).not.toBe(0);
  makeRoom();
  // The tick is not lost: the run is there, and the next service goes on with it or ends it.
  expect(ofType(await desk.history("weekly"), "run")).toHaveLength(1);
});

journey(
  "a second service on the folder is refused by name; the first goes on, and commands work at the same time",
  async () => {
    const long = `  long: { schedule: "${DAILY}", look: 43, deliver: [{ email: ben@example.com }] }\n`;
    const desk = await openDesk({ reports: WEEKLY + long });
    await desk.promise(["long"]);
    desk.sandbox.looker.faults.add({ kind: "status_word", word: "running", times: 1 });
    const first = desk.start();
    const { run } = await first.says("run started");
    await until(() => desk.sandbox.looker.tasks().length > 0);
    const [second, cancelled] = await Promise.all([
      desk.lookpost("start"),
      desk.lookpost("cancel", String(run)),
    ]);
    expect(second.code).toBe(2);
    expect(second.err).toMatch(
      new RegExp(
        `Another lookpost service is already using the folder ${desk.folder}/data .*process ${first.process.pid}`,
      ),
    );
    expect(second.err).toContain("Stop that one first, or name another folder under `store:`");
    expect(cancelled).toMatchObject({ code: 0, out: `Run ${run} of long is cancelled.\n` });

    const retried = await desk.lookpost("retry", String(run));
    expect(retried).toMatchObject({ code: 0, err: expect.stringContaining("handed to the service") });
    expect((await desk.lookpost("run", "weekly")).code).toBe(0);
    const all = await desk.history();
    expect(ofType(all, "run", "long")).toMatchObject([{ status: "delivered", attempts: 2 }]);
    expect(ofType(all, "run", "weekly")).toMatchObject([{ status: "delivered", trigger: "manual" }]);
    expect(await received(desk)).toEqual(["ana@example.com", "ben@example.com"]);
    expect(await desk.lookpost("health")).toMatchObject({ code: 0 });
  },
);
