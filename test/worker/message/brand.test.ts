import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterAll, expect, test } from "vitest";
import { shownBrand } from "../../../src/worker/message/brand.ts";
import { spoolFolder } from "../../render/spool.ts";

const folder = mkdtempSync(join(tmpdir(), "lookpost-brand-"));
afterAll(() => rmSync(folder, { recursive: true }));

const png = (width: number, height: number) => PNG.sync.write(new PNG({ width, height, fill: true }));
const adapters = { brandFile: (path: string) => readFile(path) };

function worker() {
  const told: unknown[] = [];
  return { adapters, trouble: (thrown: unknown) => told.push(thrown), told };
}

test("a logo is read at each run, so that a changed one is in the next message", async () => {
  const [light, dark] = ["a.png", "b.png"].map((name) => join(folder, name)) as [string, string];
  writeFileSync(light, png(320, 80));
  writeFileSync(dark, png(300, 80));
  const deps = worker();
  const brand = { name: "Acme", logo: { light, dark } };
  const first = await shownBrand(brand, await spoolFolder(), deps);
  expect(first.brand).toEqual({ name: "Acme", logo: { light: "logo.png", dark: "logo-dark.png" } });
  expect(first.pictures.map(({ width, alt }) => [width, alt])).toEqual([
    [160, "Acme"],
    [150, "Acme"],
  ]);
  writeFileSync(light, png(400, 100));
  const second = await shownBrand(brand, await spoolFolder(), deps);
  expect(second.pictures[0]?.width).toBe(200);
  expect(deps.told).toEqual([]);
});

test("a logo that is gone is left out, and its operator is told", async () => {
  const deps = worker();
  const { brand, pictures } = await shownBrand(
    { name: "Acme", logo: { light: join(folder, "none.png") } },
    await spoolFolder(),
    deps,
  );
  expect([brand, pictures]).toEqual([{ name: "Acme" }, []]);
  expect(deps.told).toHaveLength(1);
});

test("a report without a brand is lookpost's own", async () => {
  expect(await shownBrand({ language: "de" }, await spoolFolder(), worker())).toEqual({
    brand: null,
    pictures: [],
  });
});
