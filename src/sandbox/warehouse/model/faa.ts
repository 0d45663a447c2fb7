import { dimension, type Field, type Link, measure, type ViewName } from "./field.ts";
import type { Model } from "./model.ts";
import { timeDimensions } from "./time-dimension.ts";

/** Minutes after which the FAA counts a flight as delayed. */
const DELAYED_AFTER_MINUTES = 15;
const LATE = `flights.delay > ${DELAYED_AFTER_MINUTES}`;

const FLIGHTS: ViewName = { name: "flights", label: "Flights" };
const ORIGIN: ViewName = { name: "origin", label: "Origin Airport" };
const DESTINATION: ViewName = { name: "destination", label: "Destination Airport" };
const AIRPORTS: ViewName = { name: "airports", label: "Airports" };

const AIRPORT_LINKS: readonly Link[] = [
  {
    label: "Flights from {{ value }}",
    url: "/explore/faa/flights?fields=flights.destination,flights.count&f[flights.origin]={{ value }}",
  },
  { label: "Airport page", url: "https://airports.example/code/{{ value }}" },
];

/** Two public data sets of the United States' aviation authority, as one might model them in LookML. */
export const FAA: Model = {
  name: "faa",
  label: "FAA",
  explores: [
    {
      name: "flights",
      label: "Flights",
      description: "Domestic flights with their delay and both airports",
      view: "flights",
      sqlTable: "flights",
      joins: [airportJoin("origin", ORIGIN.label), airportJoin("destination", DESTINATION.label)],
      fields: [
        ...flightDimensions(),
        ...flightMeasures(),
        ...airportDimensions(ORIGIN),
        ...airportDimensions(DESTINATION),
      ],
    },
    {
      name: "airports",
      label: "Airports",
      description: "Airports with their place",
      view: "airports",
      sqlTable: "airports",
      joins: [],
      fields: [...airportDimensions(AIRPORTS), ...airportMeasures()],
    },
  ],
};

function airportJoin(name: string, viewLabel: string) {
  return { name, viewLabel, sqlTable: "airports", sqlOn: `flights.${name} = ${name}.code` };
}

function flightDimensions(): Field[] {
  return [
    dimension(FLIGHTS, "id", "number", "flights.id", {
      primaryKey: true,
      label: "ID",
      valueFormatName: "id",
      description: "Counted in the order of departure",
    }),
    ...timeDimensions(FLIGHTS, "date", "Departure", "flights.departed_at", "When the flight departed"),
    dimension(FLIGHTS, "origin", "string", "flights.origin", {
      description: "IATA code of the airport of departure",
      links: AIRPORT_LINKS,
    }),
    dimension(FLIGHTS, "destination", "string", "flights.destination", {
      description: "IATA code of the airport of arrival",
    }),
    dimension(FLIGHTS, "route", "string", "flights.origin || '-' || flights.destination", {
      description: "Origin and destination",
    }),
    dimension(FLIGHTS, "distance", "number", "flights.distance", { description: "Miles flown" }),
    dimension(FLIGHTS, "delay", "number", "flights.delay", {
      description: "Minutes of delay on arrival; negative when early",
    }),
    dimension(
      FLIGHTS,
      "delay_tier",
      "string",
      `CASE WHEN flights.delay <= 0 THEN 'On time' WHEN flights.delay <= ${DELAYED_AFTER_MINUTES} THEN 'Up to 15 min' ` +
        "WHEN flights.delay <= 60 THEN '16 to 60 min' ELSE 'Over 1 h' END",
      {
        description: "Delay in four classes",
        sortSql: `CASE WHEN flights.delay <= 0 THEN 0 WHEN flights.delay <= ${DELAYED_AFTER_MINUTES} THEN 1 WHEN flights.delay <= 60 THEN 2 ELSE 3 END`,
        html: (value) => `<span class="tier">${value ?? ""}</span>`,
      },
    ),
    dimension(FLIGHTS, "is_delayed", "yesno", LATE, {
      label: "Is Delayed (Yes / No)",
      description: "More than 15 minutes late",
    }),
  ];
}

