import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Message, MessageSection } from "../../src/core/model/message.ts";
import type { Picture } from "../../src/core/model/picture.ts";
import type { Changes, Kpi, Show } from "../../src/core/model/show.ts";
import type { Cell, Table } from "../../src/core/model/table.ts";
import {
  artifact,
  column,
  HOSTILE,
  message,
  NULL,
  notice,
  number,
  routes,
  rowTotal,
  section,
  table,
  text,
  words,
} from "../render/sample.ts";
import { missingInInter } from "./inter.ts";
import { chartPng, LOGO, LOOKER, logoPng, lookerPng, SPARKLINE, sparklinePng } from "./pictures.ts";

/** One digest for each thing that a report can show, as people make them. */

const folder = mkdtempSync(path.join(tmpdir(), "lookpost-look-"));

function picture(name: string, png: Buffer, size: { width: number; height: number }, alt: string): Picture {
  const file = path.join(folder, name);
  writeFileSync(file, png);
  return { name, file: { path: file, bytes: png.length }, ...size, alt };
}

const percent = (value: number) => number(value, `${(100 * value).toFixed(1)}%`);

const CARRIERS: readonly (readonly [string, number, number, number])[] = [
  ["Southwest Airlines", 4_611, 0.031, 8.4],
  ["Delta Air Lines", 3_102, 0.012, 5.1],
  ["American Airlines", 2_987, 0.064, 14.9],
  ["United Air Lines", 2_310, 0.028, 9.7],
  ["Alaska Airlines", 804, 0.009, 3.2],
  ["JetBlue Airways", 711, 0.072, 17.3],
];

export const carriers: Table = table(
  [column("Carrier"), column("Flights", true), column("Cancelled rate", true), column("Average delay", true)],
  CARRIERS.map(([name, flights, rate, delay]) => [
    text(name, "https://looker.example.com/dashboards/7?Carrier=x"),
    number(flights),
    percent(rate),
    number(delay, `${delay.toFixed(1)} min`),
  ]),
  { totals: [NULL, number(14_525), percent(0.035), number(9.4, "9.4 min")] },
);

const MONTHS = ["Sep 2026", "Oct 2026", "Nov 2026"];
const pivot: Table = table(
  [
    column("Origin"),
    ...MONTHS.flatMap((month) => [column("Flights", true, [month]), column("Delayed", true, [month])]),
    rowTotal("Flights"),
  ],
  ["ATL", "DFW", "DEN", "LAX", "ORD"].map((origin, row) => [
    text(origin),
    ...MONTHS.flatMap((_, month) => [number(812 - 97 * row + 31 * month), number(92 - 11 * row + 5 * month)]),
    number(2_529 - 291 * row),
  ]),
  {
    pivotLabels: ["Month"],
    totals: [
      NULL,
      number(3_090),
      number(350),
      number(3_245),
      number(375),
      number(3_400),
      number(400),
      number(9_735),
    ],
  },
);

const PERIOD = "9 to 15 November 2026";
const PAST = [14_102, 14_480, 13_911, 14_204, 15_020, 14_377, 14_683, 15_887];

function kpi(more: Partial<Kpi>): Show {
  return {
    kind: "kpi",
    kpi: {
      label: "Flights",
      value: "15,887",
      of: "week from 9 November",
      change: {
        direction: "up",
        absolute: "1,204",
        percent: "8.2%",
        from: "14,683",
        against: "in the week from 2 November",
        before: "week",
        brief: "8.2%",
      },
      withoutChange: null,
      period: PERIOD,
      span: { count: 8, unit: "week" },
      record: { side: "highest", count: 8, unit: "week" },
      sparkline: "section-1-sparkline.png",
      points: [],
      ...more,
    },
  };
}

