import { buffer } from "node:stream/consumers";
import { fontFiles } from "./image.ts";
import type { Picture, Shape } from "./shape.ts";

export const paperSizes = ["letter", "legal", "tabloid", "a0", "a1", "a2", "a3", "a4", "a5"];

export interface Paper {
  readonly size: string;
  readonly isLandscape: boolean;
}

type Doc = InstanceType<typeof import("pdfkit")>;

const pointsPerPixel = 0.75;
const pagesMax = 500;
/** The same picture is the same bytes: pdfkit would write the time of day, and an id made of it. */
const drawnOn = new Date(0);

/** Text stays text: it can be selected and searched for. Without a paper it is one page of the picture's own size. */
export async function pdfOf(picture: Picture, paper: Paper | null, title: string): Promise<Buffer> {
  const { default: PDFDocument } = await import("pdfkit");
  const own = [picture.width * pointsPerPixel, picture.height * pointsPerPixel] satisfies [number, number];
  const doc = new PDFDocument({
    size: paper?.size ?? own,
    layout: paper?.isLandscape ? "landscape" : "portrait",
    margin: 0,
    autoFirstPage: false,
    info: { Title: title, Producer: "Sandbox Looker", CreationDate: drawnOn },
  });
  const bytes = buffer(doc);
  let top = 0;
  for (let pages = 0; top < picture.height - 1 && pages < pagesMax; pages += 1)
    top = drawPage(doc, picture, top);
  doc.end();
  return bytes;
}

/** Gives where the next page begins. */
function drawPage(doc: Doc, picture: Picture, top: number): number {
  const { width, height } = doc.addPage().page;
  const scale = width / picture.width;
  const bottom = endOfPage(picture, top, height / scale);
  doc.rect(0, 0, width, height).fill(picture.background);
  doc.scale(scale).translate(0, -top);
  doc.rect(0, top, picture.width, bottom - top).clip();
  for (const shape of picture.shapes) if (reaches(shape, top, bottom)) draw(doc, shape);
  return bottom;
}

/** The last place that fits the page, or its end where there is none in its lower two thirds. */
function endOfPage({ height, cuts }: Picture, top: number, pageHeight: number): number {
  const end = top + pageHeight;
  if (end >= height - 1) return height;
  return cuts.findLast((place) => place <= end && place > top + pageHeight / 3) ?? end;
}

function reaches(shape: Shape, top: number, bottom: number): boolean {
  if (shape.kind === "rect") return shape.y < bottom && shape.y + shape.height > top;
  if (shape.kind === "text") return shape.y > top && shape.y - shape.size < bottom;
  return shape.points.some(([, y]) => y >= top && y <= bottom);
}

function draw(doc: Doc, shape: Shape): void {
  switch (shape.kind) {
    case "rect": {
      const { x, y, width, height, fill, stroke } = shape;
      if (stroke === undefined) doc.rect(x, y, width, height).fill(fill);
      else doc.lineWidth(1).roundedRect(x, y, width, height, 4).fillAndStroke(fill, stroke);
      return;
    }
    case "line": {
      doc.lineWidth(shape.strokeWidth).lineJoin("round");
      for (const [index, [x, y]] of shape.points.entries()) index === 0 ? doc.moveTo(x, y) : doc.lineTo(x, y);
      doc.stroke(shape.stroke);
      return;
    }
    case "text": {
      doc.font(fontFor(shape.text, shape.bold), shape.size).fillColor(shape.fill);
      const before = { start: 0, middle: 0.5, end: 1 }[shape.anchor];
      const left = shape.x - (before === 0 ? 0 : before * doc.widthOfString(shape.text));
      doc.text(shape.text, left, shape.y, { lineBreak: false, baseline: "alphabetic" });
    }
  }
}

/** The fonts that every reader has, where they have the letters: an embedded one takes ten times as long to lay out. */
function fontFor(text: string, isBold: boolean): string {
  if (/^[\x20-\x7e\xa0-\xff‘’“”…–—•€™]*$/.test(text)) return isBold ? "Helvetica-Bold" : "Helvetica";
  const { regular, bold } = fontFiles();
  return isBold ? bold : regular;
}
