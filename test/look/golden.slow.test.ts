import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../../src/core/model/message.ts";
import { lookBrowser, mailPage } from "./browser.ts";
import { missingInInter } from "./inter.ts";
import { expectAsKept } from "./kept.ts";
import { NOTICES } from "./notices.ts";
import { SAMPLES } from "./samples.ts";

/*
 * The digests as a browser shows them, compared with pictures that a person has looked at. After an intended change:
 * `UPDATE_GOLDEN=1 npx vitest run test/look/golden.slow.test.ts`, and look at every picture that changed.
 */

const chromium = lookBrowser();
beforeAll(chromium.open);
afterAll(chromium.close);

interface Look {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
}

const ALL: readonly Look[] = [360, 700, 1200].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);
/** Notices are all laid out alike: one of them is looked at as every digest is. */
const TWO: readonly Look[] = [
  { width: 360, colorScheme: "light" },
  { width: 700, colorScheme: "dark" },
];

async function looksAsItWas(name: string, message: Message, looks: readonly Look[]): Promise<void> {
  const page = await chromium.newPage();
  await page.setContent(mailPage(message));
  await page.evaluate("document.fonts.ready");
  // One that the font lacks would be set in another, which differs from machine to machine.
  expect(missingInInter(await page.evaluate<string>("document.body.innerText"))).toEqual([]);
  for (const { width, colorScheme } of looks) {
    await page.setViewportSize({ width, height: 600 });
    await page.emulateMedia({ colorScheme });
    await expectAsKept(`${name}-${width}-${colorScheme}`, page, width);
  }
  await page.close();
}

test.skipIf(!chromium.isThere).each(Object.entries(SAMPLES))(
  "the %s digest is as it was, at 360, 700 and 1200 px, light and dark (skipped without Chromium)",
  (name, message) => looksAsItWas(name, message, ALL),
);

test.skipIf(!chromium.isThere).each(Object.entries(NOTICES))(
  "%s is as it was, at 360 px light and 700 px dark (skipped without Chromium)",
  (name, message) => looksAsItWas(name, message, TWO),
);
