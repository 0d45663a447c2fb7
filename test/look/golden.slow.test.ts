import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../../src/core/model/message.ts";
import { renderMail } from "../../src/render/mail/mail.ts";
import { difference, type Pixels } from "./alike.ts";
import { INTER, missingInInter } from "./inter.ts";
import { NOTICES } from "./notices.ts";
import { inFewColours, palettePng } from "./palette-png.ts";
import { SAMPLES } from "./samples.ts";

/*
 * The digests as a browser shows them, compared with pictures that a person has looked at. After an intended change:
 * `UPDATE_GOLDEN=1 npx vitest run test/look/golden.slow.test.ts`, and look at every picture that changed.
 */

const GOLDEN = path.join(import.meta.dirname, "golden");
const isUpdate = process.env.UPDATE_GOLDEN === "1";
const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const HEIGHT_MAX = 1_600;

const settings = mkdtempSync(path.join(tmpdir(), "lookpost-golden-"));

/** In place of the machine's: it knows one font, and smooths letters as the kept pictures have them. */
const FONTCONFIG = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<dir>${path.dirname(INTER.regular)}</dir>
<cachedir>${settings}</cachedir>
<match target="pattern">
<edit name="antialias" mode="assign"><bool>true</bool></edit>
<edit name="hinting" mode="assign"><bool>true</bool></edit>
<edit name="hintstyle" mode="assign"><const>hintslight</const></edit>
<edit name="rgba" mode="assign"><const>none</const></edit>
</match>
</fontconfig>
`;

let browser: Browser | undefined;
beforeAll(async () => {
  if (!existsSync(executablePath))
    return console.warn(`skipped: no Chromium at ${executablePath} (CHROMIUM_PATH names another)`);
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  writeFileSync(path.join(settings, "fonts.conf"), FONTCONFIG);
  const env = { ...process.env, FONTCONFIG_FILE: path.join(settings, "fonts.conf") };
  browser = await chromium.launch({ executablePath, args, headless: true, env });
});
afterAll(async () => {
  await browser?.close();
  rmSync(settings, { recursive: true, force: true });
});

const face = (weight: string, file: string) =>
  `@font-face{font-family:Golden;font-weight:${weight};src:url(data:font/ttf;base64,${readFileSync(file).toString("base64")})}`;
// One font for all, since machines have different ones.
const FONT = `<style>${face("100 500", INTER.regular)}${face("501 900", INTER.semibold)}*{font-family:Golden!important}</style>`;

function pageOf(message: Message): string {
  const { html } = renderMail(
    message,
    ({ file }) => `data:image/png;base64,${readFileSync(file.path).toString("base64")}`,
  );
  return html.replace("</head>", `${FONT}</head>`);
}

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
  const page = await browser!.newPage();
  await page.setContent(pageOf(message));
  await page.evaluate("document.fonts.ready");
  // One that the font lacks would be set in another, which differs from machine to machine.
  expect(missingInInter(await page.evaluate<string>("document.body.innerText"))).toEqual([]);
  for (const { width, colorScheme } of looks) {
    await page.setViewportSize({ width, height: 600 });
    await page.emulateMedia({ colorScheme });
    const full = await page.evaluate<number>("document.documentElement.scrollHeight");
    const clip = { x: 0, y: 0, width, height: Math.min(HEIGHT_MAX, full) };
    const shot = PNG.sync.read(await page.screenshot({ fullPage: true, clip }));
    compare(`${name}-${width}-${colorScheme}`, shot);
  }
  await page.close();
}

test.skipIf(!existsSync(executablePath)).each(Object.entries(SAMPLES))(
  "the %s digest is as it was, at 360, 700 and 1200 px, light and dark (skipped without Chromium)",
  (name, message) => looksAsItWas(name, message, ALL),
);

test.skipIf(!existsSync(executablePath)).each(Object.entries(NOTICES))(
  "%s is as it was, at 360 px light and 700 px dark (skipped without Chromium)",
  (name, message) => looksAsItWas(name, message, TWO),
);

/** In as few colours as the pictures that are kept. */
function compare(name: string, shot: Pixels): void {
  const file = path.join(GOLDEN, `${name}.png`);
  if (isUpdate) {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(file, palettePng(shot));
    return;
  }
  expect(difference(PNG.sync.read(readFileSync(file)), inFewColours(shot)), name).toBeNull();
}
