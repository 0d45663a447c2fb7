import { existsSync } from "node:fs";
import { HtmlValidate } from "html-validate";
import { type Browser, chromium } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message, MessageSection } from "../../../src/core/model/message.ts";
import type { FormatInput } from "../../../src/core/ports/adapter.ts";
import type { Spool } from "../../../src/core/ports/spool.ts";
import { htmlFormat } from "../../../src/render/page/format.ts";
import { htmlOptions } from "../../../src/render/page/schema.ts";
import { inputOf, largeCsv, made, result } from "../file-input.ts";
import { column, HOSTILE, message, NULL, number, routes, section, table, text, words } from "../sample.ts";
import { fileIn, spoolFolder } from "../spool.ts";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const testInBrowser = test.skipIf(!existsSync(executablePath));

let browser: Browser | undefined;
beforeAll(async () => {
  if (existsSync(executablePath))
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu"],
      headless: true,
    });
});
afterAll(() => browser?.close());

async function page(sections: readonly MessageSection[], more: Partial<Message> = {}, spool?: Spool) {
  const input: FormatInput = {
    ...(await inputOf({}, spool === undefined ? {} : { spool })),
    message: message(sections, more),
    sections: sections.map(({ title, data }, index) => ({
      index,
      title,
      result: data === null ? null : result(data.table),
      filters: [],
    })),
  };
  const { artifact, bytes } = await made(htmlFormat, input, htmlOptions.parse({}));
  return { artifact, html: bytes.toString("utf8") };
}

/** A digest with a section of each kind. */
async function everyKind(spool: Spool) {
  const png = PNG.sync.write(new PNG({ width: 64, height: 32, fill: true }));
  const { file } = await fileIn(spool, "chart.png", png);
  const pictures = [
    { name: "chart.png", file, width: 64, height: 32, alt: 'Line of "Flights": 3 points <b>' },
  ];
  const small = table([column("Week"), column("Flights", true)], [[text("47"), number(1204)]]);
  const change = {
    direction: "up",
    absolute: "1,204",
    percent: "8.2%",
    from: "14,683",
    against: "in the week from 2 November",
  } as const;
  const kpi = {
    label: "Flights",
    value: "15,887",
    of: null,
    change,
    withoutChange: null,
    sparkline: "chart.png",
    points: [],
  };
  const changes = {
    since: "2026-11-09T13:00:00.000Z",
    key: [0],
    added: [[text("48"), number(3)]],
    gone: [[text("46"), number(4)]],
    moved: [{ now: [text("47"), number(1204)], was: [null, number(1100)] }],
    counts: { added: 1, gone: 1, moved: 1, same: 0 },
  };
  const sections = [
    words(
      "Words",
      "At **the gate**. <script>x</script>\n\n1. one\n2. two\n\n> quoted\n\n```\ncode\n```\n\n---",
    ),
    section("Flights", small, { show: { kind: "kpi", kpi } }),
    section("Cancelled", small, {
      show: { kind: "kpi", kpi: { ...kpi, change: null, withoutChange: "no earlier value yet" } },
    }),
    section(
      "Table",
      { ...small, totals: [NULL, number(1204)] },
      { show: { kind: "table", emphasis: [{ column: 1, when: { operator: ">", operand: 5 } }] } },
    ),
    section("Chart", small, { show: { kind: "chart", picture: "chart.png", series: null } }),
    section(
      "As Looker draws it",
      small,
      { show: { kind: "image", picture: null } },
      { notices: ["Looker’s picture could not be had."] },
    ),
    section("Moves", small, { show: { kind: "changes", changes } }),
    section("Hidden", small, { show: { kind: "none" } }),
    section("Empty", table([column("A")], [])),
  ];
  return await page(sections, { period: "9 to 15 November 2026", intro: "Good morning.", pictures }, spool);
}

test("it is a right page by the rules of html-validate", async () => {
  const { html } = await everyKind(await spoolFolder());
  const { results } = await new HtmlValidate({
    extends: ["html-validate:recommended", "html-validate:a11y"],
  }).validateString(html);
  expect(
    results.flatMap(({ messages }) => messages.map(({ ruleId, message: said }) => `${ruleId}: ${said}`)),
  ).toEqual([]);
});

testInBrowser(
  "it is self-contained: it loads nothing, its pictures are in it, and every kind of section is there",
  async () => {
    const { artifact } = await everyKind(await spoolFolder());
    const context = await browser?.newContext({ offline: true });
    const tab = await context?.newPage();
    if (tab === undefined) throw new Error("There is no browser.");
    const asked: string[] = [];
    tab.on("request", (request) => asked.push(request.url().slice(0, 5)));
    await tab.goto(`file://${artifact.file.path}`);
    expect(asked.filter((scheme) => scheme !== "data:")).toEqual(["file:"]);
    const widths = await tab
      .locator("img")
      .evaluateAll((all) => all.map((one) => (one as unknown as { naturalWidth: number }).naturalWidth));
    expect(widths).toEqual([64, 64, 64]);
    expect(await tab.locator("img").first().getAttribute("alt")).toBe('Line of "Flights": 3 points <b>');
    const said = (await tab.locator("main").innerText()).replace(/\s+/g, " ");
    for (const words of [
      "9 to 15 November 2026",
      "<script>x</script>",
      "15,887",
      "up 1,204 (8.2%) from 14,683 in the week from 2 November",
      "no earlier value yet",
      "Marked: Flights > 5",
      "Looker’s picture could not be had.",
      "1,100 → 1,204 (+104)",
      "No rows: the query returned nothing for its filters.",
      "Due Monday 16 November 2026, 08:00 EST",
    ])
      expect(said).toContain(words);
    expect(await tab.locator("td.marked").innerText()).toBe("● 1,204");
    expect(await tab.locator("tfoot").innerText()).toBe("Total\t1,204");
    // Behind a figure or a picture its data is folded away.
    expect(await tab.locator("details").count()).toBe(3);
    await context?.close();
  },
);

