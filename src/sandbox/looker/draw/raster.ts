import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Picture } from "./shape.ts";
import { svgOf } from "./svg.ts";

/** A PNG, or a JPEG, of exactly the picture's width and height. */
export async function rasterOf(picture: Picture, format: "png" | "jpg"): Promise<Buffer> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const image = await renderAsync(svgOf(picture), {
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: "Inter" },
  });
  if (format === "png") return image.asPng();
  const { jpegOf } = await import("./jpeg.ts");
  return jpegOf(image.pixels, image.width, image.height);
}

function fontFiles(): string[] {
  const folder = path.dirname(fileURLToPath(import.meta.resolve("@expo-google-fonts/inter")));
  return [
    path.join(folder, "400Regular", "Inter_400Regular.ttf"),
    path.join(folder, "700Bold", "Inter_700Bold.ttf"),
  ];
}
