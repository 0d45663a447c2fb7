import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Message } from "../../src/core/model/message.ts";
import type { Picture } from "../../src/core/model/picture.ts";
import { renderMail } from "../../src/render/mail/mail.ts";
import { INTER } from "./inter.ts";

/* A browser that shows digests alike on every machine. */

/** In place of the machine's: it knows one font, and smooths letters as the kept pictures have them. */
const fontconfig = (cache: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<dir>${path.dirname(INTER.regular)}</dir>
<cachedir>${cache}</cachedir>
<match target="pattern">
<edit name="antialias" mode="assign"><bool>true</bool></edit>
<edit name="hinting" mode="assign"><bool>true</bool></edit>
<edit name="hintstyle" mode="assign"><const>hintslight</const></edit>
<edit name="rgba" mode="assign"><const>none</const></edit>
</match>
</fontconfig>
`;

export interface LookBrowser {
  readonly isThere: boolean;
  /** Where there is no Chromium, it says so and opens nothing. */
  open(): Promise<void>;
  close(): Promise<void>;
  newPage(): Promise<Page>;
}

export function lookBrowser(): LookBrowser {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const isThere = existsSync(executablePath);
  let settings: string | null = null;
  let browser: Browser | null = null;
  return {
    isThere,
    async open() {
      if (!isThere)
        return console.warn(`skipped: no Chromium at ${executablePath} (CHROMIUM_PATH names another)`);
      settings = mkdtempSync(path.join(tmpdir(), "lookpost-look-"));
      const file = path.join(settings, "fonts.conf");
      writeFileSync(file, fontconfig(settings));
      const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
      const env = { ...process.env, FONTCONFIG_FILE: file };
      browser = await chromium.launch({ executablePath, args, headless: true, env });
    },
    async close() {
      await browser?.close();
      if (settings !== null) rmSync(settings, { recursive: true, force: true });
    },
    newPage() {
      if (browser === null) throw new Error("The browser is not open.");
      return browser.newPage();
    },
  };
}

const face = (weight: string, file: string) =>
  `@font-face{font-family:Golden;font-weight:${weight};src:url(data:font/ttf;base64,${readFileSync(file).toString("base64")})}`;
// One font for all, since machines have different ones.
const FONT = `<style>${face("100 500", INTER.regular)}${face("501 900", INTER.semibold)}*{font-family:Golden!important}</style>`;

/** A message's HTML as a page of its own, its pictures in it. */
export function mailPage(message: Message): string {
  return renderMail(message, dataUrl).html.replace("</head>", `${FONT}</head>`);
}

export function dataUrl({ file }: Picture): string {
  return `data:image/png;base64,${readFileSync(file.path).toString("base64")}`;
}
