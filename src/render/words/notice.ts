/** One part of a notice: text, or a command to copy. */
export interface NoticePart {
  readonly kind: "words" | "command";
  readonly text: string;
}

/** A line that is only a call of the program; a sentence that begins with its name ends in a full stop. */
const COMMAND = /^lookpost [a-z-]+(?: \S+)*(?<![.!?:,;])$/;

/** The paragraphs of a notice, and the commands among them, each of which is on its own line. */
export function noticeParts(intro: string): readonly NoticePart[] {
  return intro.split(/\n\s*\n/).flatMap(partsOfParagraph);
}

function partsOfParagraph(paragraph: string): NoticePart[] {
  const parts: NoticePart[] = [];
  let words: string[] = [];
  const endWords = () => {
    if (words.length > 0) parts.push({ kind: "words", text: words.join("\n") });
    words = [];
  };
  for (const line of paragraph.split("\n").map((each) => each.trim())) {
    if (COMMAND.test(line)) {
      endWords();
      parts.push({ kind: "command", text: line });
    } else if (line !== "") words.push(line);
  }
  endWords();
  return parts;
}
