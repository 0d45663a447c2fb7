import type { Message, MessageSection } from "../../core/model/message.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { bodyText, isolatedLine, lineText } from "../words/cell-text.ts";
import { leadOf } from "../words/lead.ts";
import { periodLine } from "../words/show-words.ts";
import {
  downloadDetails,
  dueAndRead,
  fileDetails,
  notices,
  origin,
  phrasesOf,
  staleWords,
} from "../words/words.ts";
import { plainWords } from "./author-words.ts";
import { type Block, context, link, plainText, richText, text } from "./block.ts";
import { SLACK, textLength } from "./limits.ts";
import { slackLine } from "./section.ts";

/* What surrounds the sections of a post. */

const INTRO_CHARS_MAX = 4_000;
const NOTICES_MAX = 5;
const FILES_MAX = 8;
const LINES_MAX = 40;

/** Of what closes a post, for the lines of sections that did not fit. */
const SQUEEZED_CHARS = 2_000;
/** And for the files to download, including their addresses. */
const DOWNLOADS_CHARS = 1_600;

/** What comes ahead of the data: title, the time that they cover, the lead, the author's words, what readers must know. */
export function opening(message: Message): Block[] {
  const { run } = message;
  const phrases = phrasesOf(message);
  const title = lineText(run.title, SLACK.headerCharsMax) || lineText(run.report, SLACK.headerCharsMax);
  const made: Block[] = [{ type: "header", text: plainText(title || phrases.frame.report) }];
  const above = [lineText(message.brand?.name ?? "", 100), periodLine(message) ?? ""];
  const period = context([above.filter((words) => words !== "").join(" · ")]);
  if (period !== null) made.push(period);
  const lead = leadOf(message).map((piece) => text(piece.text, piece.isStrong));
  if (lead.length > 0) made.push(richText(lead));
  const intro = bodyText(message.intro?.trim() ?? "", INTRO_CHARS_MAX);
  if (intro !== "") made.push(...plainWords(intro));
  const stale = staleWords(message);
  const told = [...(stale === null ? [] : [stale]), ...message.notices];
  const notes = notices(told, NOTICES_MAX, 400, phrases).map((notice) => `⚠ ${notice}`);
  if (notes.length > 0) made.push(richText([text(notes.join("\n"))]));
  return made;
}

/**
 * The one way to the report in Looker. A link and no button: of an app that receives no clicks, as this one, Slack's clients put a warning
 * sign next to a button that was pressed (https://github.com/slackapi/node-slack-sdk/issues/869).
 */
export function openInLooker(message: Message): readonly Block[] {
  for (const { data } of message.sections) {
    const open = link(data?.url ?? null, phrasesOf(message).frame.openInLooker, true);
    if (open !== null) return [richText([open])];
  }
  return [];
}

export function closing(message: Message, squeezed: readonly MessageSection[]): Block[] {
  const made: Block[] = [];
  if (squeezed.length > 0) made.push(squeezedLines(squeezed, phrasesOf(message)));
  const downloads = downloadLines(message);
  if (downloads.length > 0) made.push(richText(downloads));
  const files = message.artifacts.length === 0 ? null : context([fileLine(message)]);
  if (files !== null) made.push(files);
  made.push(footer(message));
  return made;
}

export function footer(message: Message): Block {
  const { owner } = message.run;
  const isReport = message.purpose === "report";
  const ask =
    isReport && owner !== null
      ? [`${phrasesOf(message).frame.questions} ${isolatedLine(lineText(owner, 200))}`]
      : [];
  const words = [...(isReport ? dueAndRead(message) : []), ...ask, ...origin(message)];
  return { type: "context", elements: [plainText(lineText(words.join(" · "), SLACK.contextCharsMax))] };
}

function squeezedLines(squeezed: readonly MessageSection[], phrases: Phrases): Block {
  const { frame } = phrases;
  const elements: Block[] = [text(`${frame.tooMuch}\n`)];
  let listed = 0;
  for (const section of squeezed.slice(0, LINES_MAX)) {
    const line = slackLine(section, phrases);
    if (textLength(elements) + textLength(line) > SQUEEZED_CHARS) break;
    elements.push(...line);
    listed += 1;
  }
  const more = squeezed.length - listed;
  if (more > 0) elements.push(text(frame.andMore(more, "section")));
  return richText(elements);
}

/** Files that are too large to send, with their links. */
function downloadLines(message: Message): readonly Block[] {
  const { files, frame } = phrasesOf(message);
  const lines: Block[] = [];
  let listed = 0;
  for (const download of message.downloads.slice(0, FILES_MAX)) {
    const name = isolatedLine(lineText(download.filename, 80)) || files.noName;
    const details = text(` (${downloadDetails(download, message.run)})`);
    const line = [text(listed === 0 ? "↓ " : "\n↓ "), link(download.url, name) ?? text(name), details];
    if (textLength(lines) + textLength(line) > DOWNLOADS_CHARS) break;
    lines.push(...line);
    listed += 1;
  }
  const more = message.downloads.length - listed;
  if (more > 0) lines.push(text(`${listed === 0 ? "" : "\n"}${frame.andMoreToDownload(more)}`));
  return lines;
}

function fileLine(message: Message): string {
  const phrases = phrasesOf(message);
  const listed = message.artifacts.slice(0, FILES_MAX);
  const names = listed.map(
    (artifact) => `${isolatedLine(lineText(artifact.filename, 80))} (${fileDetails(artifact, phrases)})`,
  );
  const more = message.artifacts.length - listed.length;
  if (more > 0) names.push(phrases.frame.more(more, "file"));
  return phrases.files.list(names);
}
