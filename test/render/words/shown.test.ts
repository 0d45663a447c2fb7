import { expect, test } from "vitest";
import type { Table } from "../../../src/core/model/table.ts";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { renderMail } from "../../../src/render/mail/mail.ts";
import { renderSlack } from "../../../src/render/slack/slack.ts";
import { hasData, shownSentences, totalLabel } from "../../../src/render/words/shown.ts";
import { artifact, column, message, NULL, number, routes, section, table, text } from "../sample.ts";

const pivot = (more: Partial<Table> = {}) =>
  table(
    [column("Region"), column("Orders", true, ["A"]), column("Orders", true, ["B"])],
    [
      [text("North"), number(1), number(2)],
      [text("South"), number(3), number(4)],
    ],
    { pivotLabels: ["Status"], ...more },
  );

function sentences(of: Table, rows: number): string {
  const one = section("Orders", of);
  if (!hasData(one)) throw new Error("The section has no data.");
  const file = artifact("orders.csv", 2);
  const whole = message([one], { artifacts: [file] });
  return shownSentences(one, whole, { rows, columns: of.columns.length }).join(" ");
}

test("columns that Looker left out are told, and no file is said to have them", () => {
  expect(sentences(pivot({ columnsCut: { limit: 2, isCertain: true } }), 1)).toBe(
    "1 of 2 rows. The query’s column limit is 2: Looker has more columns of Status, and left them out. All that Looker returned is attached.",
  );
  expect(sentences(pivot({ columnsCut: { limit: 2, isCertain: false } }), 2)).toBe(
    "The query’s column limit is 2, so there may be more columns of Status.",
  );
  expect(sentences(pivot(), 1)).toBe("1 of 2 rows. The full data is attached.");
});

test("files are named once: by the list at a body's end, or in the sentence where there is no such list", () => {
  const one = section("Orders", pivot());
  if (!hasData(one)) throw new Error("The section has no data.");
  const artifacts = ["a.csv", "b.csv"].map((name) => artifact(name, 2, { section: 0 }));
  const whole = message([one], { artifacts });
  const shown = { rows: 1, columns: 3 };
  expect(shownSentences(one, whole, shown).at(-1)).toBe("The full data is attached.");
  expect(shownSentences(one, whole, shown, false).at(-1)).toBe("The full data is attached: a.csv and b.csv.");
  const { html, text: plain } = renderMail(whole);
  expect([html.split("a.csv").length, plain.split("a.csv").length]).toEqual([2, 2]);
  expect(JSON.stringify(renderSlack(whole).blocks).split("a.csv")).toHaveLength(2);
});

const totals = [NULL, number(10), number(20)];

test("a total says that it is of all rows where some are not shown, or Looker has more", () => {
  const whole = pivot({ totals });
  expect(totalLabel(whole, 2, ENGLISH)).toBe("Total");
  expect(totalLabel(whole, 1, ENGLISH)).toBe("Total of all rows in Looker");
  expect(totalLabel(pivot({ totals, rowCountIsExact: false }), 2, ENGLISH)).toBe(
    "Total of all rows in Looker",
  );
});

test("in every body, also where the row has no room for its name", () => {
  const cut = pivot({ totals, rowCountIsExact: false });
  const { html, text: plain } = renderMail(message([section("Orders", cut)]));
  expect(html).toContain("Total of all rows in Looker");
  expect(plain).toContain("\nTotal: all rows in Looker\n");
  expect(JSON.stringify(renderSlack(message([section("Orders", cut)])).blocks)).toContain(
    "Totals of all rows in Looker: Orders – A 10",
  );
  const numbers = table([column("Orders", true)], [[number(1)], [number(2)]], {
    totals: [number(30)],
    rowCountIsExact: false,
  });
  expect(sentences(numbers, 2)).toContain("The totals are of all rows in Looker.");
});

test("of rows that are cut it is said which they are, in email, text and Slack alike", () => {
  const order = { kind: "highest", label: "Average delay" } as const;
  const of = (rowCount: number, more = {}) =>
    message([section("Airports", { ...routes(8), rowCount, ...more }, { order, noun: "airports" })]);
  const said = (rowCount: number, more = {}) => {
    const made = of(rowCount, more);
    const { html, text: plain } = renderMail(made);
    return [html, plain.replace(/\n/g, " "), JSON.stringify(renderSlack(made).blocks)];
  };
  for (const body of said(46)) expect(body).toContain("8 of 46 airports, highest average delay first.");
  for (const body of said(8, { rowCountIsExact: false }))
    expect(body).toContain("The first 8 airports, highest average delay first.");
  for (const body of said(8)) expect(body).not.toContain("highest");
});

test.each([
  ["newest", "Week", "newest first"],
  ["most", "Flights", "most flights first"],
  ["lowest", "SLA breaches", "lowest SLA breaches first"],
  ["ascending", "Carrier", "by carrier"],
  ["descending", "Carrier", "by carrier, descending"],
] as const)("an order of %s by %s is called %j", (kind, label, words) => {
  expect(ENGLISH.tables.ordered("8 of 46 rows", { kind, label })).toBe(`8 of 46 rows, ${words}`);
});
