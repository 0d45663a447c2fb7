import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../../../src/core/model/message.ts";
import { renderMail } from "../../../src/render/mail/mail.ts";
import { LINTED } from "../../look/samples.ts";
import { artifact, column, message, notice, number, section, table, text } from "../sample.ts";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const testInBrowser = test.skipIf(!existsSync(executablePath));

let browser: Browser | undefined;
beforeAll(async () => {
  if (!existsSync(executablePath))
    return console.warn(`skipped: no Chromium at ${executablePath} (CHROMIUM_PATH names another)`);
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"], headless: true });
});
afterAll(() => browser?.close());

const HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";
const names = Array.from({ length: 20 }, (_, index) => `Column ${index + 1}`);
const MESSAGES: Record<string, Message> = {
  small: message([
    section("Delays", table([column("Origin"), column("Count", true)], [[text("ORD"), number(367)]])),
  ]),
  wide: message([
    section(
      "Wide",
      table(
        names.map((name) => column(name, true)),
        Array.from({ length: 30 }, () => names.map((_, index) => number(index * 12_345))),
      ),
    ),
  ]),
  notice: notice({ intro: `lookpost resend ${"x".repeat(200)}\n\n${notice().intro}` }),
  everything: LINTED.everything!,
  figures: LINTED.figures!,
  changes: LINTED.changes!,
  hostile: message(
    [section(HOSTILE, table([column(HOSTILE), column("B")], [[text(HOSTILE), text("x".repeat(40_000))]]))],
    { subject: HOSTILE, intro: HOSTILE, notices: [HOSTILE], artifacts: [artifact(`${HOSTILE}.csv`, 1)] },
  ),
};

testInBrowser.each(
  Object.keys(MESSAGES).flatMap((name) => [360, 700, 1200].map((width) => [name, width] as const)),
)(
  "the %s digest fits a window of %i px, runs nothing, and asks for nothing from outside",
  async (name, width) => {
    const page = await browser!.newPage({ viewport: { width, height: 800 } });
    const requests: string[] = [];
    // Pictures that come with the mail are not asked for outside.
    page.on("request", (request) => request.url().startsWith("cid:") || requests.push(request.url()));
    await page.setContent(renderMail(MESSAGES[name]!).html);
    const seen = await page.evaluate<Seen>(LOOK);
    expect(seen.scroll).toBeLessThanOrEqual(width);
    expect(seen.scripts).toBe(0);
    expect(seen.size).toBeGreaterThanOrEqual(11);
    expect(requests).toEqual([]);
    await page.close();
  },
);

const AIRPORTS = table(
  [
    column("Origin"),
    column("City"),
    column("Flights", true),
    column("Average Delay", true),
    column("Delayed Rate", true),
  ],
  [
    [
      text("FLL"),
      text("Fort Lauderdale Hollywood"),
      number(1_204),
      number(15.3, "15.3 min"),
      number(35.7, "35.7%"),
    ],
    [text("DFW"), text("Dallas"), number(12_204), number(9.4, "9.4 min"), number(19, "19.0%")],
  ],
);
const EIGHT = table(
  names.slice(0, 8).map((name) => column(name, true)),
  [names.slice(0, 8).map((_, index) => number(index * 123))],
);

testInBrowser("five columns fit a phone; that a table does not is said there, and only there", async () => {
  const page = await browser!.newPage({ viewport: { width: 360, height: 800 } });
  const see = async (digest: Message, width: number) => {
    await page.setViewportSize({ width, height: 800 });
    await page.setContent(renderMail(digest).html);
    return page.evaluate<{ over: number; said: string }>(OVER);
  };
  const [five, eight] = [AIRPORTS, EIGHT].map((shown) => message([section("Airports", shown)]));
  for (const width of [360, 700]) {
    const seen = await see(five!, width);
    expect(seen.over).toBe(0);
    expect(seen.said).not.toContain("sideways");
  }
  const phone = await see(eight!, 360);
  expect(phone.over).toBeGreaterThan(0);
  expect(phone.said).toContain("The table has 8 columns: scroll sideways to see them all.");
  const desktop = await see(eight!, 700);
  expect(desktop.over).toBe(0);
  expect(desktop.said).not.toContain("sideways");
  const changes = await see(MESSAGES.changes!, 360);
  expect(changes.over).toBe(0);
  expect(changes.said).not.toContain("sideways");
  await page.close();
});

/** Pixels of the widest table that are out of sight, and the text that is in sight. */
const OVER = `({
  over: Math.max(...[...document.querySelectorAll(".x")].map((x) => x.scrollWidth - x.clientWidth)),
  said: document.body.innerText,
})`;

testInBrowser("on a dark screen every text of the digest has enough contrast", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser!.newPage({ viewport: { width: 700, height: 800 }, colorScheme });
    for (const shown of [MESSAGES.wide!, MESSAGES.notice!, ...Object.values(LINTED)]) {
      await page.setContent(renderMail(shown).html);
      expect(await page.evaluate<number>(LOWEST_CONTRAST)).toBeGreaterThanOrEqual(4.5);
    }
    await page.close();
  }
});

interface Seen {
  /** How wide the page is, in CSS pixels: more than the window means that it scrolls sideways. */
  readonly scroll: number;
  readonly scripts: number;
  /** The smallest text, in CSS pixels. */
  readonly size: number;
}

// These two run inside the page, whose types this project does not load.
const LOOK = `({
  scroll: document.documentElement.scrollWidth,
  scripts: document.querySelectorAll("script, img[onerror]").length,
  size: Math.min(...[...document.querySelectorAll("td, th, p")]
    .map((cell) => parseFloat(getComputedStyle(cell).fontSize)).filter((size) => size > 1)),
})`;

/** The lowest contrast (WCAG 2.2, 1.4.3) between any text and the nearest background behind it. */
const LOWEST_CONTRAST = `(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    if (element === null) return "rgb(255, 255, 255)";
    const colour = getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 ? behind(element.parentElement) : colour;
  };
  const texts = [...document.querySelectorAll("h1, h2, h3, p, li, td, th, a, b, span, div, strong")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) &&
    parseFloat(getComputedStyle(element).fontSize) > 1);
  return Math.min(...texts.map((element) => {
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }));
})()`;
