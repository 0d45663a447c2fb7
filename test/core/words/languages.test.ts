import { expect, test } from "vitest";
import { LOCALES } from "../../../src/core/words/locale.ts";
import { type Phrases, phrasesIn } from "../../../src/core/words/phrases.ts";
import { dueDate, freshness } from "../../../src/render/words/words.ts";
import { message, routes, section } from "../../render/sample.ts";
import { SENTENCES, type Sentences } from "./sentences.ts";

const DAY = { day: 1, month: 1, year: 2026 };
const at = (month: number, day: number) => ({ ...DAY, month, day });
const SPOKEN = { ...at(11, 16), hour: 8, minute: 0, second: 0 };
const RECORD = { side: "highest", count: 8, unit: "week" } as const;
const UP = { direction: "up", by: "1,204", percent: "8.2%" } as const;
const WEEKS = { count: "12", unit: { name: "week", written: "weeks" } } as const;

/** What each of `SENTENCES` is of. */
const SAID: Readonly<Record<keyof Sentences, (phrases: Phrases) => string>> = {
  period: ({ dates }) => dates.period({ kind: "days", from: at(11, 9), to: at(11, 15) }),
  periodAcrossMonths: ({ dates }) => dates.period({ kind: "days", from: at(10, 26), to: at(11, 15) }),
  week: ({ dates }) => dates.word({ at: SPOKEN, grain: "week", iso: "2026-11-16" }, 2026).name,
  quarter: ({ dates }) =>
    dates.word({ at: { ...SPOKEN, month: 8 }, grain: "quarter", iso: "2026-Q3" }, 2026).name,
  lead: ({ figures }) => {
    const first = figures.leadMoved(
      { label: "Flights", value: "1,637", record: RECORD, isFirst: true },
      "up",
      "2.5%",
    );
    const leader = {
      label: "Delay",
      name: "Denver",
      value: "24.1",
      side: "worst",
      isPlace: true,
      isFirst: false,
    } as const;
    return `${first}${figures.leadJoin}${figures.leads(leader)}${figures.leadEnd}`;
  },
  chip: ({ figures }) => `${figures.direction.up} 2.5%, ${figures.same}, ${figures.soFar}`,
  was: ({ figures }) => figures.was("14,683", figures.before("week"), "better"),
  change: ({ figures }) => figures.change(UP, "14,683", figures.before("week"), "worse"),
  past: ({ figures }) => figures.pastLines({ count: 12, unit: "week" }, 1),
  soFar: ({ dates, figures }) => figures.partial("X", dates.soFar({ done: 2, all: 7 })),
  cut: ({ tables }) =>
    tables.ordered(tables.rows({ shown: 8, all: 1_246, isExact: true, noun: null }), {
      kind: "highest",
      label: "Average delay",
    }),
  limit: ({ tables }) => tables.rows({ shown: 50, all: 5_000, isExact: false, noun: null }),
  rest: ({ tables }) => tables.rest({ holds: "rows", rows: 12_431, how: "attached", files: [] }),
  changes: ({ tables }) => tables.changes({ added: 1, gone: 0, moved: 3 }, 46, "X"),
  due: ({ frame, locale }) => frame.due(dueDate({ ...message([]).run, locale })),
  ran: ({ locale }) => {
    const { run } = message([]);
    const [data] = [section("A", routes(1)).data].flatMap((one) => one ?? []);
    return data === undefined ? "" : freshness(data, { ...run, locale });
  },
  unsubscribe: ({ frame }) => {
    const every = frame.every({ kind: "weekly", days: [1], times: ["07:00"] }, "GMT");
    return `${frame.whyYouGetIt(every, "ops@example.com")}|${frame.stop}`;
  },
  filter: ({ filters }) =>
    filters.sentence("Created", filters.date({ kind: "last", span: WEEKS, isComplete: true })),
  texts: ({ filters }) =>
    filters.sentence("Status", filters.text([["is", ["a", "b"]]], [["contains", ["c"]]])),
  more: ({ numbers }) => numbers.listed(["ana", "ben", "cy"], 2),
  duration: ({ numbers }) => numbers.duration(83_000),
};

for (const locale of LOCALES)
  test(`the sentences of ${locale}`, () => {
    const said = Object.fromEntries(
      Object.entries(SAID).map(([name, say]) => [name, say(phrasesIn(locale))]),
    );
    expect(said).toEqual(SENTENCES[locale]);
  });

/** What a phrase may be called with; those that take something else are in the table above or in the messages below. */
const ARGUMENTS: readonly (readonly unknown[])[] = [
  ["A", "B", true, "D"],
  [2, 3, "C", 4, true],
  ["A", 2, 3, "D"],
  [["A", "B"], 2],
  ["A", null, "C"],
  ["A", ["B"], 2],
  ["A", "B", ["C"], 2, ["D"]],
];

/** All that a subject's phrases say, as far as they take texts and numbers. */
function saidBy(phrases: object): string[] {
  return Object.values(phrases).flatMap((phrase: unknown) => {
    if (typeof phrase === "string") return [phrase];
    if (typeof phrase === "object" && phrase !== null) return saidBy(phrase);
    if (typeof phrase !== "function") return [];
    return ARGUMENTS.flatMap((given) => {
      try {
        const said: unknown = phrase(...given);
        return typeof said === "string" ? [said] : [];
      } catch {
        return [];
      }
    });
  });
}

const BREAKS = / [:;?!%»]|« /;

test("no line of French begins with its punctuation", () => {
  const phrases = phrasesIn("fr");
  const said = [...saidBy(phrases), ...Object.values(SAID).map((say) => say(phrases))];
  expect(said.length).toBeGreaterThan(300);
  expect(said.filter((words) => BREAKS.test(words))).toEqual([]);
});

test("Japanese has no half-width punctuation of sentences, and no space between its words", () => {
  const said = [...saidBy(phrasesIn("ja")), ...Object.values(SAID).map((say) => say(phrasesIn("ja")))];
  const kana = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]";
  const wrong = new RegExp(`${kana}[,.:;?!(] ?|${kana} ${kana}|[。、：] `, "u");
  expect(said.filter((words) => wrong.test(words) && !words.startsWith("増加"))).toEqual([]);
});
