import { fromMarkdown } from "mdast-util-from-markdown";
import { expect, test } from "vitest";
import type { ReportError } from "../../src/core/error.ts";
import { filled, type TemplateKpi, type TemplateValues } from "../../src/core/ports/template.ts";
import { openFill } from "../../src/template/fill.ts";

const fill = openFill();

const FLIGHTS: TemplateKpi = {
  value: "12,431",
  number: 12_431,
  direction: "up",
  change: "943",
  percent: "8.2%",
};

function values(
  more: { dueAt?: string; timezone?: string; kpi?: Record<string, TemplateKpi> } = {},
): TemplateValues {
  const {
    dueAt = "2026-11-16T13:00:00Z",
    timezone = "America/New_York",
    kpi = { "flights.count": FLIGHTS },
  } = more;
  return {
    report: { name: "weekly", title: "Weekly flights", owner: null, description: "For the board" },
    run: { id: "r-1", dueAt: new Date(dueAt), timezone },
    results: { rows: 12, kpi },
  };
}

function failure(text: string, given = values()): ReportError {
  try {
    fill(text, given, "line");
  } catch (thrown) {
    return thrown as ReportError;
  }
  throw new Error("it was filled");
}

test.each([
  [
    "{{ report.title }} ({{ report.name }}): {{ report.description }}",
    "Weekly flights (weekly): For the board",
  ],
  ["{{ run.id }} {{ run.zone }}", "r-1 America/New_York"],
  ["{{ run.due_at }}", "2026-11-16T08:00:00-05:00"],
  ["{{ run.date }}", "2026-11-16"],
  ["{{ run.due_at | date: '%d %B %Y, %H:%M %Z' }}", "16 November 2026, 08:00 EST"],
  ["Week {{ run.date | date: '%V' }} of {{ run.date | date: '%G' }}", "Week 47 of 2026"],
  ["{{ run.date | date: '%-d %b %y, %A, %F' }}", "16 Nov 26, Monday, 2026-11-16"],
  ["{{ rows }} rows, {{ kpi.flights.count }} flights", "12 rows, 12,431 flights"],
  ["{{ kpi.flights.count.direction }} {{ kpi.flights.count.percent }}", "up 8.2%"],
  ["{{ kpi['flights.count'].number | plus: 1 }}", "12432"],
  ["{{ kpi.flights.count | plus: 1 }}, {{ 2 | times: kpi.flights.count }}", "12432, 24862"],
  ["{{ '10' | divided_by: 4 }} {{ 7 | divided_by: 2, true }} {{ 2.5 | round }} {{ -3 | abs }}", "2.5 3 3 3"],
  ["{% if kpi.flights.count > 12000 %}many{% else %}few{% endif %}", "many"],
  ['{{ report.owner | default: "no owner" }}', "no owner"],
  ["{% if kpi.flights.count.number > 12000 %}many{% else %}few{% endif %}", "many"],
  ["{% if rows == 12 %}a dozen{% endif %}", "a dozen"],
  ["{{ run.due_at | looker_week }}", "2026-11-09 to 2026-11-16"],
  ["{{ run.date | looker_week: -1, week_start: 'sunday' }}", "2026-11-01 to 2026-11-08"],
  ["{{ run.due_at | days_ago: 7 }}", "2026-11-09"],
  ["{{ run.due_at | looker_days: 28 }}", "2026-10-19 to 2026-11-16"],
  ["{{ run.due_at | date: '%s' | minus: 86400 | date: '%F' }}", "2026-11-15"],
  ["no template", "no template"],
])("%s becomes %s", (text, expected) => {
  expect(fill(text, values(), "line")).toBe(expected);
});

test.each([
  [
    "{{ run.date | date: '%H:%M' }}",
    '"%H" asks for a time, and 2026-11-16 is a day without one',
    "run.due_at",
  ],
  ["{{ '2026-11-16' | date: '%c' }}", '"%c" asks for a time', "run.due_at"],
  ["{{ rows | times: 'x' }}", 'times: "x" is not a number', "rows"],
  ["{{ kpi.flights.count.percent | plus: 1 }}", 'plus: "8.2%" is not a number', "kpi.view.field"],
  ["{{ run.date | plus: 1 }}", 'plus: "2026-11-16" is not a number', "rows"],
  ["{{ report.owner | plus: 1 }}", "plus: there is no value to calculate with", "default"],
  ["{{ 1 | divided_by: 0 }}", "divided_by: nothing can be divided by 0", "{% if %}"],
  ["{{ rows | modulo: 0 }}", "modulo: nothing can be divided by 0", "{% if %}"],
  ["{{ rows | times }}", "times needs a number", "times: 2"],
])("%s cannot be filled: %s", (text, message, advice) => {
  const { message: said, advice: told } = failure(text);
  expect(said).toContain(message);
  expect(told).toContain(advice);
});

