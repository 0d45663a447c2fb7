import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, startWithClient } from "../client.ts";
import { render } from "./rendering.ts";

const chromiumPath = "/usr/bin/chromium";

interface PdfPage {
  /** In points. */
  size: [width: number, height: number];
  /** Lines and cells, in the order in which they were drawn. */
  texts: string[];
}

let client: Client;

beforeAll(async () => {
  client = await startWithClient({ renderMs: 0 });
});
afterAll(async () => {
  await client.looker.close();
});

async function pagesOf(query: string, body: object, id = "7"): Promise<PdfPage[]> {
  const { answer, bytes } = await render(client, `dashboards/${id}/pdf?width=1200&height=900${query}`, body);
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  const pdf = await getDocumentProxy(new Uint8Array(bytes));
  const pages: PdfPage[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const [, , width = 0, height = 0] = page.view;
    const { items } = await page.getTextContent();
    const texts = items.flatMap((item) => ("str" in item && item.str.trim() !== "" ? [item.str] : []));
    pages.push({ size: [Math.round(width), Math.round(height)], texts });
  }
  return pages;
}

test("a dashboard's PDF has its tiles and their data as text, on one page of its own size", async () => {
  const pages = await pagesOf("", {});
  expect(pages).toHaveLength(1);
  const [{ size, texts } = { size: [0, 0], texts: [] }] = pages;
  expect(size[0]).toBe(900);
  for (const words of [
    "Flight operations",
    "Flights by day",
    "About these figures",
    "Delayed Rate",
    "ORD-LAS",
  ])
    expect(texts).toContain(words);
  const { query_id } = await client.getJson("/dashboard_elements/701");
  const [row] = await client.getJson(`/queries/${query_id}/run/json?apply_formatting=true`);
  expect(texts).toContain(row["flights.count"]);
});

test("on a paper it has the paper's size, and with long tables every row, over as many pages as it takes", async () => {
  const short = await pagesOf("&pdf_paper_size=a4", {});
  expect(short[0]?.size).toEqual([595, 842]);
  const long = await pagesOf("&pdf_paper_size=a4&pdf_landscape=true&long_tables=true", {});
  expect(long[0]?.size).toEqual([842, 595]);
  expect(long.length).toBeGreaterThan(3);
  const airports = (pages: PdfPage[]) =>
    pages.flatMap(({ texts }) => texts.filter((text) => /^[A-Z]{3}$/.test(text)));
  expect(short.flatMap(({ texts }) => texts).some((text) => / of \d+ rows$/.test(text))).toBe(true);
  const { query } = (await client.getJson("/dashboard_elements/702")).look;
  const filters = { ...query.filters, "flights.date_date": "28 days ago for 28 days" };
  const answer = await client.post("/queries/run/json", { ...query, filters });
  const rows: Record<string, string>[] = await answer.json();
  expect(rows.length).toBeGreaterThan(50);
  // A row at the very edge of a page may be on both.
  expect([...new Set(airports(long))]).toEqual(rows.map((row) => row["flights.origin"]));
});

test("cells that would end a string of the PDF are text in it", async () => {
  const texts = (await pagesOf("&long_tables=true", {}, "8")).flatMap((page) => page.texts);
  expect(texts).toContain('<script>alert("body")</script>');
  expect(texts).toContain('=HYPERLINK("https://evil.example","click")');
  expect(texts).toContain('Odds & ends <of a "dashboard">');
});

test("letters that the fonts of every reader lack are in it as what they are", async () => {
  const texts = (await pagesOf("&long_tables=true", {}, "8")).flatMap((page) => page.texts);
  expect(texts.join(" ")).toContain("and ſharp ß");
  expect(texts).toContain("∅");
});

test("the filters of a dashboard reach its tiles' data, and an empty one lifts the default", async () => {
  const figure = async (dashboard_filters: string) => {
    const [page] = await pagesOf("", { dashboard_filters });
    const texts = page?.texts ?? [];
    return { head: texts[1], flights: texts[texts.indexOf("Flights") + 1], texts };
  };
  const [whole, week, ever, sfo] = [
    await figure(""),
    await figure("?Departure=7+days+ago+for+7+days"),
    await figure("Departure="),
    await figure("Origin+airport=SFO&Nobody=knows"),
  ];
  expect(whole.head).toContain("Departure is 28 days ago for 28 days");
  expect(week.head).toContain("Departure is 7 days ago for 7 days");
  expect(ever.head).toContain("Departure is any value");
  const count = (text: string | undefined) => Number(text?.replaceAll(",", ""));
  expect(count(ever.flights)).toBe(20_000);
  expect(count(week.flights)).toBeLessThan(count(whole.flights) / 2);
  expect(count(sfo.flights)).toBeLessThan(count(whole.flights) / 10);
  expect(sfo.texts).toContain("SFO-JFK");
  expect(sfo.texts).not.toContain("LAX-ORD");
});

test("one below the other, tiles come in the order of the page", async () => {
  const [page] = await pagesOf("", { dashboard_style: "single_column" });
  const titles = ["Flights", "Delayed", "Flights by day", "Delays by origin airport", "About these figures"];
  expect(page?.texts.filter((text) => titles.includes(text))).toEqual(titles);
});

test.skipIf(!existsSync(chromiumPath))(
  existsSync(chromiumPath)
    ? "a JPEG is one to a browser, of exactly the size asked for"
    : `SKIPPED: no ${chromiumPath} to read a JPEG with`,
  async () => {
    const { answer, bytes } = await render(client, "dashboards/7/jpg?width=641&height=333", {});
    expect(answer.headers.get("content-type")).toBe("image/jpeg");
    const browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
    try {
      const tab = await browser.newPage();
      await tab.setContent(`<img src="data:image/jpeg;base64,${bytes.toString("base64")}">`);
      const size = () => tab.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]");
      await expect.poll(size).toEqual([641, 333]);
      const corner = await tab.evaluate(`(() => {
        const canvas = document.createElement("canvas");
        const context = canvas.getContext("2d");
        context.drawImage(document.images[0], 0, 0);
        return [...context.getImageData(2, 2, 1, 1).data];
      })()`);
      expect(corner).toEqual([0xf2, 0xf4, 0xf6, 255].map((value) => expect.closeTo(value, -1)));
    } finally {
      await browser.close();
    }
  },
);
