import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nextCommand } from "../../../src/commands/lookup/next.ts";
import { pauseCommand, resumeCommand } from "../../../src/commands/mend/pause.ts";
import { healthCommand } from "../../../src/commands/service/health.ts";
import { SERVICE } from "../history/states.ts";
import { type Desk, flat, openDesk } from "../house.ts";

const LEAP = `version: 1
looker: { base_url: "https://looker.example.com", client_id: "\${ID}", client_secret: "\${SECRET}" }
email: { smtp: "\${SMTP}", from: reports@example.com }
reports:
  leap: { schedule: { cron: "0 8 29 2 *", timezone: UTC }, look: 42, deliver: [{ email: ops@example.com }] }
`;

const pause = (desk: Desk, options: { reason?: string; json?: boolean } = {}, report = "weekly") =>
  pauseCommand(report, { config: desk.config, ...options }, desk.io);
const resume = (desk: Desk, options: { json?: boolean } = {}) =>
  resumeCommand("weekly", { config: desk.config, ...options }, desk.io);
const next = (desk: Desk, json = false) =>
  nextCommand(undefined, { config: desk.config, days: 7, json }, desk.io);

test("a paused report says so, with the reason and the way back", async () => {
  const desk = await openDesk();
  expect(await pause(desk, { reason: "new model on its way." })).toBe(0);
  expect(desk.out()).toBe(
    "weekly is paused (new model on its way): its ticks are skipped until `lookpost resume weekly`. Runs under way continue.\n",
  );
  expect(await desk.ledger.plans()).toMatchObject([
    { report: "weekly", pausedAt: expect.any(Date), pauseReason: "new model on its way." },
  ]);
});

test("a second pause changes nothing and says since when", async () => {
  const desk = await openDesk();
  await pause(desk, { reason: "holidays" });
  expect(await pause(desk, { reason: "other" })).toBe(0);
  expect(desk.out()).toMatch(
    /It was already paused: weekly has been paused since \d\d:\d\d: holidays\. `lookpost resume weekly`/,
  );
});

test("next counts the days that it looks ahead as one would say it", async () => {
  const desk = await openDesk(LEAP);
  for (const days of [1, 2]) await nextCommand(undefined, { config: desk.config, days }, desk.io);
  const said = desk.err().replaceAll(/^Which reports are paused is read from the ledger .*\n/gm, "");
  expect(said).toBe("No ticks within 1 day: leap.\nNo ticks within 2 days: leap.\n");
});

test("resume prints the next tick, and that nobody hears it while no service runs", async () => {
  const desk = await openDesk();
  await pause(desk);
  expect(await resume(desk)).toBe(0);
  expect(desk.out()).toMatch(
    /\nweekly is resumed: its next tick is Mon \d{4}-\d\d-\d\d 08:00 E[SD]T \(\d{4}-\d\d-\d\d 1[23]:00Z\)\.\n$/,
  );
  expect(desk.err()).toMatch(
    /^(In the ledger .*ledger\.sqlite\n)+No service is running on this store\. Ticks need a running service: `lookpost start`\.\n$/,
  );
  const [plan] = await desk.ledger.plans();
  expect(plan?.pausedAt).toBeNull();
});

test("resume of a report that is not paused says so", async () => {
  const desk = await openDesk();
  await desk.ledger.signIn(SERVICE, "service", new Date());
  expect(await resume(desk)).toBe(0);
  expect(desk.out()).toMatch(/^weekly is not paused: its next tick is Mon /);
  expect(desk.err()).toMatch(/^In the ledger .*ledger\.sqlite\n$/);
});

test("a machine hears whether anything changed", async () => {
  const desk = await openDesk();
  await pause(desk, { json: true, reason: "holidays" });
  await pause(desk, { json: true });
  await resume(desk, { json: true });
  const lines = desk
    .out()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { type: "pause", report: "weekly", reason: "holidays", changed: true },
    { type: "pause", changed: false, reason: "holidays" },
    { type: "resume", nextAt: expect.stringMatching(/T1[23]:00:00\.000Z$/), changed: true },
  ]);
});

test("a report that is not in the file is a slip", async () => {
  const desk = await openDesk();
  await expect(pause(desk, {}, "weakly")).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining('Did you mean "weekly"?'),
  });
});

test("next marks the ticks of a paused report", async () => {
  const desk = await openDesk();
  await pause(desk, { reason: "holidays" });
  const before = desk.out().length;
  expect(await next(desk)).toBe(0);
  const table = desk.out().slice(before);
  expect(table.match(/^.* weekly {2}paused$/gm)).toHaveLength(1);
  expect(table.match(/^.* daily$/gm)).toHaveLength(7);
  expect(flat(desk.err())).toMatch(
    /weekly has been paused since \d\d:\d\d: holidays\. `lookpost resume weekly` ends the pause\./,
  );
  await next(desk, true);
  const lines = desk
    .out()
    .slice(before + table.length)
    .trim()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line)).filter(({ paused }) => paused)).toMatchObject([
    { report: "weekly" },
  ]);
});

test("next shows the schedules though there is no ledger, and makes none", async () => {
  const desk = await openDesk();
  const data = join(desk.folder, "data");
  rmSync(data, { recursive: true });
  expect(await next(desk)).toBe(0);
  expect(desk.out()).toMatch(/weekly/);
  expect(existsSync(data)).toBe(false);
});

test("health tells whether a service beats", async () => {
  const desk = await openDesk();
  const health = () => healthCommand({ config: desk.config }, desk.io);
  expect(await health()).toBe(1);
  expect(desk.err()).toMatch(/^No service is running on this store\. Its ledger: .*\/ledger\.sqlite\n$/);
  await desk.ledger.signIn(SERVICE, "service", new Date(Date.now() - 60_000));
  expect(await health()).toBe(1);
  expect(desk.err()).toMatch(/The service has given no sign of life for 1 min 0 s\. Its ledger: .*\n$/);
  await desk.ledger.beat(SERVICE, new Date());
  expect(await health()).toBe(0);
  expect(desk.out()).toMatch(/^The service is alive\. Its ledger: .*\/ledger\.sqlite\n$/);
});