testInBrowser("hostile cells, titles and words stay text, and nothing widens the page", async () => {
  const rows = HOSTILE.map((one, index) => [text(one, "javascript:alert(1)"), number(index)]);
  const { artifact } = await page(
    HOSTILE.slice(0, 8).map((one) =>
      section(one, table([column(one), column("N", true)], rows), {}, { text: one }),
    ),
    { subject: HOSTILE[0] ?? "", intro: HOSTILE.slice(0, 8).join("\n"), notices: [...HOSTILE] },
  );
  for (const width of [360, 700, 1200]) {
    const tab = await browser?.newPage({ viewport: { width, height: 900 } });
    if (tab === undefined) throw new Error("There is no browser.");
    const dialogs: string[] = [];
    tab.on("dialog", (dialog) => dialogs.push(dialog.message()));
    await tab.goto(`file://${artifact.file.path}`);
    const facts = await tab.evaluate(
      `({ wide: document.documentElement.scrollWidth, scripts: document.scripts.length, images: document.images.length,
          tables: document.querySelectorAll("table").length, links: [...document.links].filter((a) => /^javascript/i.test(a.href)).length })`,
    );
    expect(facts).toEqual({ wide: width, scripts: 0, images: 0, tables: 8, links: 0 });
    expect(dialogs).toEqual([]);
    await tab.close();
  }
});

test("it shows more rows than an email, up to 2,000 a section and fewer of wide tables, and says so", async () => {
  const { html } = await page([section("Long", routes(5_000)), section("Wide", routes(5_000, 200))]);
  const rows = html.split("</section>").map((part) => part.split("<tr>").length - 2);
  expect(rows.filter((count) => count > 0)).toEqual([2_000, 300]);
  expect(html).toContain("2,000 of 5,000 rows.");
  expect(html).toContain("300 of 5,000 rows.");
});

test("of a large result it takes its rows from the file, as far as it shows them", async () => {
  const whole = routes(3_000);
  const formatted = `A,B,C\n${whole.rows.map((row) => row.map(({ value }) => value).join(",")).join("\n")}\n`;
  const csv = await largeCsv({ formatted }, ["A", "B", "C"]);
  const input = await inputOf({ Long: result({ ...whole, rows: whole.rows.slice(0, 20) }, { csv }) });
  const html = (await made(htmlFormat, input, htmlOptions.parse({}))).bytes.toString("utf8");
  expect(html).toContain("ATL-01999");
  expect(html).not.toContain("ATL-02000");
  expect(html).toContain("2,000 of 3,000 rows.");
});

test("of a large result the rows that are known keep their links, and all rows their marks", async () => {
  const rate = { ...column("Rate", true), valueFormat: "0.0%" };
  const values = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 0.041 : 0.2459));
  const shown = values.map((value) => `${(100 * value).toFixed(1)}%`);
  const known = values
    .slice(0, 10)
    .map((value, index) => [
      text(`C${index}`, `https://looker.example.com/c/${index}`),
      number(value, shown[index] ?? ""),
    ]);
  const data = table([column("Carrier"), rate], known, { rowCount: 40 });
  const lines = (cells: readonly unknown[]) => cells.map((cell, index) => `C${index},${cell}\n`).join("");
  const csv = await largeCsv(
    { formatted: `Carrier,Rate\n${lines(shown)}`, raw: `Carrier,Rate\n${lines(values)}` },
    ["Carrier", "Rate"],
  );
  const input = await inputOf({ Rates: result(data, { csv }) });
  const when = { operator: ">" as const, operand: 0.2 };
  const marked = section("Rates", data, { show: { kind: "table", emphasis: [{ column: 1, when }] } });
  const { bytes } = await made(htmlFormat, { ...input, message: message([marked]) }, htmlOptions.parse({}));
  const html = bytes.toString("utf8");
  expect(html.match(/<tr><td/g)).toHaveLength(40);
  expect(html.match(/<td class="n marked">/g)).toHaveLength(20);
  expect(html.match(/<a href="https:\/\/looker\.example\.com\/c\/\d+"/g)).toHaveLength(10);
  expect(html).toContain("24.6%");
});

test("a missing picture file is an error that names it, and without sections there is no page", async () => {
  const picture = { name: "x.png", file: { path: "/nowhere/x.png", bytes: 1 }, width: 1, height: 1, alt: "" };
  await expect(page([section("A", routes(1))], { pictures: [picture] })).rejects.toThrow("ENOENT");
  expect(await htmlFormat.render(await inputOf({}), htmlOptions.parse({}))).toBeNull();
});
