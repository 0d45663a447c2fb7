import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { drawingFiles } from "../../../src/draw/process/files.ts";
import { openFonts } from "../../../src/draw/process/fonts.ts";

const [, ...own] = drawingFiles();
const folder = mkdtempSync(join(tmpdir(), "lookpost-fonts-"));

test("a font of ours that is missing or damaged is a fault of the installation, and not of `fonts:`", async () => {
  const damaged = join(folder, "damaged.ttf");
  writeFileSync(damaged, "version https://git-lfs.github.com/spec/v1\n");
  for (const [file, why] of [
    [join(folder, "missing.ttf"), "missing.ttf cannot be read (ENOENT)."],
    [damaged, "damaged.ttf is not a TrueType or OpenType font."],
  ] as const) {
    await expect(openFonts([...own.slice(0, -1), file], [])).rejects.toMatchObject({
      code: "local",
      retryable: true,
      message: `The installation is not whole: ${join(folder, why)}`,
      advice: expect.stringContaining("npm ci && npm run build"),
    });
  }
});

test("a font of the setting is the author's to correct", async () => {
  await expect(openFonts(own, [join(folder, "other.ttf")])).rejects.toMatchObject({
    code: "config",
    advice: expect.stringContaining("`fonts:`"),
  });
});
