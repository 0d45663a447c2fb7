import { expect, test } from "vitest";
import type { Kpi } from "../../../src/core/model/show.ts";
import { renderMail } from "../../../src/render/mail/mail.ts";
import { renderSlack } from "../../../src/render/slack/slack.ts";
import { leadText } from "../../../src/render/words/lead.ts";
import { message, notice, number, routes, section, table } from "../sample.ts";

function figure(title: string, kpi: Partial<Kpi>) {
  const bare = { label: title, of: null, withoutChange: null, sparkline: null, points: [] };
  return section(title, routes(1), {
    show: { kind: "kpi", kpi: { value: "7", change: null, ...bare, ...kpi } },
  });
}

const change = (direction: "up" | "down" | "level", brief: string) =>
  ({ direction, absolute: brief, percent: brief, from: "1", against: "before", brief }) as const;

const FLIGHTS = figure("Flights", {
  value: "1,637",
  change: change("up", "2.5%"),
  record: { side: "highest", count: 12, unit: "week" },
});

test("the lead says how the first three figures moved, and their records", () => {
  const sections = [
    FLIGHTS,
    figure("Average delay", { value: "4.7", unit: "min", change: change("down", "34%") }),
    figure("SLA breaches", { value: "12", change: change("level", "0") }),
    figure("A fourth", { value: "9", change: change("up", "1") }),
  ];
  expect(leadText(message(sections))).toBe(
    "Flights up 2.5% to 1,637, the highest in twelve weeks; average delay down 34% to 4.7\u00a0min; SLA breaches unchanged at 12.",
  );
});

test("a part of a week is said to be one", () => {
  const sections = [FLIGHTS, figure("Bookings", { value: "462", isPartial: true })];
  expect(leadText(message(sections))).toMatch(/; bookings so far at 462\.$/);
});

const DELAYS = section("Delay by city", routes(3), {
  show: {
    kind: "table",
    emphasis: [],
    leader: {
      label: "Average delay",
      name: "Denver",
      value: "24.1",
      unit: "min",
      side: "worst",
      isPlace: true,
    },
  },
});

test("the first table that has a leader says which, after the figures, in place of a third of them", () => {
  const told = "average delay worst in Denver at 24.1\u00a0min.";
  expect(leadText(message([FLIGHTS, DELAYS]))).toBe(
    `Flights up 2.5% to 1,637, the highest in twelve weeks; ${told}`,
  );
  const second = figure("Cost", { value: "$4", change: change("up", "$1") });
  const third = figure("Bookings", { value: "9", change: change("up", "1") });
  const lead = leadText(message([FLIGHTS, second, third, DELAYS, DELAYS]));
  expect(lead).toMatch(/; cost up \$1 to \$4; average delay worst in Denver at 24\.1\u00a0min\.$/);
  expect(leadText(message([DELAYS]))).toBe(`A${told.slice(1)}`);
  expect(leadText({ ...message([DELAYS]), hasLead: false })).toBe("");
});

test("what is no place is not said to be one, and foreign letters are isolated", () => {
  const leader = { label: "Flights", name: "דלתא", value: "7", side: "highest", isPlace: false } as const;
  const carriers = section("Carriers", routes(3), { show: { kind: "table", emphasis: [], leader } });
  expect(leadText(message([carriers]))).toBe("Flights highest for \u2068דלתא\u2069 at 7.");
});

test("whose a figure is, is said where its title does not say it", () => {
  const own = { value: "321", change: change("up", "2.5%"), whom: "Delta" };
  expect(leadText(message([figure("Flights", own)]))).toBe("Flights (Delta) up 2.5% to 321.");
  expect(leadText(message([figure("Flights of Delta", own)]))).toBe("Flights of Delta up 2.5% to 321.");
});

test("letters written from right to left turn none of the words around them, in any output", () => {
  const sections = [figure("טיסות", { value: "7", unit: "דקות", change: change("up", "2.5%") })];
  const lead = "\u2068טיסות\u2069 up 2.5% to \u20687\u00a0דקות\u2069.";
  expect(leadText(message(sections))).toBe(lead);
  const { html, text } = renderMail(message(sections));
  expect(text).toContain(lead);
  expect(html).toContain(`overflow:hidden;mso-hide:all">${lead}`);
  expect(html).toContain("<bdi>\u2068טיסות\u2069</bdi> up 2.5% to <b");
  const post = renderSlack(message(sections));
  expect(post.text).toContain(lead);
  expect(JSON.stringify(post.blocks)).toContain('{"type":"text","text":" up 2.5% to "}');
});

test.each([
  ["the report wants none", message([FLIGHTS], { hasLead: false })],
  ["no figure has moved", message([figure("Flights", {}), figure("Delays", {})])],
  ["a figure has no value", message([figure("Flights", { value: "", change: change("up", "1") })])],
  ["there is no figure", message([section("A", table([], [[number(1)]]))])],
  ["it is a notice", notice()],
])("there is no lead where %s", (_, of) => {
  expect(leadText(of)).toBe("");
});
