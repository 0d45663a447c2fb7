import { expect, test } from "vitest";
import type { Message, MessageSection } from "../../../src/core/model/message.ts";
import { contentId, type Picture } from "../../../src/core/model/picture.ts";
import type { Changes, Kpi, Show } from "../../../src/core/model/show.ts";
import { HTML_BYTES_MAX, renderMail } from "../../../src/render/mail/mail.ts";
import {
  artifact,
  column,
  HOSTILE,
  message,
  number,
  routes,
  section,
  table,
  text,
  words,
} from "../sample.ts";

const html = (sections: readonly MessageSection[], more: Partial<Message> = {}) =>
  renderMail(message(sections, more)).html;
const plain = (sections: readonly MessageSection[], more: Partial<Message> = {}) =>
  renderMail(message(sections, more)).text;

/** The words of the body, as a reader sees them. */
function seen(body: string): string {
  const named: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&", nbsp: " " };
  return body
    .replace(/^.*<body/s, "<body")
    .replace(/<!--.*?-->/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&([a-z]+|#\d+);/g, (entity, name) => named[name] ?? entity)
    .replace(/\s+/g, " ");
}

function picture(name: string, more: Partial<Picture> = {}): Picture {
  return {
    name,
    file: { path: "/nowhere", bytes: 9_000 },
    width: 656,
    height: 300,
    alt: `Alt of ${name}`,
    ...more,
  };
}

function kpi(more: Partial<Kpi> = {}): Show {
  return {
    kind: "kpi",
    kpi: {
      label: "Count",
      value: "15,887",
      of: "week from 9 November",
      change: {
        direction: "up",
        absolute: "1,204",
        percent: "8.2%",
        from: "14,683",
        against: "in the week from 2 November",
      },
      withoutChange: null,
      sparkline: null,
      points: [],
      ...more,
    },
  };
}

const OPERATORS = [
  { column: 1, when: { operator: ">", operand: 20 } as const },
  { column: 2, when: { operator: "=", operand: 40 } as const },
];
const THREE = table(
  [column("Route"), column("Flights", true), column("Delay", true)],
  [
    [text("ATL"), number(10), number(40)],
    [text("DFW"), number(30), number(5)],
    [text("ORD"), number(20), number(6)],
  ],
);

test("a figure has its change in words, a mark of the direction, and what it measures", () => {
  const body = html([section("Flights", routes(2), { show: kpi() })]);
  expect(seen(body)).toContain(
    "Flights week from 9 November 15,887 ▲ 8.2% from 14,683 in the week from 2 November",
  );
  expect(body).toContain('<span role="img" aria-label="up">▲</span>');
  expect(plain([section("Flights", routes(2), { show: kpi() })])).toContain(
    "15,887, week from 9 November\n▲ up 1,204 (8.2%) from 14,683 in the week from 2 November",
  );
});

test.each([
  [
    { direction: "down", absolute: "3", percent: null, from: "0", against: "in the week from 2 November" },
    "▼ 3 from 0 in the week from 2 November",
  ],
  [
    {
      direction: "level",
      absolute: "0",
      percent: "0%",
      from: "7",
      against: "in the last report, 9 Nov 2026",
    },
    "no change as in the last report, 9 Nov 2026",
  ],
  [{ direction: "up", absolute: "1", percent: "50%", from: "2", against: "(Delta)" }, "▲ 50% from 2 (Delta)"],
  [{ direction: "up", absolute: "1", percent: "50%", from: "2", against: "in October" }, "from 2 in October"],
] as const)("a change reads %#: %s", (change, expected) => {
  expect(seen(html([section("A", routes(1), { show: kpi({ change }) })]))).toContain(expected);
});

test("a figure without a value, or without a past, says so", () => {
  const show = kpi({ value: "", of: null, change: null, withoutChange: "no earlier value yet" });
  expect(seen(html([section("A", routes(1), { show })]))).toContain("A no value no earlier value yet");
});

test("figures that follow each other share a row of the digest, and say once how fresh they are", () => {
  const sections = ["A", "B", "C"].map((title) => section(title, routes(1), { show: kpi() }));
  const body = html([...sections, section("Table", routes(1))]);
  expect(body.match(/<th scope="col" width="33%"/g)).toHaveLength(3);
  expect(body.match(/class="pad hair"/g)).toHaveLength(1);
  expect(seen(body).match(/Run by Looker at/g)).toHaveLength(1);
  const apart = [sections[0]!, section("B", routes(1), { show: kpi(), fromCache: true })];
  expect(seen(html(apart))).toMatch(/Run by Looker at.*B: from Looker’s cache/);
});

test("the preheader is the lead, and without one has the figures first, with how they moved", () => {
  const sections = [
    section("Routes", { ...routes(2), rowCount: 12_431 }),
    section("Flights", routes(1), { show: kpi() }),
  ];
  expect(html(sections)).toContain('mso-hide:all">Flights up 8.2% to 15,887.&#847;');
  expect(html(sections, { hasLead: false })).toContain(
    "Flights: 15,887, up 1,204 (8.2%) · Routes: 12,431 rows",
  );
});

test("a chart is a picture that comes with the mail, with its alt text and no caption that repeats it", () => {
  const chart: Show = {
    kind: "chart",
    picture: "section-1-chart.png",
    series: {
      mark: "line",
      xLabel: "Week",
      yLabel: "Flights",
      series: [
        {
          name: "Flights",
          points: [
            { x: "W1", y: 300 },
            { x: "W2", y: null },
            { x: "W3", y: 42 },
          ],
        },
      ],
    },
  };
  const of = picture("section-1-chart.png", { width: 1_312, height: 600 });
  const body = html([section("A", routes(3), { show: chart })], { pictures: [of] });
  expect(body).toContain(
    `<img src="cid:${contentId(of, "run-7f3a")}" width="576" height="263" alt="Alt of section-1-chart.png"`,
  );
  expect(seen(body)).not.toContain("highest");
  expect(body).not.toContain("<tbody>");
  expect(plain([section("A", routes(3), { show: chart })], { pictures: [of] })).toContain(
    "[Picture: Alt of section-1-chart.png]",
  );
});

test("pictures are found wherever the caller says, and the digest is cut as it is in the mail", () => {
  const pictures = [picture("a.png"), picture("b.png")];
  const sections = pictures.map(({ name }) =>
    section(name, routes(1), { show: { kind: "image", picture: name } }),
  );
  const large = section("Large", routes(5_000), { rowsShown: 5_000 });
  const of = message([...sections, large], { pictures });
  const page = renderMail(of, ({ name }) => `data:image/png;base64,${name}"<${"x".repeat(50_000)}`).html;
  expect(page).toContain('<img src="data:image/png;base64,a.png&quot;&lt;xxx');
  expect(page).not.toContain("cid:");
  const rows = (body: string) => /[\d,]+ of 5,000 rows/.exec(body)?.[0];
  expect(rows(page)).toBe(rows(renderMail(of).html));
});

test.each([["chart"], ["image"]] as const)(
  "if a %s could not be drawn, its table is shown instead",
  (kind) => {
    const show: Show = kind === "chart" ? { kind, picture: null, series: null } : { kind, picture: null };
    const shown = section("A", THREE, { show }, { notices: ["It could not be drawn."] });
    expect(seen(html([shown]))).toMatch(/ATL 10 40.*It could not be drawn\./);
    expect(plain([shown])).toMatch(/ATL +10 +40\n.*Note: It could not be drawn\./s);
  },
);

test("a picture that is not part of the message is not shown", () => {
  const shown = section("A", THREE, { show: { kind: "image", picture: "lost.png" } });
  expect(seen(html([shown]))).toContain("ATL 10 40");
  expect(html([shown])).not.toContain("<img");
  expect(plain([shown])).toMatch(/ATL +10 +40\n/);
});

test("marked cells are bold, tinted, and marked by more than colour; a line says what is marked", () => {
  const shown = section("A", THREE, { show: { kind: "table", emphasis: OPERATORS } });
  const body = html([shown]);
  expect(body.match(/<td class="hi"[^>]*font-weight:600[^>]*>/g)).toHaveLength(2);
  expect(seen(body)).toContain("ATL 10 ● 40 DFW ● 30 5 ORD 20 6");
  expect(seen(body)).toContain("● Marked: Flights > 20, Delay = 40");
  expect(plain([shown])).toMatch(
    /ATL +10 +\* 40\nDFW +\* 30 +5\nORD +20 +6\n\* Marked: Flights > 20, Delay = 40/,
  );
});

const CHANGES: Changes = {
  since: "2026-11-09T13:00:00.000Z",
  key: [0],
  added: [[text("NEW"), number(1), number(2)]],
  gone: [[text("OLD"), number(3), number(4)]],
  moved: [{ now: [text("ATL"), number(1_310), number(4)], was: [null, number(1_204), null] }],
  counts: { added: 1, gone: 1, moved: 1, same: 39 },
};

test("changes are in three groups, moved cells with old and new value; columns without changes are left out", () => {
  const shown = section("A", THREE, { show: { kind: "changes", changes: CHANGES } });
  expect(seen(html([shown]))).toMatch(
    /1 new, 1 gone, 1 moved of 41 rows since 9 Nov 2026\. New \(1\) .*NEW 1 2 Gone \(1\) .*OLD 3 4 Moved \(1\) A: moved Route Flights ATL 1,204 → 1,310 \+106/,
  );
  expect(plain([shown])).toMatch(
    /New \(1\)\n.*NEW +1 +2\n\nGone \(1\)\n.*OLD +3 +4\n\nMoved \(1\)\nRoute +Flights\n.*ATL +1,204 → 1,310 \(\+106\)\n/s,
  );
});

test("the first time there is nothing to compare with, and without changes it says so", () => {
  const none = { added: [], gone: [], moved: [] };
  const first = { ...CHANGES, ...none, since: null, counts: { added: 0, gone: 0, moved: 0, same: 0 } };
  expect(seen(html([section("A", THREE, { show: { kind: "changes", changes: first } })]))).toContain(
    "There is no earlier report to compare with yet. From the next one on, this section shows what has changed; it has 3 rows now.",
  );
  const same = { ...CHANGES, ...none, counts: { added: 0, gone: 0, moved: 0, same: 42 } };
  expect(seen(html([section("A", THREE, { show: { kind: "changes", changes: same } })]))).toContain(
    "No changes since 9 Nov 2026: all 42 rows are as they were.",
  );
});

test("of long lists of changes each group keeps its first rows, and says how many there are", () => {
  const many = Array.from({ length: 40 }, (_, index) => [text(`R${index}`), number(index), number(index)]);
  const changes = {
    ...CHANGES,
    added: many,
    gone: many,
    counts: { added: 900, gone: 40, moved: 1, same: 0 },
  };
  const body = seen(html([section("A", THREE, { show: { kind: "changes", changes }, rowsShown: 5 })]));
  for (const part of ["New (5 of 900 shown)", "Gone (5 of 40 shown)", "Moved (1)"])
    expect(body).toContain(part);
});

test("words of the author are Markdown, in a section of their own or above the data", () => {
  const markdown =
    "**Mind** the [log](https://x.example/?a=1&b=2) <b>raw</b>\n\n- one\n- [two](javascript:alert(1))";
  for (const shown of [words("Notes", markdown), section("A", THREE, {}, { text: markdown })]) {
    const body = html([shown]);
    expect(body).toContain('href="https://x.example/?a=1&amp;b=2"');
    expect(body).toContain("&lt;b&gt;raw&lt;/b&gt;");
    expect(body).not.toContain("javascript:");
    expect(plain([shown])).toContain("Mind the log <https://x.example/?a=1&b=2> <b>raw</b>\n\n- one\n- two");
  }
});

test("what the data covers, and what to download until when, are stated", () => {
  const download = {
    filename: "all.csv",
    url: "https://lookpost.example.com/d/abc",
    bytes: 412_000_000,
    rows: 1_204_311,
    sections: [0],
    expiresAt: "2026-11-23T13:00:00.000Z",
  };
  const of = message([section("A", { ...routes(3), rowCount: 1_204_311 })], {
    period: "9 to 15 November 2026",
    downloads: [download],
  });
  const { html: body, text: plainBody } = renderMail(of);
  for (const words of [seen(body), plainBody.replace(/\s+/g, " ")])
    for (const part of [
      "9 to 15 November 2026",
      "Due Monday 16 November 2026, 08:00 EST",
      "3 of 1,204,311 rows. The full data is available to download below.",
      "1,204,311 rows, 412 MB, until 23 Nov 2026, 08:00 EST",
    ])
      expect(words).toContain(part);
  expect(body).toContain('href="https://lookpost.example.com/d/abc"');
  expect(plainBody).toContain("\n    https://lookpost.example.com/d/abc\n");
});

test("a change is judged where the report says which way is good, in a word and a shape, and in the text part", () => {
  const judged = (better: "up" | "down") => [section("Flights", routes(1), { show: kpi({ better }) })];
  expect(seen(html(judged("up")))).toContain("▲ 8.2% better than 14,683");
  expect(html(judged("up"))).toContain('<span class="good"');
  expect(seen(html(judged("down")))).toContain("▲ 8.2% worse than 14,683");
  expect(html(judged("down"))).toContain('<span class="bad"');
  expect(html([section("Flights", routes(1), { show: kpi() })])).toContain('<span class="flat"');
  expect(plain(judged("down"))).toContain("up 1,204 (8.2%) from 14,683 in the week from 2 November: worse");
});

test("what all figures are compared with is said once, after the period", () => {
  const period = "9 to 15 November 2026";
  const change = { ...(kpi() as Extract<Show, { kind: "kpi" }>).kpi.change!, before: "week" as const };
  const figures = ["A", "B"].map((title) => section(title, routes(1), { show: kpi({ change, period }) }));
  const body = seen(html(figures, { period }));
  expect(body).toContain(`${period}, compared with the week before`);
  expect(body).toMatch(/from 14,683 from 14,683/);
});

test("one long value shrinks only itself", () => {
  const long = section("Turnover", routes(1), { show: kpi({ value: "€1,234,567,890,123,456,789" }) });
  const short = section("Flights", routes(1), { show: kpi() });
  const body = html([short, long, section("B", routes(1), { show: kpi({ value: "7.2" }) })]);
  expect([...body.matchAll(/font-size:(\d+)px;line-height:28px/g)].map(([, px]) => Number(px))).toEqual([
    22, 21, 22,
  ]);
});

test("a section without a link shows none", () => {
  expect(seen(html([section("A", routes(1), { url: null })]))).not.toContain("Open in Looker");
  expect(plain([section("A", routes(1), { url: null })])).not.toContain("Open in Looker");
});

const EVIL = HOSTILE.join(" ");
const pictures = Array.from({ length: 60 }, (_, index) => picture(`p${index}.png`, { alt: EVIL }));
const hostileTable = table(
  [column(EVIL), column("N", true)],
  Array.from({ length: 400 }, (_, index) => [text("<&\"'é日".repeat(99)), number(index)]),
);
const manyChanges: Changes = {
  ...CHANGES,
  added: hostileTable.rows,
  gone: hostileTable.rows,
  moved: hostileTable.rows.map((now) => ({ now, was: [text(EVIL), null] })),
  counts: { added: 400, gone: 400, moved: 400, same: 0 },
};
const shows: readonly Show[] = [
  kpi({ label: EVIL, value: EVIL, of: EVIL, sparkline: "p1.png" }),
  { kind: "image", picture: "p2.png" },
  { kind: "changes", changes: manyChanges },
  { kind: "table", emphasis: [{ column: 0, when: { operator: "!=", operand: EVIL } }] },
  {
    kind: "chart",
    picture: "p3.png",
    series: {
      mark: "arc",
      xLabel: EVIL,
      yLabel: EVIL,
      series: [{ name: EVIL, points: [{ x: EVIL, y: 3 }] }],
    },
  },
];

test.each([
  ["figures", [0], 40],
  ["pictures", [1, 4], 40],
  ["changes", [2], 20],
  ["marked tables", [3], 20],
  ["all of it", [0, 1, 2, 3, 4], 60],
] as const)(
  "nasty %s with Markdown, notices, files and downloads without end stay within 90 kB, and what is left out is told",
  (_, kinds, count) => {
    const sections = Array.from({ length: count }, (_, index) =>
      section(
        `${index} ${EVIL}`,
        hostileTable,
        {
          show: shows[kinds[index % kinds.length] ?? 0] ?? kpi(),
          rowsShown: 400,
          url: `https://x.example/?${"&".repeat(1_500)}`,
        },
        { text: `${"*<b>* ".repeat(200)}${EVIL}`, notices: Array.from({ length: 30 }, () => EVIL) },
      ),
    );
    const { html: body, text: plainBody } = renderMail(
      message(sections, {
        intro: "&".repeat(50_000),
        subject: EVIL,
        notices: Array.from({ length: 60 }, () => EVIL),
        pictures,
        artifacts: Array.from({ length: 90 }, () => artifact(EVIL, 5)),
        downloads: Array.from({ length: 90 }, () => ({
          filename: EVIL,
          url: `https://x.example/${"a".repeat(480)}`,
          bytes: 5,
          rows: 5,
          sections: [],
          expiresAt: "2026-11-23T13:00:00.000Z",
        })),
      }),
    );
    const told = seen(body);
    expect({
      bytes: Buffer.byteLength(body) <= HTML_BYTES_MAX,
      escaped: !/<script|<[^>]*onerror=alert\(1\)>/.test(body),
      sections: /more sections? do(es)? not fit|[Tt]here is no room/.test(told),
      notices: /And \d+ more notices/.test(told),
      files: /and \d+ more files/.test(told),
      text: plainBody.length < 200_000,
    }).toEqual({ bytes: true, escaped: true, sections: true, notices: true, files: true, text: true });
  },
);