const SPARKLINES = [
  picture(
    "section-1-sparkline.png",
    sparklinePng(PAST),
    SPARKLINE,
    "Flights over 8 weeks: lowest 13,911, highest 15,887",
  ),
  picture(
    "section-2-sparkline.png",
    sparklinePng([9.1, 9.4, 10.2, 9.9, 9.7, 9.3, 8.8, 8.4]),
    SPARKLINE,
    "Average delay over 8 weeks: lowest 8.4 min, highest 10.2 min",
  ),
  picture(
    "section-3-sparkline.png",
    sparklinePng([18.1, 17.4, 18.8, 19.0, 18.2, 17.9, 18.3, 19.7]),
    SPARKLINE,
    "Late by more than 15 min over 8 weeks: lowest 17.4%, highest 19.7%",
  ),
];

const figures: readonly MessageSection[] = [
  section("Flights", carriers, { show: kpi({}) }),
  section("Average delay", carriers, {
    show: kpi({
      label: "Average delay",
      value: "8.4",
      unit: "min",
      better: "down",
      record: { side: "lowest", count: 8, unit: "week" },
      sparkline: "section-2-sparkline.png",
      change: {
        direction: "down",
        absolute: "0.4",
        percent: "4.5%",
        from: "8.8",
        against: "in the week from 2 November",
        before: "week",
        brief: "4.5%",
      },
    }),
  }),
  section("Late by more than 15 min", carriers, {
    show: kpi({
      label: "Late by more than 15 min",
      value: "19.7%",
      better: "down",
      sparkline: "section-3-sparkline.png",
      change: {
        direction: "up",
        absolute: "1.4 points",
        percent: null,
        from: "18.3%",
        against: "in the week from 2 November",
        before: "week",
        brief: "1.4 points",
      },
    }),
  }),
];

const unlike: readonly MessageSection[] = [
  ...figures,
  section("Open claims", carriers, {
    show: kpi({
      label: "Open claims",
      value: "212",
      of: null,
      sparkline: null,
      change: {
        direction: "level",
        absolute: "0",
        percent: "0%",
        from: "212",
        against: "in the last report, 9 Nov 2026",
      },
    }),
  }),
  section("Turnover of all branches in the German-speaking countries", carriers, {
    show: kpi({
      label: "Turnover",
      value: "€1,234,567,890",
      sparkline: "section-1-sparkline.png",
      change: {
        direction: "up",
        absolute: "€200,000,000",
        percent: "19.3%",
        from: "€1,034,567,890",
        against: "in the week from 2 November",
        before: "week",
        brief: "19.3%",
      },
    }),
  }),
  section("Bookings so far", carriers, {
    show: kpi({
      label: "Bookings",
      value: "462",
      of: "week from 16 November, so far (2 of 7 days)",
      period: "16 to 17 November 2026",
      isPartial: true,
      change: null,
      sparkline: null,
    }),
  }),
];

const weeks = Array.from({ length: 8 }, (_, index) => `2026-W${39 + index}`);
const DELTA = [310, 342, 298, 361, 377, 402, 371, 423];
const UNITED = [280, 251, 262, 240, 233, 229, 251, 210];
const course: Table = table(
  [column("Week"), column("Delta", true), column("United", true)],
  weeks.map((week, index) => [text(week), number(DELTA[index] ?? 0), number(UNITED[index] ?? 0)]),
);
const chart = section("Flights by carrier and week", course, {
  show: {
    kind: "chart",
    picture: "section-1-chart.png",
    series: {
      mark: "line",
      xLabel: "Week",
      yLabel: "Flights",
      series: [
        { name: "Delta", points: weeks.map((x, index) => ({ x, y: DELTA[index] ?? null })) },
        { name: "United", points: weeks.map((x, index) => ({ x, y: UNITED[index] ?? null })) },
      ],
    },
  },
});
const { png: chartDrawn, ...chartSize } = chartPng();
const CHART_ALT =
  "Line chart of flights by week. Delta: first 310, last 423, lowest 298, highest 423. United: first 280, last 210, lowest 210, highest 280.";
