import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { DrawOrder } from "../../../src/core/ports/adapter.ts";
import { pdfFormat, pngFormat } from "../../../src/render/looker-file/format.ts";
import { pdfOptions, pngOptions } from "../../../src/render/looker-file/schema.ts";
import { inputOf, made } from "../file-input.ts";
import { fileIn, spoolFolder } from "../spool.ts";

test("Looker is asked to draw in the size that is wanted, and its file goes out as it came", async () => {
  const spool = await spoolFolder();
  const { file } = await fileIn(spool, "render.bin", "drawn");
  const orders: DrawOrder[] = [];
  const input = await inputOf(
    { Tile: null },
    {
      draw: async (order) => {
        orders.push(order);
        return { file, contentType: order.format === "png" ? "image/png" : "application/pdf" };
      },
    },
  );
  const png = await made(pngFormat, input, pngOptions.parse({ width: 640, filename: "Week 47" }));
  const pdf = await made(pdfFormat, input, pdfOptions.parse({}));
  expect(orders).toMatchObject([
    { format: "png", width: 640, height: 800 },
    { format: "pdf", width: 1_200, height: 1_600 },
  ]);
  expect(png.artifact).toMatchObject({
    filename: "Week 47.png",
    contentType: "image/png",
    rows: null,
    sections: [],
  });
  expect(pdf.artifact).toMatchObject({ filename: "delays.pdf", contentType: "application/pdf" });
  expect(png.bytes.toString()).toBe("drawn");
});

test("what Looker does not draw is reported in its words", async () => {
  const refused = new ReportError("A Look has no PDF.", { code: "config" });
  const input = await inputOf({ Tile: null }, { draw: () => Promise.reject(refused) });
  await expect(pdfFormat.render(input, pdfOptions.parse({}))).rejects.toBe(refused);
});

test.each([{ width: 10 }, { height: 20_000 }, { width: 1.5 }, { paper: "a4" }])(
  "%j is refused",
  (options) => {
    expect(pdfOptions.safeParse(options).success).toBe(false);
  },
);
