/** One part of a notice: text, or a command to copy. */
export interface NoticePart {
  readonly kind: "words" | "command";
  readonly text: string;
}

/** Indented by four blanks, as code is in Markdown. */
const COMMAND = /^ {4}\S/;

/** The paragraphs of a notice, and the commands among them, each of which is on its own line. */
export function noticeParts(intro: string): readonly NoticePart[] {
  return intro.split(/\n[^\S\n]*\n/).flatMap(partsOfParagraph);
}

function partsOfParagraph(paragraph: string): NoticePart[] {
  const parts: NoticePart[] = [];
  let words: string[] = [];
  const endWords = () => {
    if (words.length > 0) parts.push({ kind: "words", text: words.join("\n") });
    words = [];
  };
  for (const line of paragraph.split("\n")) {
    if (COMMAND.test(line)) {
      endWords();
      parts.push({ kind: "command", text: line.trim() });
    } else if (line.trim() !== "") words.push(line.trim());
  }
  endWords();
  return parts;
}
