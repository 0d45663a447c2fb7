import { spawnSync } from "node:child_process";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { strftime } from "../../src/template/date-format.ts";

const at = (text: string) => Temporal.ZonedDateTime.from(text);
const PYTHON = spawnSync("python3", ["--version"]).status === 0;

/** Every directive that C's strftime has in common with ours; %Z and %c differ by library. */
const FORMATS =
  "%Y %C %y %m %B %b %h %d %e %j %H %k %I %l %M %S %p %P %A %a %u %w %G %g %V %U %W %F %T %D %R %z %%".split(
    " ",
  );

test.skipIf(!PYTHON)(
  "every day of three years and every hour read as the C library writes them (needs python3)",
  () => {
    const moments = Array.from({ length: 1_200 }, (_, index) =>
      at("2024-12-20T00:07:09-05:00[America/New_York]").add({ hours: 19 * index }),
    );
    const program = `
import sys, json, datetime, zoneinfo
zone = zoneinfo.ZoneInfo("America/New_York")
moments, formats = json.load(sys.stdin)
print(json.dumps([[datetime.datetime.fromtimestamp(m, zone).strftime(f) for f in formats] for m in moments]))`;
    const input = JSON.stringify([moments.map(({ epochMilliseconds }) => epochMilliseconds / 1000), FORMATS]);
    const { stdout, stderr } = spawnSync("python3", ["-c", program], { input, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(moments.map((moment) => FORMATS.map((format) => strftime(moment, format)))).toEqual(
      JSON.parse(stdout),
    );
  },
);

test.each([
  ["%-d/%-m", "3/9"],
  ["%_d|%_m|%05d", " 3| 9|00003"],
  ["%^a %^B %#b", "THU SEPTEMBER SEP"],
  ["%-d%q", "3rd"],
  ["%:z %Z", "-04:00 EDT"],
  ["%d.%m.%Y um %H Uhr", "03.09.2026 um 00 Uhr"],
  ["100 %% %n|%t|", "100 % \n|\t|"],
  ["no date", "no date"],
])("%s is written as Ruby does", (format, expected) => {
  expect(strftime(at("2026-09-03T00:30:00-04:00[America/New_York]"), format)).toBe(expected);
});

test.each([
  [1, "st"],
  [2, "nd"],
  [3, "rd"],
  [4, "th"],
  [11, "th"],
  [12, "th"],
  [13, "th"],
  [21, "st"],
  [30, "th"],
  [31, "st"],
])("the %ith of a month ends with %s", (day, ending) => {
  expect(strftime(at("2026-10-01T12:00:00Z[UTC]").with({ day }), "%q")).toBe(ending);
});

test.each(["%Q", "%", "%é", "%1", "%-"])("%s is not a part of a date", (format) => {
  expect(() => strftime(at("2026-10-01T12:00:00Z[UTC]"), format)).toThrow("is not a part of a date");
});

test("the zone of the machine plays no part, also in the hour that its clocks skip", () => {
  const program = `
import { openFill } from ${JSON.stringify(new URL("../../src/template/fill.ts", import.meta.url).href)};
const report = { name: "a", title: "A", owner: null, description: null };
const run = { id: "r", dueAt: new Date("2026-03-08T02:30:00Z"), timezone: "UTC" };
console.log(openFill()("{{ run.due_at | date: '%F %T' }} {{ run.due_at }}", { report, run, results: null }, "line"));`;
  for (const TZ of ["America/New_York", "Pacific/Auckland", "UTC"]) {
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, TZ },
      encoding: "utf8",
    });
    expect(stdout.trim()).toBe("2026-03-08 02:30:00 2026-03-08T02:30:00+00:00");
  }
});
