import { writeFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { checkCommand } from "../../../src/commands/lookup/check.ts";
import { nextCommand } from "../../../src/commands/lookup/next.ts";
import { clockChanges, scheduleNotes } from "../../../src/commands/lookup/schedule-notes.ts";
import { openDesk } from "../house.ts";

const reports = (...crons: string[]) =>
  crons.map((cron, index) => ({ name: `r${index}`, schedule: { cron, timezone: "UTC" } }));

test("crontabs that name both days are listed, with how they are read", () => {
  const notes = scheduleNotes(reports("0 8 1 * mon", "0 8 */2 * mon", "0 8 1 * ?", "0 8 L * mon#1"), []);
  expect(notes).toEqual([
    expect.stringMatching(
      /either is enough, as in cron: r0 \(0 8 1 \* mon\), r3 \(0 8 L \* mon#1\)\. .*mon#1/,
    ),
  ]);
  const many = scheduleNotes(reports(...Array.from({ length: 9 }, () => "0 8 1 * mon")), []);
  expect(many[0]).toContain("and 4 more.");
});

test.each([
  ["    schedule: 0 8 * * mon #1", "0 8 * * mon", "first", "0 8 * * mon#1"],
  ["  - schedule: 0 8 * * 5 # 2", "0 8 * * 5", "second", "0 8 * * 5#2"],
  ['      cron: "0 8 * * fri"\t#3  ', "0 8 * * fri", "third", "0 8 * * fri#3"],
])("a week that YAML takes for a comment is warned of: %s", (line, crontab, ordinal, meant) => {
  const [note, ...others] = scheduleNotes([], [{ file: "r.yaml", text: `a: 1\n${line}\nb: 2\n` }]);
  expect(note).toContain("r.yaml:2: note: the # begins a comment");
  expect(note).toContain(`"${crontab}", every week`);
  expect(note).toContain(`the ${ordinal} of a month, write "${meant}"`);
  expect(others).toEqual([]);
});

test.each([
  "schedule: 0 8 * * mon # every week",
  'schedule: "0 8 * * mon#1"',
  "title: 1 2 3 4 5 #1",
  "schedule: 0 8 1 * * #1",
])("other comments are not: %s", (line) =>
  expect(scheduleNotes([], [{ file: "r.yaml", text: line }])).toEqual([]),
);

test("each change of the clock in the reports' zones is said, with what it does to ticks", () => {
  const zones = ["America/New_York", "UTC", "Australia/Lord_Howe", "America/New_York"];
  const all = zones.map((timezone) => ({ schedule: { cron: "0 2 * * *", timezone } }));
  const changes = clockChanges(all, new Date("2026-03-01T00:00:00Z"), new Date("2026-11-30T00:00:00Z"));
  expect(changes).toEqual([
    "The clocks of America/New_York change: Sun 2026-03-08 01:59 EST is followed by Sun 2026-03-08 03:00 EDT; ticks at the times skipped come at 03:00, once.",
    "The clocks of America/New_York change: Sun 2026-11-01 01:59 EDT is followed by Sun 2026-11-01 01:00 EST; ticks in the hours repeated come once, the first time; where the hours follow * or a step, each time.",
    expect.stringContaining("Sun 2026-04-05 01:59 GMT+11 is followed by Sun 2026-04-05 01:30 GMT+10:30"),
    expect.stringContaining("ticks at the times skipped come at 02:30, once."),
  ]);
});

test("check says both, and finds no mistake in them", async () => {
  const desk = await openDesk();
  writeFileSync(
    desk.config,
    `version: 1
looker: { base_url: "https://looker.example.com", client_id: "\${ID}", client_secret: "\${SECRET}" }
defaults: { timezone: America/New_York }
reports:
  both:
    schedule: 0 8 1 * mon
    look: 42
    deliver: [{ file: out }]
  hidden:
    schedule: 0 8 * * mon #1
    look: 42
    deliver: [{ file: out }]
`,
  );
  expect(await checkCommand(desk.config, {}, desk.io)).toBe(0);
  expect(desk.err()).toContain("either is enough, as in cron: both (0 8 1 * mon).");
  expect(desk.err()).toContain(`${desk.config}:10: note: the # begins a comment`);
});

test("next says which changes of the clock lie between the ticks", async () => {
  const desk = await openDesk();
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-03-07T12:00:00Z") });
  try {
    expect(await nextCommand("daily", { config: desk.config, days: 2 }, desk.io)).toBe(0);
  } finally {
    vi.useRealTimers();
  }
  expect(desk.err()).toContain("The clocks of America/New_York change: Sun 2026-03-08 01:59 EST");
});
