import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Picture, Shape } from "./shape.ts";

/** Of 100: drawings have sharp edges, which a lower one would smear. */
const jpegQuality = 90;

/** A PNG, or a JPEG, of exactly the picture's width and height. */
export async function imageOf(picture: Picture, format: "png" | "jpg"): Promise<Buffer> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const image = await renderAsync(svgOf(picture), {
    font: { loadSystemFonts: false, fontFiles: Object.values(fontFiles()), defaultFontFamily: "Inter" },
  });
  if (format === "png") return image.asPng();
  const { default: jpeg } = await import("jpeg-js");
  return jpeg.encode({ data: image.pixels, width: image.width, height: image.height }, jpegQuality).data;
}

/** What pictures and PDFs are lettered in. */
export function fontFiles(): { regular: string; bold: string } {
  const folder = path.dirname(fileURLToPath(import.meta.resolve("@expo-google-fonts/inter")));
  return {
    regular: path.join(folder, "400Regular", "Inter_400Regular.ttf"),
    bold: path.join(folder, "700Bold", "Inter_700Bold.ttf"),
  };
}

export function svgOf({ width, height, background, shapes }: Picture): string {
  const body = shapes.map(element).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, sans-serif">
<rect width="${width}" height="${height}" fill="${background}"/>
${body}
</svg>`;
}

function element(shape: Shape): string {
  switch (shape.kind) {
    case "rect": {
      const { x, y, width, height, fill, stroke } = shape;
      const edge = stroke === undefined ? "" : ` stroke="${stroke}" rx="4"`;
      return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${fill}"${edge}/>`;
    }
    case "line": {
      const points = shape.points.map(([x, y]) => `${short(x)},${short(y)}`).join(" ");
      return `<polyline points="${points}" fill="none" stroke="${shape.stroke}" stroke-width="${shape.strokeWidth}" stroke-linejoin="round"/>`;
    }
    case "text": {
      const weight = shape.bold ? ' font-weight="700"' : "";
      return `<text x="${short(shape.x)}" y="${short(shape.y)}" font-size="${short(shape.size)}" fill="${shape.fill}" text-anchor="${shape.anchor}"${weight} xml:space="preserve">${escaped(shape.text)}</text>`;
    }
  }
}

function short(number: number): string {
  return String(Math.round(number * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
