import type { Message, MessageSection } from "../../core/model/message.ts";
import { bodyText, isolatedLine, lineText } from "../words/cell-text.ts";
import { ENGLISH } from "../words/english.ts";
import { leadOf } from "../words/lead.ts";
import { periodLine } from "../words/show-words.ts";
import {
  downloadDetails,
  dueAndRead,
  fileDetails,
  howManyMore,
  notices,
  origin,
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
  const title = lineText(run.title, SLACK.headerCharsMax) || lineText(run.report, SLACK.headerCharsMax);
  const made: Block[] = [{ type: "header", text: plainText(title || "Report") }];
  const above = [lineText(message.brand?.name ?? "", 100), periodLine(message) ?? ""];
  const period = context([above.filter((words) => words !== "").join(" · ")]);
  if (period !== null) made.push(period);
  const lead = leadOf(message).map((piece) => text(piece.text, piece.isStrong));
  if (lead.length > 0) made.push(richText(lead));
  const intro = bodyText(message.intro?.trim() ?? "", INTRO_CHARS_MAX);
  if (intro !== "") made.push(...plainWords(intro));
  const stale = staleWords(message);
  const told = [...(stale === null ? [] : [stale]), ...message.notices];
  const notes = notices(told, NOTICES_MAX, 400).map((notice) => `⚠ ${notice}`);
  if (notes.length > 0) made.push(richText([text(notes.join("\n"))]));
  return made;
}

/**
 * The one way to the report in Looker. A link and no button: of an app that receives no clicks, as this one, Slack's clients put a warning
 * sign next to a button that was pressed (https://github.com/slackapi/node-slack-sdk/issues/869).
 */
export function openInLooker({ sections }: Message): readonly Block[] {
  for (const { data } of sections) {
    const open = link(data?.url ?? null, ENGLISH.openInLooker, true);
    if (open !== null) return [richText([open])];
  }
  return [];
}

export function closing(message: Message, squeezed: readonly MessageSection[]): Block[] {
  const made: Block[] = [];
  if (squeezed.length > 0) made.push(squeezedLines(squeezed));
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
    isReport && owner !== null ? [`${ENGLISH.questions} ${isolatedLine(lineText(owner, 200))}`] : [];
  const words = [...(isReport ? dueAndRead(message) : []), ...ask, ...origin(message)];
  return { type: "context", elements: [plainText(lineText(words.join(" · "), SLACK.contextCharsMax))] };
}

function squeezedLines(squeezed: readonly MessageSection[]): Block {
  const elements: Block[] = [text("Too much for one message, so not shown here:\n")];
  let listed = 0;
  for (const section of squeezed.slice(0, LINES_MAX)) {
    const line = slackLine(section);
    if (textLength(elements) + textLength(line) > SQUEEZED_CHARS) break;
    elements.push(...line);
    listed += 1;
  }
  const more = squeezed.length - listed;
  if (more > 0) elements.push(text(`and ${howManyMore(more, "section")}`));
  return richText(elements);
}

/** Files that are too large to send, with their links. */
function downloadLines(message: Message): readonly Block[] {
  const lines: Block[] = [];
  let listed = 0;
  for (const download of message.downloads.slice(0, FILES_MAX)) {
    const name = isolatedLine(lineText(download.filename, 80)) || "file";
    const details = text(` (${downloadDetails(download, message.run)})`);
    const line = [text(listed === 0 ? "↓ " : "\n↓ "), link(download.url, name) ?? text(name), details];
    if (textLength(lines) + textLength(line) > DOWNLOADS_CHARS) break;
    lines.push(...line);
    listed += 1;
  }
  const more = message.downloads.length - listed;
  if (more > 0) lines.push(text(`${listed === 0 ? "" : "\n"}and ${howManyMore(more, "file")} to download`));
  return lines;
}

function fileLine(message: Message): string {
  const listed = message.artifacts.slice(0, FILES_MAX);
  const names = listed.map(
    (artifact) => `${isolatedLine(lineText(artifact.filename, 80))} (${fileDetails(artifact)})`,
  );
  const more = message.artifacts.length - listed.length;
  if (more > 0) names.push(howManyMore(more, "file"));
  return `Files: ${names.join(", ")}`;
}
