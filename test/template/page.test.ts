import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openFill } from "../../src/template/fill.ts";
import { FILTERS } from "../../src/template/filters.ts";
import { FIGURE_NAMES, REPORT_NAMES, RUN_NAMES } from "../../src/template/scope.ts";

const page = readFileSync(new URL("../../docs/digests.md", import.meta.url), "utf8");
const fill = openFill();
const values = {
  report: { name: "weekly", title: "Weekly", owner: null, description: null },
  run: { id: "r", dueAt: new Date("2026-11-16T13:00:00Z"), timezone: "America/New_York" },
  results: null,
};

test("the page names every name and every filter of a template", () => {
  const names = [...REPORT_NAMES.map((name) => `report.${name}`), ...RUN_NAMES.map((name) => `run.${name}`)];
  const missing = [...names, ...FILTERS].filter((name) => !page.includes(`\`${name}`));
  expect(missing).toEqual([]);
  expect(FIGURE_NAMES.filter((name) => !page.includes(`.${name}\``))).toEqual([]);
});

/** Rows such as "| `looker_week: -1` | one earlier, `2026-11-02 to 2026-11-09`; …". */
const EXAMPLES = [...page.matchAll(/^\| (`(?:looker_|days_ago|date)[^|]*) \| ([^|]*) \|$/gm)].flatMap(
  ([, filters = "", results = ""]) => {
    const written = [...filters.matchAll(/`([^`]+)`/g)].map(([, filter = ""]) => filter);
    const told = [...results.matchAll(/`(\d[^`]*\d{2,})`/g)].map(([, result = ""]) => result);
    return written.map((filter, index): [string, string | undefined] => [filter, told[index]]);
  },
);

test.each(EXAMPLES)("the page is right about %s: %s", (filter, result) => {
  expect(fill(`{{ run.due_at | ${filter} }}`, values, "plain")).toBe(result);
});

test("the page has an example of each period", () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(10);
});
