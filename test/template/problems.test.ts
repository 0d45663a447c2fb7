import { expect, test } from "vitest";
import type { TemplateOrder } from "../../src/core/ports/template.ts";
import { openFill } from "../../src/template/fill.ts";
import { templateProblems } from "../../src/template/problems.ts";

function order(text: string, more: Partial<TemplateOrder> = {}): TemplateOrder {
  return { text, stage: "late", form: "line", kpis: ["flights.count", "late_share"], without: null, ...more };
}

/** The characters that each problem is shown at, its message and its advice. */
function told(text: string, more: Partial<TemplateOrder> = {}): string[] {
  return templateProblems(order(text, more)).map(
    ({ message, advice, range }) =>
      `${typeof range === "object" && "text" in range ? text.slice(...range.range) : ""}: ${message}. ${advice ?? ""}`,
  );
}

const GOOD = [
  "{{ report.name }} {{ report.title }} {{ report.owner }} {{ report.description }}",
  "{{ run.id }} {{ run.due_at }} {{ run.date }} {{ run.zone }}",
  "{{ rows }} {{ kpi.flights.count }} {{ kpi.flights.count.change }} {{ kpi.late_share.percent }}",
  "{{ kpi['flights.count'].number | times: 2 | round }} {{ kpi.flights['count'].direction }}",
  "{% if kpi.flights.count.direction == 'up' %}more{% elsif rows > 3 %}some{% else %}less{% endif %}",
  "{% assign week = run.date | date: '%V' %}{{ week }}{% capture x %}{{ rows }}{% endcapture %}{{ x }}",
  "{% for i in (1..3) %}{{ i }}{{ forloop.index }}{% endfor %}{% raw %}{{ anything }}{% endraw %}",
  "{% case kpi.flights.count.direction %}{% when 'up' %}x{% endcase %}{% comment %}{{ nothing }}{% endcomment %}",
  "{{ run.due_at | looker_week: -1, week_start: 'sunday' }}{{ run.date | looker_days: 7 }}{{ run.date | days_ago: 1 }}",
  "{{ run.date | looker_day }}{{ run.date | looker_month: -12 }}{{ run.date | looker_quarter }}{{ run.date | looker_year }}",
];

test.each(GOOD)("%s is right", (text) => {
  expect(told(text)).toEqual([]);
});

test("what is right here can be filled, in every form", () => {
  const fill = openFill();
  const kpi = { value: "1", number: 1, direction: null, change: null, percent: null };
  const values = {
    report: { name: "a", title: "A", owner: "o", description: "d" },
    run: { id: "r", dueAt: new Date("2026-03-29T01:30:00Z"), timezone: "Europe/London" },
    results: { rows: 0, kpi: { "flights.count": kpi, late_share: kpi } },
  };
  for (const text of GOOD)
    for (const form of ["line", "plain", "markdown"] as const)
      expect(fill(`${text}.`, values, form)).not.toContain("{{ r");
});

