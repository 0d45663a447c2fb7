import { expect, test } from "vitest";
import { HEAD, problemsOf, read, withReport } from "../file.ts";

/** The one section of a report with these lines in the short form. */
function sectionOf(lines: string) {
  const { config, problems } = read(withReport(lines));
  expect(problems).toEqual([]);
  return config?.reports[0]?.sections[0];
}

test.each([
  ["", { kind: "table", highlight: [] }],
  [
    'highlight: { a.rate: "> 5%", a.state: "= late", a.count: "!= 0" }',
    {
      kind: "table",
      highlight: [
        { field: "a.rate", when: { operator: ">", operand: 0.05, isPercent: true } },
        { field: "a.state", when: { operator: "=", operand: "late" } },
        { field: "a.count", when: { operator: "!=", operand: 0 } },
      ],
    },
  ],
  ["show: none", { kind: "none" }],
  ["show: image", { kind: "image", width: 480, height: 320 }],
  ["show: image\nwidth: 800\nheight: 400", { kind: "image", width: 800, height: 400 }],
  ["show: changes\nkey: a.code", { kind: "changes", key: ["a.code"] }],
  ["show: changes\nkey: [a.code, a.day]", { kind: "changes", key: ["a.code", "a.day"] }],
  ["kpi: a.count", { kind: "kpi", field: "a.count", compare: "previous", partial: "hide", history: null }],
  [
    "show: kpi\nkpi: a.count\ncompare: year",
    { kind: "kpi", field: "a.count", compare: "year", partial: "hide", history: null },
  ],
  [
    "kpi: a.count\npartial: show",
    { kind: "kpi", field: "a.count", compare: "previous", partial: "show", history: null },
  ],
  [
    "kpi: a.count\nhistory: { query: saved, date: a.day, value: a.count }",
    {
      kind: "kpi",
      field: "a.count",
      compare: "previous",
      partial: "hide",
      history: { source: { kind: "query", options: "saved" }, date: "a.day", value: "a.count" },
    },
  ],
  [
    "chart: { mark: line, x: a.day, y: a.count }",
    { kind: "chart", chart: { kind: "fields", mark: "line", x: "a.day", y: ["a.count"], color: null } },
  ],
  [
    "show: chart\nchart: { mark: bar, x: a.day, y: [a.count, a.rate], color: a.name }",
    {
      kind: "chart",
      chart: { kind: "fields", mark: "bar", x: "a.day", y: ["a.count", "a.rate"], color: "a.name" },
    },
  ],
  [
    'vega_lite: { mark: bar, encoding: { x: { field: "{{ not ours }}" } } }',
    {
      kind: "chart",
      chart: { kind: "vega_lite", spec: { mark: "bar", encoding: { x: { field: "{{ not ours }}" } } } },
    },
  ],
])("%j is shown as it says", (lines, show) => {
  expect(sectionOf(lines)?.show).toEqual(show);
});

test("a section has words and files of its own", () => {
  const { config, problems } = read(
    withReport(`sections:
  - look: 1
    text: "**{{ rows }}** rows."
    attach: [xlsx, { csv: { filename: "rows-{{ run.date }}.csv" } }]
  - { dashboard: 7, attach: pdf, show: image }`),
  );
  expect(problems).toEqual([]);
  expect(config?.reports[0]?.sections).toMatchObject([
    {
      text: "**{{ rows }}** rows.",
      attach: [
        { kind: "xlsx", options: {} },
        { kind: "csv", options: { bom: false, raw: false, filename: "rows-{{ run.date }}.csv" } },
      ],
    },
    {
      source: { kind: "dashboard", options: 7 },
      attach: [{ kind: "pdf", options: {} }],
      show: { kind: "image" },
    },
  ]);
});

test("the same format twice is two files where its options differ", () => {
  const text = withReport(
    "limit: -1\ndeliver: [{ email: ops@example.com, attach: [csv, { csv: { raw: true } }] }]",
  );
  expect(problemsOf(text)).toEqual([]);
});

test("links lead where the report says, then where the file does", () => {
  const head = `${HEAD.replace("looker: {", "looker: { embed: { models: [faa] },")}server: { port: 8080, url: https://reports.example.com }\ndefaults: { link: embed }\n`;
  expect(read(withReport("", head)).config?.reports[0]?.link).toBe("embed");
  expect(read(withReport("link: none", head)).config?.reports[0]?.link).toBe("none");
});

test("what is missing for links that open a session is named, and nothing else", () => {
  const head = `${HEAD.replace("looker: {", "looker: { embed: { models: [faa] },")}server: 8080\n`;
  expect(problemsOf(withReport("link: embed", head))).toEqual(["8:11 link: embed needs server.url"]);
});

test("templates stay as they are written, for the run to fill", () => {
  const { config, problems } = read(
    withReport(`title: "Week {{ run.date | date: '%V' }}"
kpi: a.count
filters: { a.day: "{{ run.due_at | looker_week }}" }
deliver:
  - email: { to: ops@example.com, subject: "{{ kpi.a.count }} of {{ rows }}", message: "{{ kpi.a.count.percent }}" }
on_failure: { email: { to: ops@example.com, subject: "{{ report.title }} is missing" } }`),
  );
  expect(problems).toEqual([]);
  expect(config?.reports[0]).toMatchObject({
    title: "Week {{ run.date | date: '%V' }}",
    sections: [{ filters: { "a.day": "{{ run.due_at | looker_week }}" } }],
    deliver: [{ destination: { options: { subject: "{{ kpi.a.count }} of {{ rows }}" } } }],
  });
});

test("what Looker and Vega-Lite write between braces is theirs", () => {
  const text = withReport(
    'query: { model: a, explore: b, fields: [a.c], dynamic_fields: "[{{ x }}]" }\nvega_lite: { title: "{{ y }}" }',
  );
  expect(problemsOf(text)).toEqual([]);
});

test("a mistake in a template is shown at its own characters, also behind a reference and in a block", () => {
  const places = problemsOf(
    withReport(
      `title: "\${PORT}: {{ repot.name }}"
owner: Data
sections:
  - look: 1
    text: >-
      Folded words
      with {{ rowz }} in them
  - look: 2
    text: |
      One line.
      {{ run.day }} and {{ run.dayy }}`,
    ),
  );
  // A text that reads otherwise than it is written is shown whole.
  expect(places).toEqual([
    '7:12 "repot" is not known',
    '11:15 "rowz" is not known',
    '17:14 "run.day" is not known',
    '17:32 "run.dayy" is not known',
  ]);
});
