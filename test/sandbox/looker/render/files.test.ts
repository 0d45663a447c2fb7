import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, startWithClient } from "../client.ts";
import { render } from "./rendering.ts";

const chromiumPath = "/usr/bin/chromium";

/** Reads a PDF by its cross-reference table alone, and gives each page's size and the texts that it shows. */
const readPdf = `
import json, re, sys
data = open(sys.argv[1], "rb").read()
assert data.startswith(b"%PDF-1.") and data.rstrip().endswith(b"%%EOF")
start = int(re.findall(rb"startxref\\s+(\\d+)", data)[-1])
assert data[start:start + 4] == b"xref", "startxref does not lead to the table"
count = int(re.match(rb"xref\\s+0 (\\d+)", data[start:]).group(1))
lines = data[start:].split(b"\\n")[2:2 + count]
objects = {}
for number, line in enumerate(lines):
    offset, generation, kind = line.split()
    assert len(line) == 19, "an entry is 20 bytes with its end of line"
    if kind == b"n":
        head = b"%d 0 obj" % number
        assert data[int(offset):int(offset) + len(head)] == head, "object %d is not where the table says" % number
        objects[number] = data[int(offset):data.index(b"endobj", int(offset))]
root = int(re.search(rb"/Root (\\d+) 0 R", data[start:]).group(1))
pages = objects[int(re.search(rb"/Pages (\\d+) 0 R", objects[root]).group(1))]
found = []
for kid in re.findall(rb"(\\d+) 0 R", re.search(rb"/Kids \\[(.*?)\\]", pages).group(1)):
    page = objects[int(kid)]
    box = [float(n) for n in re.search(rb"/MediaBox \\[(.*?)\\]", page).group(1).split()]
    content = objects[int(re.search(rb"/Contents (\\d+) 0 R", page).group(1))]
    length = int(re.search(rb"/Length (\\d+)", content).group(1))
    body = content[content.index(b"stream\\n") + 7:]
    assert body[length:].strip() == b"endstream", "the stream is not as long as it says"
    texts = re.findall(rb"\\(((?:\\\\.|[^()\\\\])*)\\) Tj", body)
    plain = [re.sub(rb"\\\\([()\\\\])", rb"\\1", t) for t in texts]
    plain = [re.sub(rb"\\\\(\\d{3})", lambda m: bytes([int(m.group(1), 8)]), t).decode("cp1252") for t in plain]
    found.append({"size": box[2:], "texts": plain})
assert int(re.search(rb"/Count (\\d+)", pages).group(1)) == len(found)
print(json.dumps(found))
`;

interface PdfPage {
  size: [width: number, height: number];
  texts: string[];
}

let client: Client;
let folder: string;

beforeAll(async () => {
  client = await startWithClient({ renderMs: 0 });
  folder = await mkdtemp(path.join(tmpdir(), "sandbox-renders-"));
});
afterAll(async () => {
  await client.looker.close();
  await rm(folder, { recursive: true });
});

async function pagesOf(query: string, body: object, id = "7"): Promise<PdfPage[]> {
  const { answer, bytes } = await render(client, `dashboards/${id}/pdf?width=1200&height=900${query}`, body);
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  const file = path.join(folder, "page.pdf");
  await writeFile(file, bytes);
  const { stdout } = await promisify(execFile)("python3", ["-c", readPdf, file]);
  return JSON.parse(stdout);
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

test("one below the other, tiles stand in the order of the page", async () => {
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
