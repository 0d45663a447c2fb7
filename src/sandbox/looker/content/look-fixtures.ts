import type { NewQuery } from "../query/body.ts";

export interface LookFixture {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly query: NewQuery;
  /** The API user may not see it: asking for it answers 403. */
  readonly forbidden?: true;
  /** It lies in the trash. */
  readonly deleted?: true;
}

const faa = (query: Omit<NewQuery, "model" | "view">): NewQuery => ({
  model: "faa",
  view: "flights",
  ...query,
});
const odd = (view: string, query: Omit<NewQuery, "model" | "view">): NewQuery => ({
  model: "sandbox",
  view,
  ...query,
});

/** A field inside an expression of Looker's. */
const looker = (field: string) => `\${${field}}`;

/** The saved Looks: first those that a report would use, then one for each thing that can be odd about a Look. */
export const lookFixtures: readonly LookFixture[] = [
  {
    id: "42",
    title: "Weekly delays by origin airport",
    description: "The last seven days, by airport of departure with at least ten flights",
    query: faa({
      fields: [
        "flights.origin",
        "origin.city",
        "flights.count",
        "flights.average_delay",
        "flights.delayed_rate",
      ],
      filters: { "flights.date_date": "7 days ago for 7 days", "flights.count": ">=10" },
      sorts: ["flights.average_delay desc"],
      limit: "500",
    }),
  },
  {
    id: "43",
    title: "Delay by destination state",
    description: "Four whole weeks, by the state of the airport of arrival",
    query: faa({
      fields: ["destination.state", "flights.count", "flights.average_delay", "flights.max_delay"],
      filters: { "flights.date_date": "28 days ago for 28 days" },
      sorts: ["flights.count desc"],
      limit: "100",
    }),
  },
  {
    id: "44",
    title: "Delay by day",
    description: "The average delay of each of the last 28 days",
    query: faa({
      fields: ["flights.date_date", "flights.average_delay"],
      filters: { "flights.date_date": "28 days ago for 28 days" },
      sorts: ["flights.date_date"],
      limit: "500",
      vis_config: { type: "looker_line" },
    }),
  },
  {
    id: "45",
    title: "Scorecard by origin airport",
    description: "One line for each airport of departure; filter it by flights.origin",
    query: faa({
      fields: [
        "flights.origin",
        "origin.name",
        "flights.count",
        "flights.delayed_count",
        "flights.delayed_rate",
        "flights.total_distance",
        "flights.fuel_cost",
      ],
      filters: { "flights.date_date": "28 days ago for 28 days", "flights.origin": "" },
      sorts: ["flights.origin"],
      limit: "500",
    }),
  },
  {
    id: "46",
    title: "Flights by state and week",
    description: "Pivoted by week",
    query: faa({
      fields: ["origin.state", "flights.date_week", "flights.count", "flights.average_long_delay"],
      pivots: ["flights.date_week"],
      filters: { "flights.date_date": "28 days ago for 28 days" },
      sorts: ["flights.date_week", "origin.state"],
      limit: "100",
      column_limit: "10",
    }),
  },
  {
    id: "47",
    title: "Cost by origin airport, with totals",
    description: "Column totals below the rows",
    query: faa({
      fields: ["flights.origin", "flights.count", "flights.fuel_cost", "flights.average_delay"],
      filters: { "flights.date_date": "28 days ago for 28 days" },
      sorts: ["flights.fuel_cost desc"],
      limit: "25",
      total: true,
    }),
  },
  {
    id: "48",
    title: "Routes by country",
    description: "Two columns have the same label",
    query: faa({
      fields: ["flights.route", "origin.country", "destination.country", "flights.count"],
      sorts: ["flights.count desc"],
      limit: "50",
    }),
  },
  {
    id: "49",
    title: "Delayed share, calculated",
    description: "With a table calculation: it cannot be downloaded without a limit",
    query: faa({
      fields: ["flights.origin", "flights.count", "flights.delayed_count"],
      sorts: ["flights.count desc"],
      limit: "20",
      dynamic_fields: JSON.stringify([
        {
          category: "table_calculation",
          table_calculation: "delayed_share",
          label: "Delayed share",
          expression: `${looker("flights.delayed_count")} / ${looker("flights.count")}`,
          value_format_name: "percent_1",
          _kind_hint: "measure",
          _type_hint: "number",
        },
      ]),
    }),
  },
  {
    id: "77",
    title: "Airport contacts",
    description: "A recipient list: an airport of departure a line",
    query: faa({
      fields: ["flights.origin", "origin.name", "origin.city", "flights.count"],
      filters: { "flights.date_date": "28 days ago for 28 days" },
      sorts: ["flights.count desc"],
      limit: "10",
    }),
  },
  {
    id: "80",
    title: "Everything, without a limit",
    description: "Generated rows, limit -1; filter it by generated.rows for any other number of them",
    query: odd("generated", {
      fields: ["generated.id", "generated.name", "generated.amount", "generated.day", "generated.note"],
      filters: { "generated.rows": "20000" },
      limit: "-1",
    }),
  },
  {
    id: "81",
    title: 'Hostile <cells> & "labels"',
    description: "Formulas, markup, mentions, separators, control characters",
    query: odd("hostile", {
      fields: ["hostile.id", "hostile.kind", "hostile.text", "hostile.amount"],
      sorts: ["hostile.id"],
      limit: "500",
    }),
  },
  {
    id: "82",
    title: "Nothing at all",
    description: "A result without rows",
    query: odd("empty", { fields: ["empty.id", "empty.name"], limit: "500" }),
  },
  {
    id: "83",
    title: "Broken by a dropped column",
    description: "Ends in a database error",
    query: odd("broken", { fields: ["broken.id", "broken.dropped"], limit: "500" }),
  },
  {
    id: "90",
    title: "Board figures",
    description: "Not for the API user",
    query: faa({ fields: ["flights.count", "flights.fuel_cost"], limit: "500" }),
    forbidden: true,
  },
  {
    id: "91",
    title: "Delays, old version",
    description: "In the trash",
    query: faa({ fields: ["flights.origin", "flights.average_delay"], limit: "500" }),
    deleted: true,
  },
];
