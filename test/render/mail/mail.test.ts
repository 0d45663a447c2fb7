import { expect, test } from "vitest";
import type { Message } from "../../../src/core/model/message.ts";
import { HTML_BYTES_MAX, renderMail } from "../../../src/render/mail/mail.ts";
import {
  artifact,
  column,
  HOSTILE,
  message,
  NULL,
  number,
  routes,
  rowTotal,
  section,
  table,
  text,
} from "../sample.ts";

const html = (of: Message) => renderMail(of).html;
const bytes = (of: Message) => Buffer.byteLength(html(of));

/** Cells of the data tables' bodies, as a reader sees them. */
function cells(body: string): string[][] {
  const tables = [...body.matchAll(/<tbody>(.*?)<\/tbody>/gs)].map((match) => match[1] ?? "");
  return tables.flatMap((rows) =>
    [...rows.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
      [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map((cell) => seen(cell[1] ?? "")),
    ),
  );
}

function seen(markup: string): string {
  const named: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return markup.replace(/<[^>]*>/g, "").replace(/&([a-z]+|#\d+);/g, (entity, name) => named[name] ?? entity);
}

/** Tags left open or closed out of turn. */
function unbalanced(body: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const visible = body.replace(/<!--.*?-->/gs, "").replace(/<style>.*?<\/style>/gs, "");
  for (const [, slash, name = ""] of visible.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (["meta", "br"].includes(name)) continue;
    if (slash === "") open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...open, ...wrong];
}

const PIVOTED = table(
  [
    column("Origin"),
    ...["Oct", "Nov"].flatMap((month) => [column("Flights", true, [month]), column("Delay", true, [month])]),
    rowTotal("Flights"),
  ],
  [[text("ATL"), number(1), number(2), number(3), number(4), number(5)]],
  { pivotLabels: ["Month"], totals: [NULL, number(10), number(20), number(30), number(40), number(50)] },
);

test("the head says language, title, colour schemes; the preheader sums up; the footer says who to ask", () => {
  const body = html(
    message([section("Delay by carrier", { ...routes(3), rowCount: 12_431 })], { subject: "Delays <46>" }),
  );
  for (const words of [
    '<html lang="en"',
    "<title>Delays &lt;46&gt;</title>",
    '<meta name="color-scheme" content="light dark">',
    "Delay by carrier: 12,431 rows",
    "Weekly flight delays</h1>",
    "Run by Looker at 08:00 EST",
    'href="mailto:flight-ops@example.com?subject=Question%20about%20Weekly%20flight%20delays"',
    "Open in Looker</a>",
    "Report weekly-delays · run run-7f3a",
  ])
    expect(body).toContain(words);
  expect(seen(body)).toContain("Due Monday 16 November 2026, 08:00 EST · Run by Looker at 08:00 EST");
  expect(
    body.match(/href="https:\/\/looker\.example\.com\/explore\/faa\/flights\?qid=abc&amp;toggle=dat"/g),
  ).toHaveLength(2);
  expect(seen(body)).toContain("3 of 12,431 rows. See all 12,431");
});

test("what mail clients cannot do is not used", () => {
  const body = html(
    message([section("A", PIVOTED), section("B", routes(20, 20))], { intro: "Hello", notices: ["n"] }),
  );
  expect(body).not.toMatch(
    /<svg|<img|<script|base64|var\(--|display:\s*flex|display:\s*grid|url\(|@import|<link/i,
  );
  expect(body.match(/<table(?! role="presentation"| class="d)/g) ?? []).toEqual([]);
});

test("a data table has a caption, column scopes, and its numbers to the right", () => {
  const body = html(message([section("Routes & delays", routes(2))]));
  expect(body).toMatch(/<caption[^>]*>Routes &amp; delays<\/caption>/);
  expect(body.match(/<th scope="col" align="(left|right)"/g)).toHaveLength(3);
  expect(cells(body)).toEqual([
    ["ATL-00000", "-300", "-300"],
    ["ATL-00001", "-283", "-266"],
  ]);
  expect(body.match(/<td align="right" nowrap>/g)).toHaveLength(4);
});

test("a pivot has its groups over its measures, and totals a row of their own", () => {
  const body = html(message([section("By month", PIVOTED)]));
  expect(body.match(/<th scope="colgroup" colspan="2"/g)).toHaveLength(2);
  expect(body).toMatch(/<th scope="col" align="left" rowspan="2"[^>]*>Origin<\/th>/);
  expect([...body.matchAll(/<th [^>]*>(.*?)<\/th>/g)].map((match) => seen(match[1] ?? ""))).toEqual([
    "Origin",
    "Oct",
    "Nov",
    "Row total",
    "Flights",
    "Delay",
    "Flights",
    "Delay",
    "Flights",
  ]);
  const totals = /<tfoot>(.*?)<\/tfoot>/s.exec(body)?.[1] ?? "";
  expect([...totals.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map((match) => match[1])).toEqual([
    "Total",
    "10",
    "20",
    "30",
    "40",
    "50",
  ]);
});

test("a single row of a few numbers is shown as large figures", () => {
  const figures = table(
    [column("Flights", true), column("On time", true)],
    [[number(12_431), number(0.8, "80%")]],
  );
  const body = html(message([section("This week", figures)]));
  expect(cells(body)).toEqual([["12,431", "80%"]]);
  expect(body).toContain("font-size:30px");
  expect(html(message([section("A", routes(1))]))).not.toContain("font-size:30px");
});

test("the author's lines stay lines", () => {
  expect(html(message([], { intro: " Good morning.\n\nRead on. " }))).toContain(
    "Good morning.<br><br>Read on.</p>",
  );
});

test("cut rows are named, with the file or the place that has the rest", () => {
  const cut = { ...routes(50), rowCount: 12_431 };
  const withFile = html(message([section("A", cut)], { artifacts: [artifact("delays.csv", 12_431)] }));
  expect(withFile).toContain("50 of 12,431 rows. The full data is attached.");
  expect(withFile).toContain("delays.csv</span> &nbsp;12,431 rows, 1.1 MB");
  const without = html(message([section("A", cut)]));
  expect(without).toMatch(/50 of 12,431 rows\. <a [^>]*>See all 12,431<\/a>/);
  const bound = html(message([section("A", { ...routes(50), rowCount: 5_000, rowCountIsExact: false })]));
  expect(bound).toMatch(/50 of the first 5,000 rows\. <a [^>]*>See more in Looker<\/a>/);
});

test("fewer rows are shown where the report asks for fewer", () => {
  const body = html(message([section("A", routes(50), { rowsShown: 10 })]));
  expect(cells(body)).toHaveLength(10);
  expect(body).toContain("10 of 50 rows.");
});

test("an empty result says so in a sentence and shows no table; show: none shows none either", () => {
  const empty = html(message([section("A", table([column("A")], []))]));
  expect(empty).toContain("No rows: the query returned nothing for its filters.");
  expect(empty).not.toContain("<tbody>");
  const none = html(
    message([section("A", routes(7), { show: { kind: "none" } })], { artifacts: [artifact("a.csv", 7)] }),
  );
  expect(none).toContain("7 rows. The full data is attached.");
  expect(none).not.toContain("<tbody>");
});

test("everything from outside is escaped, whole in meaning, cut at 300 characters, without control characters", () => {
  const rows = HOSTILE.map((hostile, index) => [
    text(hostile, index === 0 ? "javascript:alert(1)" : undefined),
    number(index),
  ]);
  const evil = HOSTILE[0] ?? "";
  const of = message(
    [section(evil, table([column(evil), column("N", true)], rows), {}, { notices: [evil] })],
    {
      subject: evil,
      intro: evil,
      notices: [evil],
      artifacts: [artifact(evil, 1)],
      run: { ...message([]).run, title: evil, owner: evil, report: evil, id: evil },
    },
  );
  const body = html(of);
  expect(body).not.toMatch(/<script|<img|javascript:|<h1>Gone/);
  expect(body).not.toMatch(/[^\P{Cc}\t\n]/u);
  expect(body.isWellFormed()).toBe(true);
  expect(unbalanced(body)).toEqual([]);
  const shown = cells(body);
  expect(shown.map((row) => row[1])).toEqual(HOSTILE.map((_, index) => String(index)));
  expect(shown[0]?.[0]).toBe(evil);
  expect(shown.map((row) => row[0]?.length ?? 0).every((length) => length <= 300)).toBe(true);
  expect(shown[9]?.[0]).toMatch(/^x{290,}…$/);
  expect(body).toContain("<bdi>שלום, עולם</bdi>");
});

test("links of the model are kept where they lead to the web", () => {
  const rows = [[text("a", "https://x.example/?a=1&b=<2>"), text("b", "ftp://x.example")]];
  const body = html(message([section("A", table([column("A"), column("B")], rows))]));
  expect(body).toContain('<a href="https://x.example/?a=1&amp;b=%3C2%3E">a</a>');
  expect(body).not.toContain("ftp:");
});

test.each([
  ["500 rows of 12 columns", [section("A", routes(500, 12), { rowsShown: 500 })]],
  ["5,000 rows of 30 columns", [section("A", routes(5_000, 30), { rowsShown: 5_000 })]],
  ["300 columns", [section("A", routes(100, 300))]],
  [
    "three large sections",
    ["A", "B", "C"].map((title) => section(title, routes(2_000, 6), { rowsShown: 2_000 })),
  ],
  [
    "a large and a small one",
    [section("Large", routes(5_000, 8), { rowsShown: 5_000 }), section("Small", routes(20))],
  ],
  [
    "hostile cells without end",
    [
      section(
        "A",
        table(
          [column("A")],
          Array.from({ length: 3_000 }, () => [text("<&\"'é日".repeat(99))]),
        ),
        { rowsShown: 3_000 },
      ),
    ],
  ],
  ["400 sections", Array.from({ length: 400 }, (_, index) => section(`Part ${index}`, routes(30, 5)))],
])("%s: the HTML stays within 90 kB, uses most of it, and says what is cut", (_, sections) => {
  const of = message(sections, { artifacts: [] });
  const body = html(of);
  expect(bytes(of)).toBeLessThanOrEqual(HTML_BYTES_MAX);
  expect(bytes(of)).toBeGreaterThan(HTML_BYTES_MAX * 0.6);
  expect(unbalanced(body)).toEqual([]);
  const shown = cells(body).length;
  const all = sections.reduce((sum, one) => sum + (one.data?.table.rows.length ?? 0), 0);
  if (shown < all) expect(body).toMatch(/[\d,]+ of [\d,]+ rows|not shown here|more sections do not fit/);
});

test("the small table keeps all its rows when the large one loses its own", () => {
  const sections = [section("Large", routes(5_000, 8), { rowsShown: 5_000 }), section("Small", routes(20))];
  const body = html(message(sections));
  expect(body).toMatch(/[\d,]+ of 5,000 rows/);
  expect(body).not.toContain("of 20 rows");
});

test("columns beyond 40 are left out, and it says so", () => {
  expect(html(message([section("A", routes(3, 100))]))).toContain("3 rows, 40 of 100 columns.");
});

test("words of an author and hostile names without end do not break the budget", () => {
  const long = "<\"'&>".repeat(20_000);
  const of = message(
    [section(long, routes(50, 10), {}, { notices: Array.from({ length: 90 }, () => long) })],
    {
      subject: long,
      intro: long,
      notices: Array.from({ length: 500 }, () => long),
      artifacts: Array.from({ length: 300 }, (_, index) => artifact(`file ${index}.csv`, index + 100)),
      run: { ...message([]).run, title: long, owner: long },
    },
  );
  expect(bytes(of)).toBeLessThanOrEqual(HTML_BYTES_MAX);
  expect(html(of)).toContain("And 488 more notices.");
  expect(html(of)).toContain("and 270 more files");
});

test.each([40, 60])(
  "a digest of %i tables shows as many as there is room for, from the first on, none without rows",
  (count) => {
    const sections = Array.from({ length: count }, (_, index) =>
      section(`Table ${index + 1}`, { ...routes(20, 5), rowCount: 49 }),
    );
    const body = html(message(sections));
    const shown = body.match(/<caption/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(15);
    expect(Buffer.byteLength(body)).toBeGreaterThan(75_000);
    expect(body.match(/ of 49 rows\./g)?.length).toBe(shown);
    expect(body.indexOf("not shown here")).toBeGreaterThan(body.lastIndexOf("<caption"));
  },
);
