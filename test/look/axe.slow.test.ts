import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "../../src/core/model/message.ts";
import { renderMail } from "../../src/render/mail/mail.ts";
import { pageHtml } from "../../src/render/page/page.ts";
import { result } from "../render/file-input.ts";
import { openLinked } from "../server/linked.ts";
import { dataUrl, lookBrowser } from "./browser.ts";
import { NOTICES } from "./notices.ts";
import { LINTED } from "./samples.ts";

/*
 * What axe (https://github.com/dequelabs/axe-core) says against what we send and show, with all of its rules, those of best practice
 * included: in a phone's window, and in a larger one in the dark.
 */

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const OFF_IN_MAIL: RunOptions["rules"] = {
  // A mail is shown inside the page of a mail program, which has the landmarks: a `main` or `header` of ours would be a second one there
  // (Gmail and Outlook.com remove such elements anyway, see caniemail.com).
  region: { enabled: false },
  "landmark-one-main": { enabled: false },
};

/** Each width and each scheme: none of the rules depends on the two together. */
const LOOKS = [
  { width: 360, colorScheme: "light" },
  { width: 700, colorScheme: "dark" },
] as const;

const chromium = lookBrowser();
beforeAll(chromium.open);
afterAll(chromium.close);

const MESSAGES = { ...LINTED, ...NOTICES };

describe.skipIf(!chromium.isThere)("axe has no complaint (skipped without Chromium)", () => {
  test.each(Object.entries(MESSAGES))("about the %s mail", async (_, message) => {
    expect(
      await complaints((page) => page.setContent(renderMail(message, dataUrl).html), OFF_IN_MAIL),
    ).toEqual([]);
  });

  test.each(Object.entries(LINTED))("about the %s web page", async (_, message) => {
    expect(await complaints((page) => page.setContent(webPage(message)))).toEqual([]);
  });

  test("about the pages behind links: a file, Looker, and where recipients stop a report", async () => {
    const { artifact, offered, offers, url } = await openLinked();
    const file = await offered(artifact("a,b\r\n1,2\r\n", { filename: "flights.csv" }));
    const here = (address: string) => url + new URL(address).pathname;
    const open = here(await offers.embed("https://looker.example.com/embed/dashboards/7", "run1"));
    const who = { report: "weekly", kind: "email", recipient: "ana@example.com" };
    const stop = here(await offers.unsubscribe(who, "run1"));
    const ended = file.replace(/[^/]+$/, (token) => "t".repeat(token.length));
    for (const address of [file, open, stop, ended])
      expect(await complaints((page) => page.goto(address)), address).toEqual([]);
  });
});

function webPage(message: Message): string {
  const sections = message.sections.map(({ title, data }, index) => ({
    index,
    title,
    result: data === null ? null : result(data.table),
    filters: [],
  }));
  return [...pageHtml(message, sections, dataUrl)].join("");
}

/** Each rule that is broken, with what breaks it, in each look. */
async function complaints(
  show: (page: Page) => Promise<unknown>,
  rules: RunOptions["rules"] = {},
): Promise<string[]> {
  const page = await chromium.newPage();
  await show(page);
  // Not as a script of the page, which its own policy would refuse.
  await page.evaluate(AXE);
  const said: string[] = [];
  for (const { width, colorScheme } of LOOKS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const options: RunOptions = { rules, resultTypes: ["violations"] };
    const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
    for (const { id, nodes } of violations)
      for (const { html, failureSummary } of nodes)
        said.push(`${width} ${colorScheme} ${id}: ${html.slice(0, 160)} ${failureSummary}`);
  }
  await page.close();
  return said;
}
