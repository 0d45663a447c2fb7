import type { SlackPost } from "../core/digest.ts";
import type { Message, MessageSection } from "../core/message.ts";
import { EMPTY } from "./amount.ts";
import { bodyText, lineText } from "./cell-text.ts";
import { flatLabel } from "./headings.ts";
import { SLACK, textLength } from "./slack-limits.ts";
import { noticeLines, slackNotice } from "./slack-notice.ts";
import { type Block, context, richText, slackLine, slackSection, text } from "./slack-section.ts";
import { dueDate, fileDetails, howManyMore, notices, summary } from "./words.ts";

const INTRO_CHARS_MAX = 2_000;
const NOTICES_MAX = 5;
const FILES_MAX = 8;
const LINES_MAX = 40;

// Kept free for what closes the message: sections that had no room, files, footer.
const CLOSING_BLOCKS = 4;
const CLOSING_CHARS = 3_500;
// Of those, for the lines of the sections.
const SQUEEZED_CHARS = 2_000;

/**
 * A message as Slack blocks, with the text for notifications and screen readers. The first section with rows becomes
 * Slack's own table; others are fixed-width text; what finds no room is a line each. Data stands only where Slack reads
 * no markup, so a cell `<!channel>` pings nobody.
 */
export function renderSlack(message: Message): SlackPost {
  return { text: plainText(message), blocks: blocks(message) };
}

function blocks(message: Message): Block[] {
  if (message.purpose === "notice") return [...slackNotice(message), footer(message)];
  const made: Block[] = opening(message);
  const squeezed: MessageSection[] = [];
  let mayHaveTable = true;
  let chars = textLength(made);
  for (const section of message.sections) {
    const next = slackSection(section, message, mayHaveTable);
    const length = textLength(next.blocks.filter((block) => block.type !== "data_table"));
    const fits =
      made.length + next.blocks.length <= SLACK.blocksMax - CLOSING_BLOCKS &&
      chars + length <= SLACK.blockCharsMax - CLOSING_CHARS;
    if (!fits || squeezed.length > 0) {
      squeezed.push(section);
      continue;
    }
    made.push(...next.blocks);
    chars += length;
    if (next.hasTable) mayHaveTable = false;
  }
  return [...made, ...closing(message, squeezed)];
}

function opening(message: Message): Block[] {
  const { run } = message;
  const owner = run.owner === null ? [] : [`Questions? ${lineText(run.owner, 200)}`];
  const made: Block[] = [
    {
      type: "header",
      text: {
        type: "plain_text",
        text: lineText(run.title, SLACK.headerCharsMax) || lineText(run.report, SLACK.headerCharsMax),
        emoji: false,
      },
    },
    context([dueDate(run), ...owner]),
  ];
  const intro = bodyText(message.intro?.trim() ?? "", INTRO_CHARS_MAX);
  if (intro !== "") made.push(richText([text(intro)]));
  const told = notices(message.notices, NOTICES_MAX, 400).map((notice) => `⚠ ${notice}`);
  if (told.length > 0) made.push(richText([text(told.join("\n"))]));
  return made;
}

function closing(message: Message, squeezed: readonly MessageSection[]): Block[] {
  const made: Block[] = [];
  if (squeezed.length > 0) made.push(squeezedLines(squeezed));
  if (message.artifacts.length > 0) made.push(context([fileLine(message)]));
  made.push(footer(message));
  return made;
}

function footer({ run }: Message): Block {
  return context([`Report ${lineText(run.report, 150)} · run ${lineText(run.id, 80)} · sent by lookpost`]);
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

function fileLine(message: Message): string {
  const listed = message.artifacts.slice(0, FILES_MAX);
  const names = listed.map((artifact) => `${lineText(artifact.filename, 80)} (${fileDetails(artifact)})`);
  const more = message.artifacts.length - listed.length;
  if (more > 0) names.push(howManyMore(more, "file"));
  return `Files: ${names.join(", ")}`;
}

const FIRST_ROWS = 3;
const FIRST_COLUMNS = 6;
// Kept free for "… and 12 more lines".
const MORE_LINES_CHARS = 60;

/** Title, due date, notices, and for each section its rows and the first of them, escaped as Slack asks. */
function plainText(message: Message): string {
  const lines = message.purpose === "notice" ? noticeLines(message) : reportLines(message);
  let fitting = "";
  for (const [index, line] of lines.entries()) {
    const escaped = escapeText(line);
    if (fitting.length + escaped.length + MORE_LINES_CHARS > SLACK.textCharsMax)
      return `${fitting}\n… and ${howManyMore(lines.length - index, "line")}`;
    fitting += index === 0 ? escaped : `\n${escaped}`;
  }
  return fitting;
}

function reportLines(message: Message): string[] {
  return [
    `${lineText(message.run.title, 150)}, ${dueDate(message.run)}`,
    ...notices(message.notices, NOTICES_MAX, 300),
    ...message.sections.flatMap(sectionLines),
  ];
}

function sectionLines(section: MessageSection): string[] {
  const { table } = section;
  if (table.rowCount === 0) return [`${lineText(section.title, 120)}: ${EMPTY}`];
  if (section.show === "none") return [summary(section)];
  const rows = table.rows.slice(0, Math.min(FIRST_ROWS, section.rowsShown));
  const heading = table.columns.map((column) => flatLabel(column));
  return [
    summary(section),
    ...[heading, ...rows.map((row) => row.map((cell) => cell.rendered))].map(
      (texts) =>
        `  ${texts
          .slice(0, FIRST_COLUMNS)
          .map((words) => lineText(words, 40) || "–")
          .join(" · ")}`,
    ),
  ];
}

function escapeText(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