const BRANDED_CHART = picture("branded-chart.png", chartPng("#7a1fa2").png, chartSize, CHART_ALT);
const NIGHT_CHART = picture("night-chart.png", chartPng("#0a1f44").png, chartSize, CHART_ALT);
const LOGOS = [
  picture("logo.png", logoPng("#2b1338"), LOGO, "Meridian Air"),
  picture("logo-dark.png", logoPng("#f3e8f8"), LOGO, "Meridian Air"),
];
const CHART_PICTURE = picture("section-1-chart.png", chartDrawn, chartSize, CHART_ALT);
const LOOKER_PICTURE = picture("section-1-image.png", lookerPng(), LOOKER, CHART_ALT);

const [was, now] = [number(2_310), number(2_987)];
const changes: Changes = {
  since: "2026-11-09T13:00:00.000Z",
  key: [0],
  added: [[text("Breeze Airways"), number(41), percent(0.002), number(2.9, "2.9 min")]],
  gone: [[text("Spirit Air Lines"), number(388), percent(0.051), number(13.1, "13.1 min")]],
  moved: [
    {
      now: [text("American Airlines"), now, percent(0.064), number(14.9, "14.9 min")],
      was: [null, was, percent(0.058), null],
    },
    {
      now: [text("JetBlue Airways"), number(711), percent(0.072), number(17.3, "17.3 min")],
      was: [null, null, percent(0.075), number(18.8, "18.8 min")],
    },
    {
      now: [text("Alaska Airlines"), number(804), percent(0.009), number(3.2, "3.2 min")],
      was: [null, number(790), null, null],
    },
  ],
  counts: { added: 1, gone: 1, moved: 3, same: 38 },
};

/** As wide as a phone takes: five columns, all of which moved. */
const five = table(
  [...carriers.columns, column("Revenue", true)],
  carriers.rows.map((row) => [...row, number(1_300, "1,300")]),
);
const changesOfFive: Changes = {
  since: "2026-11-09T13:00:00.000Z",
  key: [0],
  added: [],
  gone: [],
  moved: CARRIERS.slice(0, 3).map(([name, flights, rate, delay]) => ({
    now: [
      text(name),
      number(flights),
      percent(rate),
      number(delay, `${delay.toFixed(1)} min`),
      number(1_300),
    ],
    was: [
      null,
      number(flights - 66),
      percent(rate + 0.004),
      number(delay + 1.2, `${(delay + 1.2).toFixed(1)} min`),
      number(1_234),
    ],
  })),
  counts: { added: 0, gone: 0, moved: 3, same: 3 },
};

const report = (sections: readonly MessageSection[], more: Partial<Message> = {}): Message =>
  message(sections, { period: PERIOD, ...more });

const MARKDOWN = `American and JetBlue are **above 5 %** again, both at the coasts.
See the [incident log](https://wiki.example.com/incidents) for the storm of the 11th.

- Staffing in Boston is back to normal
- The new schedule starts on *23 November*`;

// Other letters are set in whatever font a machine has: other tests look at those cells.
const hostileCells: readonly (readonly Cell[])[] = HOSTILE.filter(
  (hostile) => missingInInter(hostile).length === 0,
).map((hostile, index) => [text(hostile), number(index)]);

