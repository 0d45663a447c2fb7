import { expect, test } from "vitest";
import type { Message } from "../../../src/core/model/message.ts";
import type { Kpi } from "../../../src/core/model/show.ts";
import { LOCALES, type Locale } from "../../../src/core/words/locale.ts";
import { renderMail } from "../../../src/render/mail/mail.ts";
import { pageHtml } from "../../../src/render/page/page.ts";
import { renderSlack } from "../../../src/render/slack/slack.ts";
import { LINTED } from "../../look/samples.ts";
import { artifact, message, number, routes, section, table } from "../../render/sample.ts";

/* Words of ours in English, which a message in another language may not have outside of what it is given. */

const FIXED = [
  "Open in Looker",
  "Due",
  "Run by",
  "From Looker’s cache",
  "rows?",
  "attached",
  "Attached",
  "Files?",
  "To download",
  "compared with",
  "week before",
  "See all",
  "See more",
  "sent by",
  "run",
  "Report",
  "You get this",
  "worse",
  "better",
  "so far",
  "No rows",
  "no rows",
  "and",
  "of all rows",
  "of",
  "more",
  "up",
  "down",
  "unchanged",
  "Questions",
  "Totals",
  "Subtotals?",
  "Marked",
  "New",
  "Gone",
  "Moved",
  "until",
  "Stop this mail",
  "highest",
  "lowest",
  "Note",
  "Picture",
];
const ANY = new RegExp(`(?<![\\p{L}\\p{N}_.@-])(?:${FIXED.join("|")})(?![\\p{L}\\p{N}_@-])`, "gu");

/** Names that are given, and values that say what kind something is. */
const KINDS = new Set([
  "key",
  "kind",
  "purpose",
  "direction",
  "side",
  "unit",
  "before",
  "better",
  "operator",
  "mark",
  "how",
  "holds",
]);

/** The same message, in which no text of its own is in English: "Flights and delays" -> "Flights ~ delays". */
function wordless<T>(of: T, name = ""): T {
  if (typeof of === "string") {
    if (KINDS.has(name)) return of;
    return of.replaceAll(ANY, "~") as T;
  }
  if (Array.isArray(of)) return of.map((item) => wordless(item, name)) as T;
  if (typeof of !== "object" || of === null || of instanceof Date) return of;
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, wordless(value, key)])) as T;
}

const ROUTES = routes(60);
const CHANGE = { absolute: "1,204", percent: "8.2%", from: "14,683", against: "~" } as const;
const kpi = (title: string, more: Partial<Kpi>) =>
  section(title, routes(3), {
    show: {
      kind: "kpi",
      kpi: {
        label: title,
        value: "15,887",
        of: null,
        change: null,
        withoutChange: null,
        sparkline: null,
        points: [],
        ...more,
      },
    },
  });

/** What the samples do not have: a figure that is not over, verdicts, a first row, rows that are cut, totals, files, filters, old data. */
const EVERY_STATE: Message = message(
  [
    kpi("Flights", {
      change: { ...CHANGE, direction: "up", before: "week" },
      better: "up",
      period: "~",
      span: { count: 12, unit: "week" },
      record: { side: "highest", count: 12, unit: "week" },
    }),
    kpi("Delay", { change: { ...CHANGE, direction: "down", before: "month" }, better: "up" }),
    kpi("Breaches", { change: { ...CHANGE, direction: "level", before: "year" } }),
    kpi("Bookings", { isPartial: true }),
    section(
      "Routes",
      {
        ...ROUTES,
        rowCount: 5_000,
        rowCountIsExact: false,
        subtotals: [{ after: 2, cells: ROUTES.rows[0] ?? [] }],
      },
      {
        rowsShown: 8,
        ranAt: "2026-11-15T13:00:41.000Z",
        fromCache: true,
        filters: ["a", "b"],
        order: { kind: "highest", label: "Measure 1" },
        show: {
          kind: "table",
          emphasis: [{ column: 1, when: { operator: ">", operand: 0 } }],
          leader: { label: "Measure 1", name: "ATL", value: "7", side: "worst", isPlace: true },
        },
      },
    ),
    section("None", table([], [])),
    section("Totals", table([], [], { totals: [number(1)] })),
  ],
  { artifacts: Array.from({ length: 40 }, (_, index) => artifact(`routes-${index}.csv`, 5_000)) },
);
const READER = {
  recipient: "ops@example.com",
  stopHref: "https://lookpost.example.com/u/1",
  askAddress: "ana@example.com",
};

