import { expect, test } from "vitest";
import { renderMail } from "../../../src/render/mail/mail.ts";
import { renderSlack } from "../../../src/render/slack/slack.ts";
import { message, routes, section } from "../sample.ts";

const made = section("Delay by carrier", routes(3));
const filtered = (filters: readonly string[]) =>
  message([{ ...made, data: made.data === null ? null : { ...made.data, filters } }]);

test("filters are in the mail, its text part and Slack, and mean nothing there", () => {
  const given = filtered(["Status is <b>complete</b>, not *x*", "Date is in the last 12 weeks"]);
  const { html, text } = renderMail(given);
  expect(html).toContain("Status is &lt;b&gt;complete&lt;/b&gt;, not *x*; Date is in the last 12 weeks");
  expect(text).toContain("Status is <b>complete</b>, not *x*; Date is in the last 12 weeks");
  const post = JSON.stringify(renderSlack(given).blocks);
  // Plain text, in which Slack reads no marks.
  expect(post).toContain('{"type":"plain_text","text":"Status is <b>complete</b>, not *x*; Date is');
});

test("many filters are counted, and a long one is cut", () => {
  const { text } = renderMail(filtered(Array.from({ length: 12 }, (_, n) => `F${n} is ${"x".repeat(400)}`)));
  expect(text).toContain("2 more filters");
  expect(text).not.toContain("x".repeat(300));
});

const figure = (title: string, filter: string) => {
  const kpi = {
    label: title,
    value: "7",
    of: null,
    change: null,
    withoutChange: null,
    sparkline: null,
    points: [],
  };
  return section(title, routes(1), { show: { kind: "kpi", kpi }, filters: [filter] });
};

test("what figures that are together have in common is said once for all of them", () => {
  const alike = message([figure("Flights", "Status is complete"), figure("Delays", "Status is complete")]);
  expect(renderMail(alike).html.split("Status is complete")).toHaveLength(2);
  expect(JSON.stringify(renderSlack(alike).blocks).split("Status is complete")).toHaveLength(2);
});

test("where they differ, each says its own", () => {
  const unlike = message([figure("Flights", "Status is complete"), figure("Delays", "Status is late")]);
  expect(renderMail(unlike).html).toMatch(
    /Flights<br>.{0,80}Status is complete.*Delays<br>.{0,80}Status is late/s,
  );
  expect(JSON.stringify(renderSlack(unlike).blocks)).toContain(
    String.raw`"Flights: Status is complete\nDelays: Status is late"`,
  );
});
