import { expect, test } from "vitest";
import { formatProblems } from "../../src/config/index.ts";
import { HEAD, problemsOf, read, withReport } from "./file.ts";
import { env } from "./language.ts";

const DAY_MS = 86_400_000;

test("the short form becomes a whole report, every default filled in", () => {
  const { config, problems } = read(withReport("deliver: [{ email: ops@example.com, attach: csv }]"));
  expect(problems).toEqual([]);
  expect(config?.reports).toEqual([
    {
      name: "weekly",
      title: "Weekly",
      owner: null,
      description: null,
      link: "looker",
      hasLead: true,
      schedule: { cron: "0 8 * * mon", timezone: "UTC" },
      timeoutMs: 1_800_000,
      timeoutFrom: "tries",
      resultBytesMax: 2_000_000_000,
      sendIf: "always",
      sections: [
        {
          title: null,
          text: null,
          source: { kind: "look", options: 42 },
          filters: {},
          limit: null,
          asInLooker: true,
          rowsShown: 50,
          show: { kind: "table", highlight: [] },
          wording: {
            labels: {},
            unit: { own: null, byField: {} },
            noun: { own: null, byField: {} },
            better: { own: null, byField: {} },
          },
          attach: [],
        },
      ],
      deliver: [
        {
          destination: { kind: "email", options: { to: ["ops@example.com"] } },
          attach: [{ kind: "csv", options: { bom: false, raw: false } }],
        },
      ],
      catchUp: "latest",
      retry: { triesMax: 6, overMs: 7_200_000 },
      onUnknown: "hold",
      onFailure: [],
      expectBy: null,
    },
  ]);
  expect(config).toMatchObject({
    store: { kind: "file", directory: "./data" },
    keep: { historyMs: 400 * DAY_MS, filesMs: 7 * DAY_MS },
    heartbeat: null,
    server: null,
    fonts: [],
  });
  expect(config?.connections.slack).toEqual({ token: "xoxb-hidden-value" });
});

test("a section's own words come before those of the file, field by field", () => {
  const { config, problems } = read(
    withReport(
      "unit: min\nnoun: { carriers.name: carriers }\nbetter: { flights.delay: up }\nlead: none",
      `${HEAD}defaults:
  labels: { flights.delay: Delay }
  unit: { flights.count: flights }
  better: { flights.delay: down, flights.count: up }
`,
    ),
  );
  expect(problems).toEqual([]);
  expect(config?.reports[0]?.hasLead).toBe(false);
  expect(config?.reports[0]?.sections[0]?.wording).toEqual({
    labels: { "flights.delay": "Delay" },
    unit: { own: "min", byField: { "flights.count": "flights" } },
    noun: { own: null, byField: { "carriers.name": "carriers" } },
    better: { own: null, byField: { "flights.delay": "up", "flights.count": "up" } },
  });
});

test("a report says it first, then the file's defaults, then lookpost", () => {
  const head = `${HEAD}store: file:/data\ndefaults: { timezone: US/Eastern, timeout: 45s, max_result: 500MB, send_if: has_results, rows: 7 }\n`;
  const ofDefaults = read(withReport("", head)).config;
  expect(ofDefaults?.store.directory).toBe("/data");
  expect(ofDefaults?.reports[0]).toMatchObject({
    schedule: { timezone: "US/Eastern" },
    timeoutMs: 45_000,
    timeoutFrom: "tick",
    resultBytesMax: 500_000_000,
    sendIf: "has_results",
    sections: [{ rowsShown: 7 }],
  });
  const own = withReport(
    "schedule: { cron: 0  8 * * mon, timezone: europe/london }\ntimezone: Asia/Tokyo\ntimeout: 2h\nmax_result: 1.5 GiB\nsend_if: no_results\nrows: 9",
    head,
  );
  expect(read(own).config?.reports[0]).toMatchObject({
    schedule: { cron: "0 8 * * mon", timezone: "Europe/London" },
    timeoutMs: 7_200_000,
    timeoutFrom: "tick",
    resultBytesMax: 1_610_612_736,
    sendIf: "no_results",
    sections: [{ rowsShown: 9 }],
  });
});