export const SAMPLES: Readonly<Record<string, Message>> = {
  table: report(
    [
      section(
        "Carriers",
        { ...carriers, rowCount: 312 },
        {
          show: {
            kind: "table",
            emphasis: [
              { column: 2, when: { operator: ">", operand: 0.05 } },
              { column: 3, when: { operator: ">", operand: 15 } },
            ],
          },
        },
        { text: MARKDOWN },
      ),
    ],
    {
      intro: "Good morning,\nhere is last week. Ana is away until Thursday.",
      artifacts: [artifact("carriers.csv", 312, { bytes: 21_400 })],
    },
  ),
  pivot: report([section("Flights and delays by origin and month", pivot)]),
  figures: report([...figures, section("Carriers", carriers)], { pictures: SPARKLINES }),
  "figures-unlike": report(unlike, { pictures: SPARKLINES }),
  "figure-alone": report([section("Flights", carriers, { show: kpi({ better: "up" }) })], {
    pictures: SPARKLINES,
  }),
  chart: report([chart], { pictures: [CHART_PICTURE] }),
  image: report(
    [
      section("As Looker draws it", carriers, { show: { kind: "image", picture: "section-1-image.png" } }),
      section(
        "By region",
        carriers,
        { show: { kind: "image", picture: null } },
        { notices: ["Looker did not draw this within 2 minutes; its table stands in its place."] },
      ),
    ],
    { pictures: [LOOKER_PICTURE] },
  ),
  "changes-of-five": report([
    section("Carriers", five, { show: { kind: "changes", changes: changesOfFive } }),
  ]),
  changes: report([section("Carriers", carriers, { show: { kind: "changes", changes } })]),
  hostile: report(
    [
      section(
        "Hostile <script>alert(1)</script>",
        table([column("Cell </td>"), column("N", true)], hostileCells),
      ),
    ],
    { subject: "Hostile <!channel>" },
  ),
  wide: report([section("Two hundred columns", routes(12, 200))]),
  empty: report([
    section("Cancelled without notice", table([column("Flight")], [])),
    section("New since last week", carriers, {
      show: {
        kind: "changes",
        changes: {
          ...changes,
          since: null,
          added: [],
          gone: [],
          moved: [],
          counts: { added: 0, gone: 0, moved: 0, same: 0 },
        },
      },
    }),
    words("Notes", "Nothing flew on the 11th: see the [log](https://wiki.example.com)."),
  ]),
  large: report([section("All flights", { ...carriers, rowCount: 1_204_311 }, { fromCache: true })], {
    notices: ["flights.csv (412 MB) is too large to attach here: download it below."],
    downloads: [
      {
        filename: "flights.csv",
        url: "https://lookpost.example.com/d/3f9c2a7be1",
        bytes: 412_000_000,
        rows: 1_204_311,
        sections: [0],
        expiresAt: "2026-11-23T13:00:00.000Z",
      },
    ],
  }),
  branded: report([...figures.slice(0, 2), chart, section("Carriers", carriers)], {
    brand: {
      name: "Meridian Air",
      accent: "#7a1fa2",
      logo: { light: "logo.png", dark: "logo-dark.png" },
      footer: "Meridian Air Ltd, 1 Example Street, London.\nhttps://meridian.example/privacy",
    },
    pictures: [...LOGOS, ...SPARKLINES.slice(0, 2), { ...BRANDED_CHART, name: "section-1-chart.png" }],
  }),
  // Without one for dark screens, and in the colour of a night sky, which charts lighten.
  "branded-simply": report([figures[0] as MessageSection, chart], {
    brand: { name: "Meridian Air", accent: "#0a1f44", logo: { light: "logo.png" } },
    pictures: [
      ...LOGOS.slice(0, 1),
      ...SPARKLINES.slice(0, 1),
      { ...NIGHT_CHART, name: "section-1-chart.png" },
    ],
  }),
  notice: notice(),
};

const EVERY_MARK = `# A heading with *emphasis*

> A quote
> - of a list

1. one
2. two
   - inner [link](https://example.com)

\`code\` and

    a block   of code

---

<b>raw HTML</b> & ![a picture](https://example.com/x.png)`;

/** For tests that read and do not look: also what no two machines show alike. */
export const LINTED: Readonly<Record<string, Message>> = {
  ...SAMPLES,
  everything: report(
    [
      section(
        "Every cell",
        table(
          [column("Cell"), column("N", true)],
          HOSTILE.map((hostile, index) => [text(hostile), number(index)]),
        ),
        {},
        { text: EVERY_MARK, notices: ["One notice.", "Another."] },
      ),
      ...figures,
      ...unlike,
      section("Two figures", table([column("A", true), column("B", true)], [[number(1), number(2)]])),
      words("", EVERY_MARK),
    ],
    { intro: HOSTILE.join("\n").slice(0, 2_000), pictures: SPARKLINES },
  ),
};
