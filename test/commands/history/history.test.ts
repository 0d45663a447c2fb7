import { expect, test } from "vitest";
import { historyCommand } from "../../../src/commands/history/history.ts";
import type { AttemptEnd, DeliveryState, Purpose, RunState } from "../../../src/core/model/run.ts";
import { DEAD_AFTER_MS } from "../../../src/core/ports/owners.ts";
import { at, claim, type Desk, flat, openDesk } from "../house.ts";
import { SERVICE, STANDINGS } from "./states.ts";

const NOW = at(4);
const LIMIT = 20;

/** The desk beside a service that lives. */
async function servedDesk(): Promise<Desk> {
  const desk = await openDesk();
  await desk.ledger.signIn(SERVICE, "service", NOW);
  return desk;
}

async function history(
  desk: Desk,
  options: { run?: string; json?: boolean; report?: string } = {},
): Promise<string> {
  const { report, ...rest } = options;
  const before = desk.out().length;
  expect(await historyCommand(report, { config: desk.config, limit: LIMIT, ...rest }, desk.io, NOW)).toBe(0);
  const text = desk.out().slice(before);
  const source =
    rest.json === true
      ? /^\{"type":"ledger","ledger":".*\/ledger\.sqlite"\}\n/m
      : /\nRead from the ledger .*\/ledger\.sqlite\n$/;
  expect(text).toMatch(source);
  return text.replace(source, "");
}

test.each(STANDINGS)("the list says how a run stands: $name", async ({ make, listed }) => {
  const desk = await servedDesk();
  await make(desk.ledger);
  const text = await history(desk);
  expect(flat(text)).toContain(flat(`weekly run1 ${listed}`));
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
});

test.each(STANDINGS)(
  "the time line says how it came and what to do: $name",
  async ({ make, told, commands }) => {
    const desk = await servedDesk();
    await make(desk.ledger);
    const text = await history(desk, { run: "run1" });
    let place = 0;
    for (const words of told) {
      const found = flat(text).indexOf(words, place);
      expect(found, `${words}\n\nin\n\n${text}`).toBeGreaterThanOrEqual(place);
      place = found;
    }
    const [, advice = ""] = text.split("\nwhat to do\n");
    expect([...advice.matchAll(/^ {4}(lookpost .*?)(?: {2}|$)/gm)].map((match) => match[1])).toEqual(
      commands,
    );
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  },
);

test("every state of runs, deliveries and attempts that the ledger knows is among them", async () => {
  const seen = { runs: new Set<RunState>(), deliveries: new Set<DeliveryState>() };
  const ends = new Set<AttemptEnd | null>();
  const purposes = new Set<Purpose>();
  for (const { make } of STANDINGS) {
    const desk = await servedDesk();
    await make(desk.ledger);
    await history(desk);
    // What is shown comes of the next sweep; it was not made by looking.
    await desk.ledger.sweep({ silentMs: DEAD_AFTER_MS, onlyService: null }, NOW);
    for (const run of await desk.ledger.runs({ limit: LIMIT })) {
      seen.runs.add(run.state);
      for (const { end } of await desk.ledger.runAttempts(run.id)) ends.add(end);
      for (const delivery of await desk.ledger.deliveries(run.id)) {
        seen.deliveries.add(delivery.state);
        purposes.add(delivery.purpose);
        for (const { end } of await desk.ledger.deliveryAttempts(delivery.id)) ends.add(end);
      }
    }
  }
  expect([...seen.runs].sort()).toEqual(Object.keys(RUN_STATES).sort());
  expect([...seen.deliveries].sort()).toEqual(Object.keys(DELIVERY_STATES).sort());
  expect([...ends].filter((end) => end !== null).sort()).toEqual(Object.keys(ENDS).sort());
  expect([...purposes].sort()).toEqual(["failed", "late", "report"]);
});

/** Records, so that the compiler asks for a state that is added. */
const RUN_STATES: Record<RunState, true> = {
  planned: true,
  running: true,
  waiting: true,
  delivering: true,
  delivered: true,
  skipped: true,
  missed: true,
  partly_failed: true,
  failed: true,
  cancelled: true,
  interrupted: true,
};
const DELIVERY_STATES: Record<DeliveryState, true> = {
  pending: true,
  sending: true,
  waiting: true,
  sent: true,
  refused: true,
  gave_up: true,
  unknown: true,
  unsubscribed: true,
  cancelled: true,
};
const ENDS: Record<AttemptEnd, true> = {
  done: true,
  sent: true,
  refused: true,
  again: true,
  unknown: true,
  held: true,
  handed_back: true,
  lost: true,
  unsubscribed: true,
  cancelled: true,
};

test("the list is aligned, the newest first; a remark that does not fit stands below its run", async () => {
  const desk = await servedDesk();
  const { ledger } = desk;
  await claim(ledger);
  await claim(ledger, { id: "run2", report: "daily", dueAt: at(-24 * 60 + 60), at: at(1) });
  await ledger.takeRun("run2", SERVICE, at(1));
  const postponed = {
    nextAt: at(5),
    reason: "Looker answered 503, Service Unavailable, to a request for the status of a query task.",
    advice: null,
    end: "again",
  } as const;
  await ledger.postponeRun({ id: "run2", attempt: 1 }, postponed, at(2));
  expect(await history(desk)).toBe(
    [
      "due                       report  run   state    rows",
      "Mon 2026-11-16 08:00 EST  weekly  run1  planned  –     for the next free worker",
      "Sun 2026-11-15 09:00 EST  daily   run2  waiting  –",
      "    Looker answered 503, Service Unavailable, to a request for the status of a query task; next try",
      "    08:05 (try 2 of 6)",
      "",
      "`lookpost history --run ID` shows a run in full, and what to do.",
      "",
    ].join("\n"),
  );
});

