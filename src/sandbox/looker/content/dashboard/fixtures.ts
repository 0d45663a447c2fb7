import type { NewQuery } from "../../query/body.ts";

/** Cells of Looker's grid of 24 columns, counted from 0. */
export interface Place {
  readonly row: number;
  readonly column: number;
  readonly width: number;
  readonly height: number;
  /** The tile was taken off the page; its element is still in the list. */
  readonly removed?: true;
}

/** An element's data can come in five ways, and a text tile has none. */
export type TileSource =
  | { readonly kind: "query"; readonly query: NewQuery }
  | { readonly kind: "look"; readonly lookId: string }
  | { readonly kind: "result_maker"; readonly query: NewQuery }
  /** `query` is what the picture of it shows; the API tells of no query. */
  | { readonly kind: "merged"; readonly mergeResultId: string; readonly query: NewQuery }
  | {
      readonly kind: "text";
      readonly title: string | null;
      readonly subtitle: string | null;
      /** Markdown; or, where `rich`, the editor's own JSON. */
      readonly body: string;
      readonly rich?: true;
    }
  | { readonly kind: "button"; readonly label: string; readonly href: string }
  | { readonly kind: "nothing" };

export interface TileFixture {
  readonly id: string;
  readonly title: string | null;
  readonly titleHidden?: true;
  readonly source: TileSource;
  /** By the name of a dashboard's filter, the field that it filters. */
  readonly listen?: Readonly<Record<string, string>>;
  /** Null: the layout does not know the tile, and the page does not show it. */
  readonly place: Place | null;
  readonly note?: { readonly text: string; readonly display: "above" | "below" | "hover" };
}

export interface FilterFixture {
  /** Absent: of a field. The others belong to none, and tiles say which field of theirs listens. */
  readonly type?: "date_filter" | "number_filter" | "string_filter";
  readonly name: string;
  readonly title: string;
  readonly defaultValue: string | null;
  readonly field: string;
  readonly explore: string;
  readonly model: string;
  readonly listensTo?: readonly string[];
  readonly required?: true;
}

export interface DashboardFixture {
  /** A number, or `model::name` where it is written in LookML. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly slug: string;
  readonly lookmlModel?: string;
  readonly filters: readonly FilterFixture[];
  /** In the order of the API's list, which is not that of the page. */
  readonly tiles: readonly TileFixture[];
}

const whole = "28 days ago for 28 days";

export const flights = (query: Omit<NewQuery, "model" | "view">): NewQuery => ({
  model: "faa",
  view: "flights",
  ...query,
});

const figure = (field: string): NewQuery =>
  flights({
    fields: [field],
    filters: { "flights.date_date": whole, "flights.origin": "" },
    limit: "1",
    vis_config: { type: "single_value" },
  });

export const departure: FilterFixture = {
  type: "date_filter",
  name: "Departure",
  title: "Departure",
  defaultValue: whole,
  field: "flights.date_date",
  explore: "flights",
  model: "faa",
};

const origin: FilterFixture = {
  name: "Origin",
  title: "Origin airport",
  defaultValue: "",
  field: "flights.origin",
  explore: "flights",
  model: "faa",
  listensTo: ["Departure"],
};

const both = { Departure: "flights.date_date", Origin: "flights.origin" };

/** A dashboard as an airline's operations would have it: figures, their course, where it hurts, and what is meant. */
export const operations: DashboardFixture = {
  id: "7",
  title: "Flight operations",
  description: "How many flights left, how late they came in, and where from",
  slug: "sandboxFlightOperation",
  filters: [departure, origin],
  tiles: [
    {
      id: "707",
      title: null,
      source: {
        kind: "text",
        title: "About these figures",
        subtitle: "Arrivals, as the FAA counts them",
        body: "A flight is **delayed** when it arrives more than 15 minutes late.\n\nAverages count early arrivals below zero.",
      },
      place: { row: 20, column: 0, width: 24, height: 4 },
    },
    {
      id: "703",
      title: "Flights by day",
      source: {
        kind: "result_maker",
        query: flights({
          fields: ["flights.date_date", "flights.count", "flights.delayed_count"],
          filters: { "flights.date_date": whole },
          sorts: ["flights.date_date"],
          limit: "500",
          vis_config: { type: "looker_line" },
        }),
      },
      listen: both,
      place: { row: 4, column: 0, width: 15, height: 8 },
    },
    {
      id: "701",
      title: "Flights",
      source: { kind: "query", query: figure("flights.count") },
      listen: both,
      place: { row: 0, column: 0, width: 8, height: 4 },
    },
    {
      id: "702",
      title: "Delays by origin airport",
      source: { kind: "look", lookId: "42" },
      listen: both,
      place: { row: 12, column: 0, width: 14, height: 8 },
      note: { text: "Airports with at least ten flights in the period.", display: "below" },
    },
    {
      id: "708",
      title: "Delayed",
      source: { kind: "query", query: figure("flights.delayed_rate") },
      listen: both,
      place: { row: 0, column: 8, width: 8, height: 4 },
    },
    {
      id: "709",
      title: "Average delay, minutes",
      source: { kind: "query", query: figure("flights.average_delay") },
      listen: both,
      place: { row: 0, column: 16, width: 8, height: 4 },
    },
    {
      id: "704",
      title: "How late they came in",
      source: {
        kind: "result_maker",
        query: flights({
          fields: ["flights.delay_tier", "flights.count"],
          filters: { "flights.date_date": whole },
          sorts: ["flights.delay_tier"],
          limit: "10",
          vis_config: { type: "looker_column" },
        }),
      },
      listen: both,
      place: { row: 4, column: 15, width: 9, height: 8 },
    },
    {
      id: "705",
      title: "Longest routes flown most",
      source: {
        kind: "query",
        query: flights({
          fields: ["flights.route", "flights.count"],
          filters: { "flights.date_date": whole, "flights.distance": ">=1500" },
          sorts: ["flights.count desc"],
          limit: "10",
          vis_config: { type: "looker_bar" },
        }),
      },
      listen: both,
      place: { row: 12, column: 14, width: 10, height: 8 },
    },
  ],
};