/** What a reader sees or hears of a page: its text, and what its pictures and marks are called. */
function readable(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, "")
    .replace(
      /<[^>]*>/g,
      (tag) =>
        [...tag.matchAll(/(?:alt|aria-label|title)="([^"]*)"/g)].map(([, words]) => ` ${words} `).join("") ||
        " ",
    );
}

/** All texts of Slack's blocks, without what names the kind of each. */
function texts(block: unknown, name = ""): string[] {
  if (typeof block === "string")
    return ["type", "style", "block_id", "action_id"].includes(name) ? [] : [block];
  if (typeof block !== "object" || block === null) return [];
  return Object.entries(block).flatMap(([key, value]) => texts(value, Array.isArray(block) ? name : key));
}

function rendered(given: Message, locale: Locale): Record<string, string> {
  const localized = { ...given, run: { ...given.run, locale } };
  const { html, text } = renderMail(localized, undefined, READER);
  const { text: spoken, blocks } = renderSlack(localized);
  const page = [...pageHtml(localized, [], () => "")].join("");
  return { html: readable(html), text, slack: [spoken, ...texts(blocks)].join("\n"), page: readable(page) };
}

// Two hundred columns have no words of ours that others lack.
const { wide: _, ...FEWER } = LINTED;
const REPORTS = Object.entries({ ...FEWER, everyState: EVERY_STATE }).flatMap(([sample, given]) =>
  given.purpose === "report" ? [{ sample, given: wordless(given) }] : [],
);

for (const locale of LOCALES.filter((one) => one !== "en"))
  test(`a message in ${locale} has no English words of ours`, () => {
    const leaks = REPORTS.flatMap(({ sample, given }) =>
      Object.entries(rendered(given, locale)).flatMap(([where, text]) =>
        [...text.matchAll(ANY)].map(
          ({ index }) => `${sample}, ${where}: ${text.slice(Math.max(0, index - 30), index + 40)}`,
        ),
      ),
    );
    expect(leaks).toEqual([]);
  });

test("the messages have all of these words in English", () => {
  const all = REPORTS.flatMap(({ given }) => Object.values(rendered(given, "en"))).join("\n");
  const found = new Set([...all.matchAll(ANY)].map(([words]) => words));
  const isFound = (words: string) => [...found].some((one) => new RegExp(`^${words}$`).test(one));
  expect(FIXED.filter((words) => !isFound(words))).toEqual([]);
});

test("a message in French has no plain space ahead of its punctuation", () => {
  const { text = "", slack = "" } = rendered(wordless(EVERY_STATE), "fr");
  expect([...`${text}\n${slack}`.matchAll(/.*(?:\S [:;?!%»]|« ).*/g)].map(([line]) => line)).toEqual([]);
});

test("Japanese names its language and its faces, and others are as they were", () => {
  const given = (locale: Locale) => ({ ...EVERY_STATE, run: { ...EVERY_STATE.run, locale } });
  for (const html of [renderMail(given("ja")).html, [...pageHtml(given("ja"), [], () => "")].join("")]) {
    expect(html).toContain('<html lang="ja" dir="ltr">');
    expect(html).toMatch(/Hiragino Sans.+Yu Gothic.+Meiryo,sans-serif/);
  }
  expect(renderMail(given("de")).html).not.toContain("Hiragino");
});
