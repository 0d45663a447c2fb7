import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { logoOf } from "../../../../src/core/rules/brand/logo.ts";

const png = (width: number, height: number) => PNG.sync.write(new PNG({ width, height, fill: true }));

test("two pixels of a logo make one, and no logo is larger than its place", () => {
  expect(logoOf(png(320, 80))).toEqual({ type: "png", width: 160, height: 40 });
  expect(logoOf(png(1_200, 100))).toEqual({ type: "png", width: 240, height: 20 });
  expect(logoOf(png(400, 400))).toEqual({ type: "png", width: 64, height: 64 });
});

test("JPEG and GIF are logos too, by what is in them", () => {
  const { data } = jpeg.encode({ width: 120, height: 60, data: Buffer.alloc(4 * 120 * 60, 200) });
  expect(logoOf(data)).toEqual({ type: "jpg", width: 60, height: 30 });
  const gif = Buffer.concat([Buffer.from("GIF89a"), Buffer.from([100, 0, 50, 0, 0, 0, 0])]);
  expect(logoOf(gif)).toEqual({ type: "gif", width: 50, height: 25 });
});

test.each([
  ["an SVG", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "is not a PNG, JPEG or GIF"],
  ["a WebP", Buffer.from("RIFF\0\0\0\0WEBPVP8 "), "is not a PNG, JPEG or GIF"],
  ["nothing", Buffer.alloc(0), "is not a PNG, JPEG or GIF"],
  ["a JPEG that breaks off", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), "is not a PNG, JPEG or GIF"],
  ["a JPEG whose segments go nowhere", Buffer.from([0xff, 0xd8, ...Array(40).fill(0xff)]), "is not a PNG"],
  ["a PNG that breaks off", png(64, 64).subarray(0, 20), "is not a PNG"],
  ["one too wide", png(2_400, 64), "has 2400 x 64 pixels: at most 2000"],
  ["one too small", png(64, 16), "is 16 pixels high: at least 32"],
  ["one too large", Buffer.alloc(150_001), "has 151 kB, and every message carries it: at most 150 kB"],
])("%s is none", (_, bytes, why) => {
  expect(logoOf(bytes)).toContain(why);
});