test.each([
  // Sunday there, Monday in UTC, and the other way round.
  ["2026-11-16T04:59:00Z", "America/New_York", "2026-11-15", "2026-11-02 to 2026-11-09"],
  ["2026-11-15T11:00:00Z", "Pacific/Auckland", "2026-11-16", "2026-11-09 to 2026-11-16"],
  // The nights the clocks change: 00:30 exists once, and what was a week ago is days, not hours.
  ["2026-11-01T04:30:00Z", "America/New_York", "2026-11-01", "2026-10-19 to 2026-10-26"],
  ["2026-03-29T00:30:00Z", "Europe/London", "2026-03-29", "2026-03-16 to 2026-03-23"],
  ["2026-03-30T23:30:00Z", "Europe/London", "2026-03-31", "2026-03-23 to 2026-03-30"],
  ["2026-12-31T23:30:00Z", "Asia/Kolkata", "2027-01-01", "2026-12-21 to 2026-12-28"],
])("a tick at %s in %s is of the day %s, and its last week is %s", (dueAt, timezone, date, week) => {
  const given = values({ dueAt, timezone });
  expect(fill("{{ run.date }}", given, "line")).toBe(date);
  expect(fill("{{ run.due_at | looker_week }}", given, "plain")).toBe(week);
  expect(fill("{{ run.date | looker_week }}", given, "plain")).toBe(week);
});