test("above the list stands which servers are not asked, which reports are paused, and that nobody serves", async () => {
  const desk = await openDesk();
  const { ledger } = desk;
  await claim(ledger);
  await ledger.saveCircuit({
    name: "slack https://slack.com/api/",
    failures: 7,
    since: at(2),
    openUntil: at(5),
    reason: "503.",
  });
  await ledger.saveCircuit({ name: "looker", failures: 5, since: at(-3000), openUntil: at(3), reason: null });
  await ledger.saveCircuit({
    name: "email smtp://127.0.0.1:9",
    failures: 2,
    since: at(2),
    openUntil: null,
    reason: "Refused.",
  });
  await ledger.pause("daily", null, at(-60));
  const text = await history(desk);
  expect(text).toContain("Slack has not answered since 08:02 (7 times); it is asked again at 08:05: 503.\n");
  expect(text).toContain(
    "Looker has not answered since Sat 06:00 (5 times); it is asked again with the next report",
  );
  expect(text).not.toContain("mail server");
  expect(text).toContain("daily has been paused since 07:00. `lookpost resume daily` ends the pause.\n");
  expect(flat(text)).toContain(
    "No service is running on this store. Unfinished runs wait until one is started",
  );
});

test("why a server is out is said above the list, and not again for each run that waits for it", async () => {
  const desk = await openDesk();
  const { ledger } = desk;
  const reason = "POST /login: nothing listens on looker.example.com (ECONNREFUSED).";
  const held = `Looker is out, and is left alone for a while: ${reason}`;
  await ledger.saveCircuit({ name: "looker", failures: 5, since: at(0), openUntil: at(5), reason });
  await claim(ledger);
  await ledger.takeRun("run1", "vm-1:41:s", at(0, 1));
  const postponed = { nextAt: at(5), reason: held, advice: null, end: "held" } as const;
  await ledger.postponeRun({ id: "run1", attempt: 1 }, postponed, at(0, 2));
  const text = flat(await history(desk));
  expect(text.split("ECONNREFUSED")).toHaveLength(2);
  expect(text).toContain("waiting – Looker is out; next try 08:05");
  expect(flat(await history(desk, { run: "run1" }))).toContain(`state waiting: ${held.slice(0, -1)}`);
});

test("a server that the file had before is not said to be out", async () => {
  const desk = await servedDesk();
  const out = { failures: 5, since: at(1), openUntil: at(6), reason: "Refused." };
  await desk.ledger.saveCircuit({ name: "email smtp://127.0.0.1:9", ...out });
  await desk.ledger.saveCircuit({ name: "email smtp://former.example.com:587", ...out });
  const text = await history(desk);
  expect(text).toContain("The mail server smtp://127.0.0.1:9 has not answered");
  expect(text).not.toContain("former.example.com");
});

test("a service that has fallen silent is told with how long ago it was heard", async () => {
  const desk = await openDesk();
  await desk.ledger.signIn(SERVICE, "service", at(2));
  await claim(desk.ledger);
  expect(flat(await history(desk))).toContain(
    "The service has given no sign of life for 2 min 0 s. Unfinished runs wait",
  );
});

test("with nothing in the ledger it says so, and a name that nobody knows is a slip", async () => {
  const desk = await openDesk();
  expect(await history(desk)).toBe("Nothing has run yet.\n");
  const asked = historyCommand("weakly", { config: desk.config, limit: LIMIT }, desk.io, NOW);
  await expect(asked).rejects.toMatchObject({ code: "config", message: expect.stringContaining('"weekly"') });
});

test("an unknown id is told, and the id of a delivery leads to its run", async () => {
  const desk = await servedDesk();
  await STANDINGS.find(({ name }) => name === "delivered")?.make(desk.ledger);
  const asked = (run: string) =>
    historyCommand(undefined, { config: desk.config, limit: LIMIT, run }, desk.io, NOW);
  await expect(asked("nope")).rejects.toMatchObject({
    code: "config",
    message: 'There is no run "nope" in the ledger.',
  });
  await expect(asked("mail1")).rejects.toMatchObject({ advice: "It is a delivery: its run is run1." });
});

test("a machine reads the same as lines of JSON, with --run each attempt too", async () => {
  const desk = await servedDesk();
  await STANDINGS.find(({ name }) => name === "given up")?.make(desk.ledger);
  await desk.ledger.saveCircuit({
    name: "email smtp://127.0.0.1:9",
    failures: 5,
    since: at(1),
    openUntil: at(6),
    reason: null,
  });
  const lines = (text: string) =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  expect(lines(await history(desk, { json: true }))).toMatchObject([
    { type: "circuit", name: "email smtp://127.0.0.1:9", failures: 5 },
    { type: "delivery", delivery: "mail1", purpose: "report", status: "gave_up", attempts: 2 },
    { type: "run", run: "run1", status: "failed", attempts: 1 },
  ]);
  expect(lines(await history(desk, { json: true, run: "run1" }))).toMatchObject([
    { type: "query", query: 1, task: "task1", rows: 49 },
    { type: "attempt", delivery: "mail1", attempt: 1, end: "again" },
    { type: "attempt", delivery: "mail1", attempt: 2 },
    { type: "delivery" },
    { type: "attempt", delivery: null, attempt: 1, end: "done" },
    { type: "run" },
  ]);
});
