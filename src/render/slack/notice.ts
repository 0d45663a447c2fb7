import type { Message } from "../../core/model/message.ts";
import { bodyText, lineText } from "../words/cell-text.ts";
import { factsOf, type NoticePart, noticeParts } from "../words/notice.ts";
import { noticeDate, phrasesOf } from "../words/words.ts";
import { type Block, context, plainText, text } from "./block.ts";
import { SLACK } from "./limits.ts";

const WORDS_CHARS_MAX = 8_000;
const ELEMENT_CHARS_MAX = 2_800;

/** A notice without its footer. */
export function slackNotice(message: Message): Block[] {
  const { run } = message;
  const { frame } = phrasesOf(message);
  const owner = run.owner === null ? [] : [`${frame.questions} ${lineText(run.owner, 200)}`];
  const subject = lineText(message.subject, SLACK.headerCharsMax) || lineText(run.report, 100);
  const parts = noticeParts(bodyText(message.intro?.trim() ?? "", WORDS_CHARS_MAX));
  const due = context([[noticeDate(message), ...owner].join(" · ")]);
  const made: Block[] = [
    { type: "header", text: plainText(subject || frame.report) },
    ...(due === null ? [] : [due]),
  ];
  if (parts.length > 0) made.push({ type: "rich_text", elements: grouped(parts).map(element) });
  return made;
}

/** The lines of a notice for the message's text, not yet escaped. */
export function noticeLines(message: Message): string[] {
  const words = noticeParts(bodyText(message.intro?.trim() ?? "", WORDS_CHARS_MAX));
  return [
    `${lineText(message.subject, 150)}, ${uncapitalized(noticeDate(message))}`,
    ...words.flatMap(linesOf),
  ];
}

function linesOf(part: NoticePart): string[] {
  if (part.kind === "facts")
    return factsOf(part).map(([label, value]) => lineText(`${label}: ${value}`, 600));
  return part.text.split("\n").map((line) => lineText(line, 600));
}

/** Consecutive parts of one kind as one, since Slack draws a box around each element. */
function grouped(parts: readonly NoticePart[]): NoticePart[] {
  const groups: NoticePart[] = [];
  for (const { kind, text: words } of parts) {
    const last = groups.at(-1);
    const joined = `${last?.text}${kind === "words" ? "\n\n" : "\n"}${words}`;
    if (last?.kind === kind && joined.length <= ELEMENT_CHARS_MAX)
      groups[groups.length - 1] = { kind, text: joined };
    else groups.push({ kind, text: bodyText(words, ELEMENT_CHARS_MAX) });
  }
  return groups;
}

/** Slack leaves no space between sections: what begins something new has an empty line above. */
function element(part: NoticePart, index: number, parts: readonly NoticePart[]): Block {
  const { kind, text: words } = part;
  if (kind === "command") return { type: "rich_text_preformatted", elements: [text(words)] };
  const elements = kind === "facts" ? facts(part) : [text(words, kind === "heading")];
  const next = parts[index + 1]?.kind;
  const isLast =
    kind !== "heading" && (next === "heading" || next === "facts" || (kind === "facts" && next === "words"));
  return { type: "rich_text_section", elements: isLast ? [...elements, text("\n")] : elements };
}

function facts(part: NoticePart): Block[] {
  return factsOf(part).flatMap(([label, value], index) => [
    text(`${index === 0 ? "" : "\n"}${label}: `, true),
    text(value),
  ]);
}

function uncapitalized(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
