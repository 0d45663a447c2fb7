import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { difference } from "./alike.ts";

const GOLDEN = path.join(import.meta.dirname, "golden");
const kept = readdirSync(GOLDEN)
  .filter((file) => /-(360|700)-light/.test(file))
  .map((file) => [file, PNG.sync.read(readFileSync(path.join(GOLDEN, file)))] as const);

/** The picture with every pixel changed as `change` says: [red, green, blue]. */
function changed(picture: PNG, change: (x: number, y: number) => readonly number[] | null): PNG {
  const copy = new PNG({ width: picture.width, height: picture.height });
  picture.data.copy(copy.data);
  for (let y = 0; y < picture.height; y += 1)
    for (let x = 0; x < picture.width; x += 1) {
      const colour = change(x, y);
      if (colour !== null) copy.data.set(colour, 4 * (y * picture.width + x));
    }
  return copy;
}

const pixel = ({ data, width }: PNG, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3),
];

/** How often a line of pixels changes its colour from one to the next: letters do it all the time. */
function edges(picture: PNG, y: number): number {
  let count = 0;
  for (let x = 1; x < picture.width; x += 1)
    if (pixel(picture, x, y).join() !== pixel(picture, x - 1, y).join()) count += 1;
  return count;
}

/** Letters of the mail are dark; the pale ones of a picture that Looker drew are not its. */
function isDark(picture: PNG, y: number): boolean {
  return Array.from({ length: picture.width }, (_, x) => Math.min(...pixel(picture, x, y))).some(
    (darkest) => darkest < 128,
  );
}

test.each(kept)("any row of letters that is gone from %s is seen", (_, picture) => {
  const middles = Array.from({ length: Math.floor(picture.height / 20) - 1 }, (_row, row) => 20 * row + 10);
  const lettered = middles.filter((y) => edges(picture, y) > 60 && isDark(picture, y));
  expect(lettered.length).toBeGreaterThan(0);
  for (const y of lettered) {
    const paper = pixel(picture, Math.floor(picture.width / 2), y - 10);
    const blank = changed(picture, (_x, at) => (Math.abs(at - y) <= 10 ? paper : null));
    expect(difference(picture, blank)).toMatch(/differ/);
  }
});

test.each(kept)("letters smoothed a little differently count as the same in %s", (_, picture) => {
  const smoother = changed(picture, (x, y) =>
    pixel(picture, x, y).map((value) => Math.min(255, value + ((x + y) % 7))),
  );
  expect(difference(picture, smoother)).toBeNull();
});

test("another size is a difference", () => {
  const [, picture] = kept[0] ?? ["", new PNG({ width: 1, height: 1 })];
  const larger = new PNG({ width: picture.width, height: picture.height + 1 });
  expect(difference(picture, larger)).toContain("not");
});
