import type { MessageSection } from "../../core/model/message.ts";
import type { Picture } from "../../core/model/picture.ts";
import type { FittedPictures, Pictured } from "../../core/ports/fit.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import { lineText } from "../words/cell-text.ts";

/**
 * Keeps the pictures that a message's sections show, as many as fit into `bytesMax` bytes. If they are more, the pictures of
 * sections are replaced by their tables, from the last section on, and then sparklines are left out. There is a sentence for
 * each section that lost its picture. `limitBytes`, for the sentences: what the destination takes in total.
 */
export function fitPictures<M extends Pictured>(
  message: M,
  bytesMax: number,
  limitBytes = bytesMax,
): FittedPictures<M> {
  const phrases = phrasesIn(message.run.locale);
  const limit = phrases.numbers.bytes(limitBytes);
  const why = phrases.files.picturesTooLarge(limit, bytesMax < limitBytes);
  const sections = [...message.sections];
  const sentences: string[] = [];
  for (const isSmall of [false, true]) {
    for (
      let index = sections.length - 1;
      index >= 0 && sizeOf(shownBy(sections, message)) > bytesMax;
      index -= 1
    ) {
      const section = sections[index];
      if (section === undefined) continue;
      const without = withoutPicture(section, isSmall);
      if (without === section) continue;
      sections[index] = without;
      sentences.push(sentence(section, isSmall, why, phrases));
    }
  }
  const pictures = shownBy(sections, message);
  const notices = sentences.reverse();
  return { message: { ...message, sections, pictures }, bytes: sizeOf(pictures), notices };
}

function shownBy(sections: readonly MessageSection[], { brand, pictures }: Pictured): readonly Picture[] {
  const names = new Set([...sections.map(pictureIn), brand?.logo?.light, brand?.logo?.dark]);
  return pictures.filter(({ name }) => names.has(name));
}

function pictureIn({ data }: MessageSection): string | null {
  switch (data?.show.kind) {
    case "chart":
    case "image":
      return data.show.picture;
    case "kpi":
      return data.show.kpi.sparkline;
    default:
      return null;
  }
}

function sizeOf(pictures: readonly Picture[]): number {
  return pictures.reduce((sum, { file }) => sum + file.bytes, 0);
}

/** The same section where it has none of that kind. */
function withoutPicture(section: MessageSection, isSmall: boolean): MessageSection {
  const { data } = section;
  if (data === null || pictureIn(section) === null || (data.show.kind === "kpi") !== isSmall) return section;
  const { show } = data;
  if (show.kind === "kpi")
    return { ...section, data: { ...data, show: { ...show, kpi: { ...show.kpi, sparkline: null } } } };
  return show.kind === "chart" || show.kind === "image"
    ? { ...section, data: { ...data, show: { ...show, picture: null } } }
    : section;
}

function sentence(
  { title, data }: MessageSection,
  isSmall: boolean,
  why: string,
  { files, frame }: Phrases,
): string {
  const of = lineText(title, 120) || frame.untitled;
  if (isSmall) return files.sparklineLeftOut(of, why);
  return files.pictureLeftOut(of, why, data?.table.rows.length !== 0);
}