test("sections keep their order, and their filters win over the report's", () => {
  const { config } = read(
    withReport(`filters: { a.day: last week, a.code: AA }
sections:
  - title: One
    query: { model: faa, explore: flights, fields: [a.count] }
    filters: { a.day: today }
    limit: -1
    show: none
  - look: "43"`),
  );
  expect(config?.reports[0]?.sections).toMatchObject([
    {
      title: "One",
      source: { kind: "query" },
      filters: { "a.day": "today", "a.code": "AA" },
      limit: -1,
      show: { kind: "none" },
    },
    {
      title: null,
      source: { kind: "look", options: "43" },
      filters: { "a.day": "last week", "a.code": "AA" },
    },
  ]);
});

test("filter values are text as they are written, whatever YAML takes them for", () => {
  const { config } = read(
    withReport(
      'filters: { zip: 04210, rate: 1.50, big: 12345678901234567890, is_on: true, word: on, time: 08:00, any: "" }',
    ),
  );
  expect(config?.reports[0]?.sections[0]?.filters).toEqual({
    zip: "04210",
    rate: "1.50",
    big: "12345678901234567890",
    is_on: "true",
    word: "on",
    time: "08:00",
    any: "",
  });
});

test("a bad report says nothing against the good ones around it", () => {
  const text = `${withReport("limit: many")}  monthly: { schedule: "0 8 1 * *", look: 43, deliver: [{ slack: "#ops" }] }\n`;
  const { config, problems } = read(text);
  expect(config?.reports.map(({ name }) => name)).toEqual(["monthly"]);
  expect(problems).toMatchObject([
    { report: "weekly", line: 7, column: 12, path: ["reports", "weekly", "limit"] },
  ]);
});

test("a file whose connections are wrong cannot be used, and its reports are checked all the same", () => {
  const { config, problems } = read(withReport("limit: many", HEAD.replace("email:", "e_mail:")));
  expect(config).toBeNull();
  expect(problems.map(({ message }) => message)).toEqual([
    'unknown key "e_mail"',
    "limit has to be a whole number, or -1 for all rows; it is text",
    'email needs the "email" block, which is missing',
  ]);
});

test("the environment can replace a block that says so", () => {
  const text = withReport("", HEAD.replace(/looker:.*\n/, ""));
  expect(problemsOf(text)).toEqual(['1:1 there is no "looker" block']);
  const { config, problems } = read(text, { LOOKER_BASE_URL: "looker.example.com" });
  expect(problems).toEqual([]);
  expect(config?.connections.looker).toBeUndefined();
});

test("a destination may do without a block", () => {
  const head = HEAD.replace(/(email|slack):.*\n/g, "");
  const text = withReport("deliver: [{ folder: ./out/ }]\non_failure: { folder: ./failed/ }", head);
  const { config, problems } = read(text);
  expect(problems).toEqual([]);
  expect(config?.reports[0]).toMatchObject({
    deliver: [{ destination: { kind: "folder", options: "./out/" } }],
    onFailure: [{ destination: { kind: "folder", options: "./failed/" } }],
  });
});

test("references bring numbers and switches where they are wanted, and never YAML", () => {
  const head = HEAD.replace("looker: {", 'looker: { port: "${PORT}",');
  const text = withReport(
    'title: "${TITLE}"\nlimit: ${ROWS:-20}\ndeliver: [{ email: ops@example.com, attach: [{ csv: { bom: "${BOM}" } }] }]',
    head,
  );
  const { config, problems } = read(text, { TITLE: "a: {b: [1]} # ${PORT} *x", BOM: "true" });
  expect(problems).toEqual([]);
  expect(config?.connections.looker?.port).toBe(19_999);
  expect(config?.reports[0]).toMatchObject({
    title: "a: {b: [1]} # ${PORT} *x",
    sections: [{ limit: 20 }],
    deliver: [{ attach: [{ options: { bom: true } }] }],
  });
});

test("secrets are collected: whole values, and of a URL its password in both spellings", () => {
  const text = withReport("", HEAD.replace("${SLACK_BOT_TOKEN}", "${file:/run/secrets/slack}"));
  expect(read(text).config?.secrets).toEqual([
    "looker-hidden-value",
    "p%40ssword",
    "p@ssword",
    "smtps://reports:p%40ssword@mail.example.com:465",
    "xoxb-from-a-file",
  ]);
});

