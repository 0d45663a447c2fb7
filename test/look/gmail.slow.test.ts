import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lookBrowser, mailPage } from "./browser.ts";
import { asGmailHasIt, type Inversion, recolour } from "./gmail.ts";
import { expectAsKept } from "./kept.ts";
import { LINTED, SAMPLES } from "./samples.ts";

/* The Gmail apps on a phone set to dark: letters can be read, and nothing glares. Pictures are kept as golden.slow.test.ts has them. */

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const CONTRAST: RunOptions = { runOnly: ["color-contrast"], resultTypes: ["violations", "incomplete"] };
const WIDTH = 360;

const chromium = lookBrowser();
beforeAll(chromium.open);
afterAll(chromium.close);

const INVERSIONS: readonly Inversion[] = ["full", "partial"];
const LOOKED_AT = ["figures-unlike", "chart", "changes", "wide", "branded", "branded-simply"];

describe.skipIf(!chromium.isThere)("Gmail's dark colours (skipped without Chromium)", () => {
  test.each(Object.entries(LINTED))("leave the %s mail readable", async (name, message) => {
    const html = asGmailHasIt(mailPage(message));
    for (const inversion of INVERSIONS) {
      const page = await chromium.newPage();
      await page.setViewportSize({ width: WIDTH, height: 900 });
      await page.setContent(html);
      await page.evaluate(recolour(inversion));
      await page.evaluate(AXE);
      const { violations, incomplete } = await page.evaluate<AxeResults>(
        `axe.run(document, ${JSON.stringify(CONTRAST)})`,
      );
      // Letters over a gradient too, of which axe says that it cannot tell: Gmail would leave it light.
      const overGradients = incomplete.map(({ nodes }) =>
        nodes.filter(({ failureSummary = "" }) => failureSummary.includes("gradient")),
      );
      const said = [...violations.map(({ nodes }) => nodes), ...overGradients]
        .flat()
        .map(({ html, failureSummary }) => `${inversion}: ${html.slice(0, 160)} ${failureSummary}`);
      expect(said).toEqual([]);
      if (LOOKED_AT.includes(name)) await expectAsKept(`gmail-${name}-${inversion}`, page, WIDTH);
      await page.close();
    }
  });

  test("are looked at in samples that exist", () => {
    expect(LOOKED_AT.filter((name) => !(name in SAMPLES))).toEqual([]);
  });
});