test("the ISO week of a day is that of its very day, all year round, in every zone", () => {
  for (const timezone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
    for (let day = 0; day < 800; day += 5) {
      const dueAt = new Date(Date.UTC(2025, 11, 1 + day, 10, 30)).toISOString();
      const given = values({ dueAt, timezone });
      const [date = "", week] = fill("{{ run.date }} {{ run.date | date: '%V' }}", given, "line").split(" ");
      // The week of a day is that of its Thursday, counted from the year's first day (ISO 8601, 2.2.10).
      const thursday = new Date(`${date}T00:00:00Z`);
      thursday.setUTCDate(thursday.getUTCDate() + 3 - ((thursday.getUTCDay() + 6) % 7));
      const firstDay = Date.UTC(thursday.getUTCFullYear(), 0, 1);
      expect(week).toBe(
        String(Math.floor((thursday.getTime() - firstDay) / 604_800_000) + 1).padStart(2, "0"),
      );
    }
});

const HOSTILE = [
  "*bold* _it_ `code` [x](https://evil.example)",
  "<script>alert(1)</script>",
  "<!channel> & <@U1>",
  "# heading",
  "- item",
  "+ item",
  "1. item",
  "12) item",
  "> quote",
  "===",
  "---",
  "    code",
  "a\n\n# b",
  "![](https://evil.example/x.png)",
  "\\*not\\*",
  "| a | b |\n|---|---|",
  "~~~\ncode",
  "&lt;b&gt; &#42;",
  "{{ run.id }}",
  "https://example.com/a_b_c",
];

test.each(HOSTILE)("in Markdown the value %j is the words it is, and nothing else", (value) => {
  const kpi = { "flights.count": { ...FLIGHTS, value } };
  for (const text of [
    "{{ kpi.flights.count }}",
    "Flights: {{ kpi.flights.count }}!",
    "Flights\n{{ kpi.flights.count }}",
  ]) {
    const tree = fromMarkdown(fill(text, values({ kpi }), "markdown"));
    expect(tree.children.map(({ type }) => type)).toEqual(["paragraph"]);
    const [paragraph] = tree.children;
    const inner = paragraph?.type === "paragraph" ? paragraph.children : [];
    expect(inner.map(({ type }) => type)).toEqual(["text"]);
    const words = inner.map((one) => (one.type === "text" ? one.value : "")).join("");
    expect(words.replaceAll(/\s+/g, " ")).toContain(value.replaceAll(/\s+/g, " ").trim());
  }
});

test("markup of the author's own stays markup around a value", () => {
  expect(fill("**{{ kpi.flights.count }}** flights", values(), "markdown")).toBe("**12,431** flights");
});

test("a heading is one line without control characters, whatever a value contains", () => {
  const value = "a\r\nBcc: eve@example.com\u0000\u202Eb\u2028c \ud800";
  const kpi = { "flights.count": { ...FLIGHTS, value } };
  const subject = fill("  {{ kpi.flights.count }}\n  now  ", values({ kpi }), "line");
  expect(subject).toBe("a Bcc: eve@example.com b c \ufffd now");
});

test("a text of several lines keeps them, and no null byte", () => {
  const kpi = { "flights.count": { ...FLIGHTS, value: "a\u0000b" } };
  expect(fill("Hello,\n\n{{ kpi.flights.count }}", values({ kpi }), "plain")).toBe("Hello,\n\nab");
});

test("a value that looks like a template is not filled once more", () => {
  const kpi = { "flights.count": { ...FLIGHTS, value: "{{ run.id }}{% if x %}" } };
  expect(fill("{{ kpi.flights.count }}", values({ kpi }), "line")).toBe("{{ run.id }}{% if x %}");
});

test.each([
  ["{{ run.day }}", '"run.day" is not known'],
  ["{{ kpi.flights.delay }}", '"kpi.flights.delay" is not known'],
  ["{{ constructor }}", '"constructor" is not known'],
  ["{{ __proto__ }}", '"__proto__" is not known'],
  ["{{ run.constructor.name }}", '"run.constructor" is not known'],
  ["{{ run.due_at.__proto__ }}", '"run.due_at.__proto__" is not known'],
  ["{{ kpi.flights.count.constructor }}", '"kpi.flights.count.constructor" is not known'],
  ["{{ 1 | constructor }}", 'there is no filter "constructor"'],
  ["{% constructor %}", 'there is no tag "constructor"'],
  ["{% include '/etc/passwd' %}", 'there is no tag "include"'],
  ["{% render 'x' %}", 'there is no tag "render"'],
  ["{% layout 'x' %}", 'there is no tag "layout"'],
  ["{{ kpi }}", '"kpi" is not a value by itself'],
  ["{{ report.owner }}", "it comes out empty"],
  ["{{ 'now' | date: '%F' }}", '"now" is not a date here'],
  ["{{ run.date | date: '%Q' }}", '"%Q" is not a part of a date'],
  ["{{ run.date | looker_month: week_start: 'monday' }}", "week_start is for looker_week"],
  ["{% for i in (1..100000000) %}x{% endfor %}", "the template does too much"],
  [
    "{% for i in (1..5000) %}{% for j in (1..5000) %}{{ j }}{% endfor %}{% endfor %}",
    "the template does too much",
  ],
])("%s is refused in words: %s", (text, message) => {
  const error = failure(text);
  expect(error).toMatchObject({ name: "ReportError", code: "config", retryable: false });
  expect(error.message).toContain(message);
  expect(error.message).not.toContain("line:");
  expect(error.advice).not.toBe("");
});

test("a template that doubles itself, or is a book, is refused", () => {
  const doubling = "{% assign s = s | append: s %}".repeat(40);
  expect(failure(`{% assign s = "xxxxxxxx" %}${doubling}{{ s }}`).message).toContain("does too much");
  const long = `{% for i in (1..1000) %}${"x".repeat(1_000)}{% endfor %}`;
  expect(failure(long).message).toContain("it comes out longer than 100000 characters");
  const error = failure(`{{ run.id }}${"x".repeat(30_000)}`);
  expect(error.message).toContain("it has more than 20000 characters");
  expect(error.message.length).toBeLessThan(200);
});

test("before Looker has answered, rows and kpi are not known", () => {
  expect(failure("{{ rows }}", { ...values(), results: null }).message).toContain('"rows" is not known');
});

test("a field called like a thing that objects inherit is a field", () => {
  const kpi = { "constructor.toString": FLIGHTS, "__proto__.count": FLIGHTS, hasOwnProperty: FLIGHTS };
  const given = values({ kpi });
  expect(fill("{{ kpi.constructor.toString }} {{ kpi.hasOwnProperty }}", given, "line")).toBe(
    "12,431 12,431",
  );
  expect(fill("{{ kpi['__proto__.count'] }}", given, "line")).toBe("12,431");
});

test("of a report each text is filled in its own form, at its own time", () => {
  const report = {
    title: "{{ run.date }}",
    sections: [
      {
        title: "{{ run.date }}",
        text: "{{ kpi.flights.count }}",
        filters: { "a.b": "{{ run.date }}" },
        source: { options: { dynamic_fields: "{{ x }}" } },
      },
    ],
    deliver: [{ options: { subject: "{{ rows }}\n", filename: "{{ rows }}" } }],
  };
  const kpi = { "flights.count": { ...FLIGHTS, value: "*1*" } };
  const early = filled(report, "early", (text, form) => fill(text, values({ kpi }), form));
  expect(early).toMatchObject({
    title: "2026-11-16",
    sections: [{ text: "{{ kpi.flights.count }}", filters: { "a.b": "2026-11-16" } }],
  });
  const late = filled(early, "late", (text, form) => fill(text, values({ kpi }), form));
  expect(late).toMatchObject({
    sections: [{ text: "\\*1\\*", source: { options: { dynamic_fields: "{{ x }}" } } }],
    deliver: [{ options: { subject: "12", filename: "12" } }],
  });
});