test.each([
  ["{{ repot.name }}", 'repot.name: "repot" is not known. Did you mean "report"?'],
  ["a\n  {{ run.daet }}", 'run.daet: "run.daet" is not known. Did you mean "run.date"?'],
  ["{{ run.date.year }}", 'run.date.year: there is nothing below "run.date". Write run.date.'],
  ["{{ x }}", 'x: "x" is not known. Known here: report, run, rows, kpi.'],
  ["{{ rows.count }}", 'rows.count: "rows.count" is not known. There is nothing below it.'],
  [
    "{{ kpi.flights.cuont }}",
    'kpi.flights.cuont: no section shows flights.cuont as a KPI. Did you mean "flights.count"? Or give a section kpi: flights.cuont.',
  ],
  [
    "{{ kpi.flights.count.delta }}",
    'kpi.flights.count.delta: "kpi.flights.count.delta" is not known. Known here: kpi.flights.count.change, kpi.flights.count.percent, kpi.flights.count.direction, kpi.flights.count.number.',
  ],
  [
    "{{ kpi }}",
    'kpi: "kpi" is not a value by itself. Name what is below it: kpi.flights.count, kpi.late_share.',
  ],
  [
    "{{ each.name }}",
    'each.name: "each" is not supported by this version. It needs for_each, which is planned. Leave it out.',
  ],
  [
    "{{ run.date | looker_weak }}",
    '{{ run.date | looker_weak }}: there is no filter "looker_weak". Did you mean "looker_week" or "looker_weeks" or "looker_year"?',
  ],
  ["{{ run.date | json }}", '{{ run.date | json }}: there is no filter "json". Name the value itself.'],
  ["{% include 'x' %}", `{% include 'x' %}: there is no tag "include". A template cannot read other files.`],
  [
    "{% endif %}",
    "{% endif %}: {% endif %} does not belong to anything. Remove it, or write what it ends before it.",
  ],
  ["Hello {{ run.date", "{{ run.date: {{ run.date is not closed. Write }} after it."],
  ["{% if rows", "{% if rows: {% if rows is not closed. Write %} after it."],
  [
    "{% if rows %}x",
    "{% if rows %}: {% if rows %} is not closed. Write {% endif %} after what it applies to.",
  ],
  [
    "{{ 'today' | date: '%F' }}",
    `{{ 'today' | date: '%F' }}: "today" is not a date here. A run speaks of its tick, however late it is: write run.due_at or run.date.`,
  ],
  [
    "{{ run.date | looker_days }}",
    "{{ run.date | looker_days }}: looker_days needs a number of days. Write it after a colon, as in looker_days: 28.",
  ],
  [
    "{{ run.date | looker_week: weekstart: 'sunday' }}",
    `{{ run.date | looker_week: weekstart: 'sunday' }}: looker_week does not take "weekstart". Known here: week_start.`,
  ],
  [
    "{{ run.date | looker_week: 1, 2 }}",
    "{{ run.date | looker_week: 1, 2 }}: looker_week takes one number, not 2. Write looker_week: 1.",
  ],
  [
    "{{ report.name | looker_week }}",
    '{{ report.name | looker_week }}: "report" is not a date here. Write run.due_at, run.date, or a date as 2026-11-16.',
  ],
])("%s: what is wrong, where, and what to write", (text, expected) => {
  expect(told(text)).toEqual([expected]);
});

test("every unknown name is a problem, not just the first", () => {
  expect(told("{{ a }} {% if b %}{{ rows }}{% endif %} {{ run.date | append: c }}")).toHaveLength(3);
});

test("a text that is filled before Looker is asked has no results", () => {
  const late = "only known once Looker has answered. Use it in subject, message, text or filename.";
  expect(told("{{ rows }}", { stage: "early" })).toEqual([`rows: "rows" is ${late}`]);
  expect(told("{{ kpi.flights.count }}", { stage: "early" })).toEqual([
    `kpi.flights.count: "kpi" is ${late}`,
  ]);
  expect(told("{{ x }}", { stage: "early" })).toEqual(['x: "x" is not known. Known here: report, run.']);
});

test("some texts know less: a title itself, a notice no figure", () => {
  expect(told("{{ report.title }}", { without: "title" })).toEqual([
    "report.title: a title cannot name itself. Write its words, or report.name.",
  ]);
  expect(told("{{ kpi.flights.count }}", { without: "kpi" })).toHaveLength(1);
  expect(told("{{ report.title }}, {{ rows }}", { without: "kpi" })).toEqual([]);
});

test("what would use up the machine is refused before it is sent anywhere", () => {
  expect(told("{% for i in (1..100000000) %}x{% endfor %}")[0]).toContain("the template does too much");
  expect(told("x".repeat(30_000))[0]).toContain("it has more than 20000 characters");
});

test.each([
  ["{{ run.date | date: '%H' }}", '"%H" asks for a time, and 2026-11-16 is a day without one.'],
  ["{{ kpi.flights.count.change | plus: 1 }}", 'plus: "1,204" is not a number.'],
  ["{{ kpi.flights.count.number | divided_by: 0 }}", "divided_by: nothing can be divided by 0."],
  ["{{ rows | times: 'x' }}", 'times: "x" is not a number.'],
])("%s is a problem before it is filled", (text, expected) => {
  expect(told(text).join()).toContain(expected);
});

test("a heading made only of a missing value is a problem, and one with a default or other words is not", () => {
  const report = { owner: null, description: null };
  expect(told("{{ report.description }}", { report }).join()).toContain("it comes out empty");
  expect(told("{{ report.owner | plus: 1 }}", { report }).join()).toContain(
    "there is no value to calculate with",
  );
  expect(told('{{ report.owner | default: "x" }}', { report })).toEqual([]);
  expect(told("For {{ report.owner }}", { report })).toEqual([]);
  expect(told("{{ report.description }}", { report: { ...report, description: "Words" } })).toEqual([]);
  expect(told("{{ report.description }}")).toEqual([]);
});
