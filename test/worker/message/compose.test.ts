import { expect, test } from "vitest";
import type { SectionPlan } from "../../../src/core/model/report.ts";
import type { Result } from "../../../src/core/model/result.ts";
import type { Run } from "../../../src/core/model/run.ts";
import type { Show } from "../../../src/core/model/show.ts";
import { composeMessage, type MadePart } from "../../../src/worker/message/compose.ts";
import { datesIn } from "../../dates.ts";
import { CARRIER, COUNT, table } from "../../draw/samples.ts";
import { result } from "../../render/file-input.ts";
import { CLAIM, REPORT } from "../open-pipeline.ts";

const RUN = { ...CLAIM, id: "run1" } as unknown as Run;
const NO_ROWS = table([CARRIER, COUNT], []);
const TABLE: Show = { kind: "table", emphasis: [] };

function part(title: string, show: Show, more: Partial<Result> | null): MadePart {
  const plan = { title, rowsShown: 5 } as SectionPlan;
  const brought = more === null ? null : result(NO_ROWS, more);
  const data = brought === null ? null : { result: brought, shown: brought, show, url: null };
  const own = { sectionIndex: 0, plan, title, text: null, content: null, notice: null, isTile: false };
  return { part: own, data, pictures: [], notices: [] };
}

function periodsOf(...parts: MadePart[]) {
  const { period, sections } = composeMessage(RUN, REPORT, parts, (text) => text);
  return { period, sections: sections.map(({ data }) => data?.period ?? null) };
}

const figure = (period: string | null): Show => ({
  kind: "kpi",
  kpi: {
    label: "Flights",
    value: "7",
    of: "week from 9 November",
    period,
    change: null,
    withoutChange: null,
    sparkline: null,
    points: [],
  },
});
const during = (expression: string) => ({ filters: { "flights.date": expression } });

test("the period of a message is that of its first figure, and sections of another time say theirs", () => {
  expect(
    periodsOf(
      part("Words", TABLE, null),
      part("Flights", figure("9 to 15 November 2026"), during("12 weeks")),
      part("The same week", TABLE, during("last week")),
      part("Four weeks", TABLE, during("4 weeks ago for 4 weeks")),
      part("Earlier", figure("2 to 8 November 2026"), during("12 weeks")),
      part("All time", TABLE, {}),
    ),
  ).toEqual({
    period: "9 to 15 November 2026",
    sections: [null, null, null, "19 October to 15 November 2026", null, null],
  });
});

test("a first section whose time is not known gives the message none", () => {
  const dates = datesIn(null);
  expect(
    periodsOf(
      part("Large", TABLE, { ...during("last week"), dates }),
      part("Last week", TABLE, during("last week")),
    ),
  ).toEqual({ period: null, sections: [null, "9 to 15 November 2026"] });
});

test("a figure without a date is of all that its query covers", () => {
  const { period: _, ...kpi } = (figure(null) as Show & { kind: "kpi" }).kpi;
  expect(periodsOf(part("Flights", { kind: "kpi", kpi }, during("last month")))).toEqual({
    period: "October 2026",
    sections: [null],
  });
});

test("filters are said where the section wants it, without secrets, and nowhere else", () => {
  const applied = {
    fields: [
      { label: "Created Date", type: "date_date", expression: "12 weeks" },
      { label: "Account", type: "string", expression: "hunter2" },
    ],
    expression: null,
  };
  const one = part("Flights", TABLE, { applied });
  const told = { ...one, part: { ...one.part, plan: { ...one.part.plan, showFilters: true as const } } };
  const hide = (text: string) => text.replaceAll("hunter2", "[hidden]");
  const { sections } = composeMessage(RUN, REPORT, [told, one], hide);
  expect(sections.map(({ data }) => data?.filters)).toEqual([
    ["Created Date is in the last 12 weeks", "Account is [hidden]"],
    undefined,
  ]);
});