test.each([
  ["smtp://127.0.0.1:2525", 0],
  ["smtps://reports@mail.example.com", 0],
  ["smtps://reports:${PORT}@mail.example.com", 0],
  ["${UNSET:-smtp://127.0.0.1:2525}", 0],
  ["${UNSET:-smtp://a:hunter2@127.0.0.1}", 1],
  ["smtps://reports:hunter2${PORT}@mail.example.com", 1],
  ["smtps://reports:hunter/2#x@mail.example.com", 1],
  ["reports:hunter2@mail.example.com", 1],
])("a mail server written as %s is refused %i times for its password, which is not shown", (url, times) => {
  const text = withReport(
    "",
    HEAD.replace("${SMTP_URL}", () => url),
  );
  expect(formatProblems(read(text).problems, { color: false })).not.toContain("hunter");
  expect(problemsOf(text)).toEqual(Array(times).fill("3:16 the password in this URL is written in the file"));
});

test("a path leads to its place; what is not in the file leads to what is above it, or to its top", () => {
  const { config } = read(withReport("deliver:\n  - email: { to: [ops@example.com, ana@example.com] }"));
  const line = (...path: (string | number)[]) => {
    const place = config?.locate({ message: "", advice: null, path });
    return place ? `${place.line}:${place.column}` : null;
  };
  expect(line("reports", "weekly", "deliver", 0, "email", "to", 1)).toBe("8:40");
  expect(line("reports", "weekly", "look")).toBe("10:11");
  expect(line("reports", "weekly", "sections", 0, "look")).toBe("10:11");
  expect(line("reports", "weekly", "deliver", 0, "email", "cc")).toBe("8:9");
  expect(line("reports", "daily", "look")).toBe("5:1");
  expect(line("nothing")).toBe("1:1");
});

test("a file beyond the limit is refused before it is read", () => {
  const { config, problems } = read(`# ${"x".repeat(32_000_000)}\n`);
  expect(config).toBeNull();
  expect(problems.map(({ message }) => message)).toEqual(["the file is 32 MB; at most 32 MB are read"]);
  expect(problems[0]?.excerpt.length).toBeLessThan(400);
});

test("names of reports may be numbers, and keep the file's order", () => {
  const report = '{ schedule: "0 8 * * *", look: 1, deliver: [{ slack: "#ops" }] }';
  const { config } = read(`${HEAD}reports:\n  zulu: ${report}\n  2026: ${report}\n`);
  expect(config?.reports.map(({ name }) => name)).toEqual(["zulu", "2026"]);
});

test("a key called __proto__ is an unknown key like any other", () => {
  expect(problemsOf(withReport("__proto__: { limit: 1 }"))).toEqual(['7:5 unknown key "__proto__"']);
});

test("problems come in the order of the file, as compilers print them, with a count", () => {
  const text = withReport(
    "limit: many\nsections: [{ look: 1, rows: 0 }]",
    HEAD.replace("version: 1", "version: 2"),
  );
  expect(formatProblems(read(text).problems, { color: false })).toMatchInlineSnapshot(`
    "reports.yaml:1:10: this lookpost reads version 1 of the language only: write version: 1
      1 | version: 2
        |          ^

    reports.yaml:7:5: report "weekly": "limit" does not go with "sections"
      7 |     limit: many
        |     ^^^^^
      Move it into the section it belongs to.

    reports.yaml:8:33: report "weekly", section 1: rows has to be a whole number from 1 to 500 (show: none shows no rows); it is 0
      8 |     sections: [{ look: 1, rows: 0 }]
        |                                 ^
      How many rows the message shows, up to 500; attached files have them all.

    3 problems, in 1 report and outside the reports.
    "
  `);
  expect(formatProblems([], { color: false })).toBe("");
});

test("colours only add to the text", () => {
  const { problems } = read(withReport("limit: many"));
  const plain = formatProblems(problems, { color: false });
  const coloured = formatProblems(problems, { color: true });
  expect(coloured).not.toBe(plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours.
  expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(plain);
});

test("a problem that is found later is shown without secrets too, wherever its words come from", () => {
  const { config } = read(withReport(""));
  const words = `Slack says no to ${env.SLACK_BOT_TOKEN}`;
  const told = "Slack says no to [hidden]";
  for (const path of [["slack"], ["nothing"]])
    expect(config?.locate({ message: words, advice: words, path })).toMatchObject({
      message: told,
      advice: told,
      path,
      report: null,
    });
});
