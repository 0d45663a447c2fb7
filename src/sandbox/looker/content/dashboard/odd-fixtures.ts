import { type DashboardFixture, departure, flights } from "./fixtures.ts";

const richText = JSON.stringify([
  { type: "h1", align: "center", children: [{ text: "Written in the editor" }] },
  {
    type: "p",
    children: [
      { text: "Its text is JSON, with a " },
      { text: "bold", bold: true },
      { text: " word and a " },
      { type: "a", url: "https://airports.example/", children: [{ text: "link" }] },
      { text: "." },
    ],
  },
  {
    type: "ul",
    children: [
      { type: "li", children: [{ type: "lic", children: [{ text: "one point" }] }] },
      { type: "li", children: [{ type: "lic", children: [{ text: "another point" }] }] },
    ],
  },
]);

/** One tile for each thing that can be odd about one. */
export const oddities: DashboardFixture = {
  id: "8",
  title: 'Odds & ends <of a "dashboard">',
  description: "One tile for each thing that can be odd about a dashboard's element",
  slug: "sandboxOddsAndEnds0000",
  filters: [
    departure,
    {
      name: "State",
      title: "State",
      defaultValue: null,
      field: "airports.state",
      explore: "airports",
      model: "faa",
      required: true,
    },
  ],
  tiles: [
    {
      id: "801",
      title: "Two queries merged",
      source: {
        kind: "merged",
        mergeResultId: "mergeResultOfTwoQuerys",
        query: flights({ fields: ["flights.origin", "flights.count"], limit: "5" }),
      },
      place: { row: 0, column: 12, width: 12, height: 6 },
    },
    {
      id: "802",
      title: "Airports by state",
      source: {
        kind: "query",
        query: {
          model: "faa",
          view: "airports",
          fields: ["airports.state", "airports.count"],
          filters: { "airports.state": "" },
          sorts: ["airports.count desc"],
          limit: "10",
          vis_config: { type: "looker_bar" },
        },
      },
      listen: { State: "airports.state" },
      place: { row: 0, column: 0, width: 12, height: 6 },
    },
    {
      id: "803",
      title: "",
      source: {
        kind: "result_maker",
        query: flights({
          fields: ["flights.date_week", "flights.count"],
          filters: { "flights.date_date": "28 days ago for 28 days" },
          sorts: ["flights.date_week"],
          limit: "10",
        }),
      },
      listen: { Departure: "flights.date_date" },
      place: { row: 6, column: 0, width: 8, height: 6 },
    },
    {
      id: "804",
      title: "Taken off the page",
      source: { kind: "look", lookId: "43" },
      place: { row: 6, column: 8, width: 8, height: 6, removed: true },
    },
    {
      id: "805",
      title: "Known to no layout",
      source: { kind: "look", lookId: "44" },
      place: null,
    },
    {
      id: "806",
      title: "Tile without a query",
      source: { kind: "nothing" },
      place: { row: 6, column: 16, width: 8, height: 6 },
    },
    {
      id: "807",
      title: null,
      source: {
        kind: "text",
        title: "<b>Hostile</b> & [words](javascript:alert(1))",
        subtitle: null,
        body: '# Heading\n\n<script>alert("body")</script>\n\n- <!channel> and @here\n- ![picture](https://pictures.example/x.png)\n\n=HYPERLINK("https://x.example")',
      },
      place: { row: 12, column: 0, width: 12, height: 4 },
    },
    {
      id: "808",
      title: null,
      source: { kind: "text", title: "", subtitle: "", body: richText, rich: true },
      place: { row: 12, column: 12, width: 12, height: 4 },
    },
    {
      id: "809",
      title: 'Hostile <cells> & "labels"',
      titleHidden: true,
      source: { kind: "look", lookId: "81" },
      place: { row: 16, column: 0, width: 24, height: 8 },
      note: { text: "Cells that *hurt* where they are shown unescaped.", display: "hover" },
    },
    {
      id: "810",
      title: "Broken by a dropped column",
      source: { kind: "look", lookId: "83" },
      place: { row: 24, column: 0, width: 12, height: 4 },
    },
    {
      id: "811",
      title: "Nothing at all",
      source: { kind: "look", lookId: "82" },
      place: { row: 24, column: 12, width: 12, height: 4 },
    },
    {
      id: "813",
      title: "Without a result maker",
      source: { kind: "query", query: flights({ fields: ["flights.count"], limit: "1" }) },
      place: { row: 28, column: 6, width: 6, height: 4 },
    },
    {
      id: "812",
      title: null,
      source: { kind: "button", label: "Open the airports", href: "https://airports.example/" },
      place: { row: 28, column: 0, width: 6, height: 2 },
    },
  ],
};

/** Written in LookML: its ids are names, and it has a model. */
export const inLookml: DashboardFixture = {
  id: "faa::punctuality",
  title: "Punctuality",
  description: "A dashboard written in a model's LookML",
  slug: "sandboxPunctuality0000",
  lookmlModel: "faa",
  filters: [departure],
  tiles: [
    {
      id: "faa::punctuality::by_weekday",
      title: "Delayed by weekday",
      source: {
        kind: "result_maker",
        query: flights({
          fields: ["flights.date_day_of_week", "flights.delayed_rate"],
          filters: { "flights.date_date": "28 days ago for 28 days" },
          sorts: ["flights.date_day_of_week"],
          limit: "7",
          vis_config: { type: "looker_column" },
        }),
      },
      listen: { Departure: "flights.date_date" },
      place: { row: 0, column: 0, width: 12, height: 8 },
    },
    {
      id: "faa::punctuality::by_state",
      title: "Flights by state and week",
      source: {
        kind: "result_maker",
        query: flights({
          fields: ["origin.state", "flights.date_week", "flights.count"],
          pivots: ["flights.date_week"],
          filters: { "flights.date_date": "28 days ago for 28 days" },
          sorts: ["flights.date_week", "origin.state"],
          limit: "12",
        }),
      },
      listen: { Departure: "flights.date_date" },
      place: { row: 0, column: 12, width: 12, height: 8 },
    },
  ],
};
