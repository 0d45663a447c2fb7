import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openLinked } from "./linked.ts";

const CHROMIUM = "/usr/bin/chromium";

describe.skipIf(!existsSync(CHROMIUM))("in a browser (skipped where there is no Chromium)", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"],
    });
  });
  afterAll(() => browser.close());

  async function opened(width: number, colorScheme: "light" | "dark", filename = "flights.csv") {
    const { offered, artifact } = await openLinked();
    const page = await browser.newPage({ viewport: { width, height: 640 }, colorScheme });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    const made = artifact("a,b\r\n1,2\r\n", { filename });
    await page.goto(await offered(made));
    return { page, complaints };
  }

  test.each([
    [360, "light"],
    [700, "dark"],
    [1200, "light"],
  ] as const)("the page has its own look at %i pixels, %s, and fits", async (width, scheme) => {
    const { page, complaints } = await opened(width, scheme, `${"a-very-long-name-".repeat(8)}.csv`);
    const colours = await page.evaluate<string[]>(
      `["body", "main"].map((name) => getComputedStyle(document.querySelector(name)).backgroundColor)`,
    );
    expect(colours).toEqual(
      scheme === "light"
        ? ["rgb(241, 243, 246)", "rgb(255, 255, 255)"]
        : ["rgb(18, 22, 27)", "rgb(26, 32, 39)"],
    );
    expect(await page.evaluate<boolean>("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each([
    [360, "light"],
    [360, "dark"],
    [1200, "dark"],
  ] as const)(
    "a link into Looker at %i pixels, %s: one button, without JavaScript",
    async (width, scheme) => {
      const looker = createServer((_request, response) => response.end("<h1>The dashboard</h1>"));
      await new Promise<void>((resolve) => looker.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void looker.close());
      const target = `http://127.0.0.1:${(looker.address() as AddressInfo).port}/embed/dashboards/7`;
      const { offers, url } = await openLinked({ embed: async () => target });
      const context = await browser.newContext({
        javaScriptEnabled: false,
        viewport: { width, height: 640 },
        colorScheme: scheme,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(url + new URL(await offers.embed(target, "run1")).pathname);
      const button = await page.getByRole("button", { name: "Open in Looker" }).boundingBox();
      expect(button?.height).toBeGreaterThanOrEqual(44);
      expect((button?.x ?? 0) + (button?.width ?? 0)).toBeLessThanOrEqual(width);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForURL(target);
      expect(await page.getByRole("heading").textContent()).toBe("The dashboard");
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  test("the button saves the file under its name, whatever it is", async () => {
    const { page } = await opened(700, "light", 'Flüge 100% "KW 46"; délai.csv');
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download" }).click(),
    ]);
    expect(await readFile(await download.path(), "utf8")).toBe("a,b\r\n1,2\r\n");
    // Browsers replace what their system's file names may not have.
    expect(download.suggestedFilename()).toMatch(/^Flüge 100% ["_]KW 46["_]; délai\.csv$/);
    await page.close();
  });
});
