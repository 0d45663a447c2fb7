import { textWidth } from "./lettering.ts";
import type { Box, Picture, Shape } from "./shape.ts";

/** Points (1/72 inch), portrait: ISO 216 and ANSI. */
const papers: Readonly<Record<string, readonly [width: number, height: number]>> = {
  letter: [612, 792],
  legal: [612, 1008],
  tabloid: [792, 1224],
  a0: [2384, 3370],
  a1: [1684, 2384],
  a2: [1191, 1684],
  a3: [842, 1191],
  a4: [595, 842],
  a5: [420, 595],
};

export const paperSizes = Object.keys(papers);

export interface Paper {
  readonly size: string;
  readonly isLandscape: boolean;
}

const pointsPerPixel = 0.75;
const pagesMax = 500;
/** Helvetica Bold against Helvetica, about. */
const boldStretch = 1.06;

/** ISO 32000-1, with the fonts that every reader has. Without a paper it is one page of the picture's own size. */
export function pdfOf(picture: Picture, paper: Paper | null, title: string): Buffer {
  const { scale, width, height } = pageSize(picture, paper);
  const slices = pageSlices(picture, height / scale);
  const contents = slices.map((slice) => pageContent(picture, slice, { scale, width, height }));
  const pageIds = contents.map((_, index) => 6 + index * 2);
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pageIds.length} /Kids [${pageIds.map((id) => `${id} 0 R`).join(" ")}] >>`,
    font("Helvetica"),
    font("Helvetica-Bold"),
    `<< /Title ${literal(title)} /Producer (Sandbox Looker) >>`,
    ...contents.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${num(width)} ${num(height)}] /Contents ${7 + index * 2} 0 R ` +
        "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
      `<< /Length ${Buffer.byteLength(content, "latin1")} >>\nstream\n${content}\nendstream`,
    ]),
  ];
  return file(objects);
}

function pageSize(picture: Picture, paper: Paper | null) {
  const size = paper === null ? undefined : papers[paper.size];
  if (size === undefined) {
    const [width, height] = [picture.width * pointsPerPixel, picture.height * pointsPerPixel];
    return { scale: pointsPerPixel, width, height };
  }
  const [width, height] = paper?.isLandscape ? [size[1], size[0]] : size;
  return { scale: width / picture.width, width, height };
}

/** Cut at the last place that fits the page, or at its end where there is none in its lower two thirds. */
function pageSlices({ height, cuts }: Picture, pageHeight: number): { top: number; bottom: number }[] {
  const slices: { top: number; bottom: number }[] = [];
  let top = 0;
  while (top < height - 1 && slices.length < pagesMax) {
    const end = top + pageHeight;
    const cut = cuts.findLast((place) => place <= end && place > top + pageHeight / 3);
    const bottom = end >= height - 1 ? height : (cut ?? end);
    slices.push({ top, bottom });
    top = bottom;
  }
  return slices;
}

/** Where a slice of the picture lies on its page. */
interface Sheet {
  readonly top: number;
  readonly scale: number;
  /** Of the page, in points. */
  readonly height: number;
}

function pageContent(
  { background, shapes, width: pictureWidth }: Picture,
  slice: { top: number; bottom: number },
  page: { scale: number; width: number; height: number },
): string {
  const { top, bottom } = slice;
  const sheet = { top, scale: page.scale, height: page.height };
  const whole = { x: 0, y: top, width: pictureWidth, height: bottom - top };
  return [
    `${color(background)} rg 0 0 ${num(page.width)} ${num(page.height)} re f`,
    `${rectangle(whole, sheet)} W n`,
    ...shapes.filter((shape) => reaches(shape, top, bottom)).map((shape) => operators(shape, sheet)),
  ].join("\n");
}

function operators(shape: Shape, sheet: Sheet): string {
  const { scale } = sheet;
  switch (shape.kind) {
    case "rect": {
      const drawn = rectangle(shape, sheet);
      const edge = shape.stroke === undefined ? "" : `\n${color(shape.stroke)} RG ${num(scale)} w ${drawn} S`;
      return `${color(shape.fill)} rg ${drawn} f${edge}`;
    }
    case "line": {
      const steps = shape.points.map(([x, y], index) => `${at(x, y, sheet)} ${index === 0 ? "m" : "l"}`);
      return `${color(shape.stroke)} RG ${num(shape.strokeWidth * scale)} w 1 j ${steps.join(" ")} S`;
    }
    case "text": {
      const share = { start: 0, middle: 0.5, end: 1 }[shape.anchor];
      const left = shape.x - share * textWidth(shape.text, shape.size) * (shape.bold ? boldStretch : 1);
      const font = `${shape.bold ? "/F2" : "/F1"} ${num(shape.size * scale)} Tf`;
      return `BT ${color(shape.fill)} rg ${font} ${at(left, shape.y, sheet)} Td ${literal(shape.text)} Tj ET`;
    }
  }
}

function rectangle({ x, y, width, height }: Box, sheet: Sheet): string {
  return `${at(x, y + height, sheet)} ${num(width * sheet.scale)} ${num(height * sheet.scale)} re`;
}

/** A PDF counts from the lower left corner. */
function at(x: number, y: number, { top, scale, height }: Sheet): string {
  return `${num(x * scale)} ${num(height - (y - top) * scale)}`;
}

function reaches(shape: Shape, top: number, bottom: number): boolean {
  if (shape.kind === "rect") return shape.y < bottom && shape.y + shape.height > top;
  if (shape.kind === "text") return shape.y > top && shape.y - shape.size < bottom;
  return shape.points.some(([, y]) => y >= top && y <= bottom);
}

function file(objects: readonly string[]): Buffer {
  const offsets: number[] = [];
  // The comment of bytes beyond ASCII tells programs that move files that this one is binary.
  let text = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n";
  objects.forEach((object, index) => {
    offsets.push(text.length);
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
  });
  const start = text.length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join("")}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

function font(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
}

/** What WinAnsiEncoding has where Latin-1 has control characters, and what stands in for the sign of a missing value. */
const winAnsi: Readonly<Record<string, number>> = {
  "€": 0x80,
  "…": 0x85,
  "‘": 0x91,
  "’": 0x92,
  "“": 0x93,
  "”": 0x94,
  "•": 0x95,
  "–": 0x96,
  "—": 0x97,
  "∅": 0xd8,
};

function literal(text: string): string {
  let out = "";
  for (const character of text) {
    const point = character.codePointAt(0) ?? 63;
    const code =
      winAnsi[character] ?? (point < 32 || point > 255 || (point > 126 && point < 160) ? 63 : point);
    if (code > 126) out += `\\${code.toString(8).padStart(3, "0")}`;
    else out += "()\\".includes(character) ? `\\${character}` : String.fromCharCode(code);
  }
  return `(${out})`;
}

/** `#rrggbb` as the three shares that a PDF takes. */
function color(hex: string): string {
  const shares = [1, 3, 5].map((at) => num(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  return shares.join(" ");
}

function num(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