function flightMeasures(): Field[] {
  const drillFields = [
    "flights.id",
    "flights.date_time",
    "flights.origin",
    "flights.destination",
    "flights.delay",
  ];
  return [
    measure(FLIGHTS, "count", { kind: "count", sql: "" }, { drillFields, description: "Number of flights" }),
    measure(
      FLIGHTS,
      "delayed_count",
      { kind: "sum", sql: `CASE WHEN ${LATE} THEN 1 ELSE 0 END` },
      { drillFields, description: "Flights more than 15 minutes late" },
    ),
    measure(
      FLIGHTS,
      "delayed_rate",
      { kind: "ratio", sql: `1.0 * SUM(CASE WHEN ${LATE} THEN 1 ELSE 0 END) / NULLIF(COUNT(*), 0)` },
      { valueFormat: "0.0%", description: "Share of flights more than 15 minutes late" },
    ),
    measure(
      FLIGHTS,
      "average_delay",
      { kind: "average", sql: "flights.delay" },
      {
        valueFormat: "0.0",
        description: "Minutes, early flights counted below zero",
      },
    ),
    measure(
      FLIGHTS,
      "average_long_delay",
      { kind: "average", sql: `CASE WHEN ${LATE} THEN flights.delay END` },
      {
        valueFormat: '0.0" min"',
        description: "Minutes, over the flights more than 15 minutes late; empty where there is none",
      },
    ),
    measure(FLIGHTS, "max_delay", { kind: "max", sql: "flights.delay" }, { description: "Minutes" }),
    measure(
      FLIGHTS,
      "total_distance",
      { kind: "sum", sql: "flights.distance" },
      {
        valueFormat: "#,##0",
        description: "Miles",
      },
    ),
    measure(
      FLIGHTS,
      "average_distance",
      { kind: "average", sql: "flights.distance" },
      {
        valueFormatName: "decimal_2",
        description: "Miles",
      },
    ),
    measure(
      FLIGHTS,
      "fuel_cost",
      { kind: "sum", sql: "flights.distance * 5.25" },
      {
        valueFormat: "$#,##0.00",
        description: "A made-up figure, to have money to show: 5.25 dollars a mile",
      },
    ),
    measure(
      FLIGHTS,
      "route_count",
      { kind: "count_distinct", sql: "flights.origin || '-' || flights.destination" },
      {
        description: "Number of different routes",
      },
    ),
  ];
}

// "Airport Country" is the label of the field in both joined views: LookML allows it, and headers then repeat.
function airportDimensions(view: ViewName): Field[] {
  const column = (name: string) => `${view.name}.${name}`;
  const shared = view === AIRPORTS ? {} : { viewLabel: "Airport" };
  return [
    dimension(view, "code", "string", column("code"), {
      primaryKey: true,
      links: AIRPORT_LINKS,
      description: "IATA code",
    }),
    dimension(view, "name", "string", column("name")),
    dimension(view, "city", "string", column("city")),
    dimension(view, "state", "string", column("state"), { description: "Two letters; empty abroad" }),
    dimension(view, "country", "string", column("country"), shared),
    dimension(view, "latitude", "number", column("latitude"), { valueFormat: "0.0000" }),
    dimension(view, "longitude", "number", column("longitude"), { valueFormat: "0.0000" }),
  ];
}

function airportMeasures(): Field[] {
  return [
    measure(
      AIRPORTS,
      "count",
      { kind: "count", sql: "" },
      { drillFields: ["airports.code", "airports.name"] },
    ),
    measure(AIRPORTS, "state_count", { kind: "count_distinct", sql: "airports.state" }),
    measure(AIRPORTS, "northernmost", { kind: "max", sql: "airports.latitude" }, { valueFormat: "0.0000" }),
  ];
}
