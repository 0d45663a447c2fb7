/** One part of a notice: text, a command to copy, the heading above the steps, or facts: "label\tvalue" a line. */
export interface NoticePart {
  readonly kind: "words" | "command" | "heading" | "facts";
  readonly text: string;
}

/** Indented by four blanks, as code is in Markdown. */
const COMMAND = /^ {4}\S/;
/** Indented by two, with a tab after its label. */
const FACT = /^ {2}(\S[^\t]*)\t(.+)$/;
/** A paragraph that is nothing else. */
const HEADINGS: ReadonlySet<string> = new Set(["What to do"]);

/** The paragraphs of a notice, and the commands among them, each of which is on its own line. */
export function noticeParts(intro: string): readonly NoticePart[] {
  return intro.split(/\n[^\S\n]*\n/).flatMap(partsOfParagraph);
}

/** The facts of one part, each with its label. */
export function factsOf({ text }: NoticePart): readonly (readonly [label: string, value: string])[] {
  return text.split("\n").map((line) => {
    const [label = "", value = ""] = line.split("\t");
    return [label, value];
  });
}

function partsOfParagraph(paragraph: string): NoticePart[] {
  if (HEADINGS.has(paragraph.trim())) return [{ kind: "heading", text: paragraph.trim() }];
  const lines = paragraph.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0 && lines.every((line) => FACT.test(line)))
    return [{ kind: "facts", text: lines.map((line) => line.trim()).join("\n") }];
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
