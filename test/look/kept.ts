import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { expect } from "vitest";
import { difference } from "./alike.ts";
import { inFewColours, palettePng } from "./palette-png.ts";

const GOLDEN = path.join(import.meta.dirname, "golden");
const isUpdate = process.env.UPDATE_GOLDEN === "1";
const HEIGHT_MAX = 1_600;

/**
 * Expects the page to look as the picture of this name that a person has looked at, in as few colours as that has. With UPDATE_GOLDEN=1
 * the picture is written instead.
 */
export async function expectAsKept(name: string, page: Page, width: number): Promise<void> {
  const full = await page.evaluate<number>("document.documentElement.scrollHeight");
  const clip = { x: 0, y: 0, width, height: Math.min(HEIGHT_MAX, full) };
  const shot = PNG.sync.read(await page.screenshot({ fullPage: true, clip }));
  const file = path.join(GOLDEN, `${name}.png`);
  if (isUpdate) {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(file, palettePng(shot));
    return;
  }
  expect(difference(PNG.sync.read(readFileSync(file)), inFewColours(shot)), name).toBeNull();
}
