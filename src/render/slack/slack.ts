import type { SlackPost } from "../../core/model/digest.ts";
import type { Message, MessageSection } from "../../core/model/message.ts";
import { bodyText, lineText } from "../words/cell-text.ts";
import { leadOf } from "../words/lead.ts";
import { isKpi } from "../words/shown.ts";
import {
  downloadDetails,
  dueDate,
  fileDetails,
  howManyMore,
  notices,
  origin,
  sharedFreshness,
} from "../words/words.ts";
import { type Block, context, link, plainText, richText, text } from "./block.ts";
import { slackFigures } from "./kpi.ts";
import { SLACK, textLength } from "./limits.ts";
import { slackNotice } from "./notice.ts";
import { slackProblems } from "./problems/post.ts";
import { type Allowance, slackLine, slackSection } from "./section.ts";
import type { TableKind } from "./table.ts";
import { slackText } from "./text.ts";

const INTRO_CHARS_MAX = 2_000;
const NOTICES_MAX = 5;
const FILES_MAX = 8;
const LINES_MAX = 40;

// Reserved for the end of the message: sections that did not fit, files, downloads, footer.
const CLOSING_BLOCKS = 5;
const CLOSING_CHARS = 5_000;
// Of these, for the lines of sections that did not fit.
const SQUEEZED_CHARS = 2_000;
// And for the files to download, including their addresses.
const DOWNLOADS_CHARS = 1_600;

// What a long text leaves to the data of its section: its title and the lines below it.
const BESIDE_WORDS_CHARS = 1_500;
const WORDS_CHARS_LEAST = 1_000;

const REFUSED_TABLE_CHARS = 4_000;

/** One form of a post. `step`: how many refusals by Slack it takes to try this form first. */
interface Rung {
  readonly step: 0 | 1 | 2;
  readonly table: TableKind;
  /** Charts and pictures. */
  readonly hasPictures: boolean;
  readonly hasSections: boolean;
}

const LADDER: readonly Rung[] = [
  { step: 0, table: "data_table", hasPictures: true, hasSections: true },
  { step: 1, table: "table", hasPictures: false, hasSections: true },
  { step: 1, table: "text", hasPictures: false, hasSections: true },
  { step: 1, table: "text", hasPictures: false, hasSections: false },
];

/**
 * A message as Slack blocks, with the text for notifications and screen readers: the best form that is within Slack's documented limits.
 * The first section with rows becomes a Slack table and the first two charts Slack charts; others are fixed-width text and pictures, and
 * a section that does not fit is one line. Data is only where Slack reads no markup, so a cell `<!channel>` pings no one. At step 2 it
 * is only its text, without blocks.
 */
export function renderSlack(
  message: Message,
  files: ReadonlyMap<string, string> = new Map(),
  step: 0 | 1 | 2 = 0,
): SlackPost {
  const text = slackText(message);
  for (const rung of LADDER) {
    if (rung.step < step) continue;
    const post = { text, blocks: blocks(message, files, rung) };
    if (slackProblems(post).length === 0) return post;
  }
  return { text: slackText(message, true), blocks: [] };
}

function blocks(message: Message, files: ReadonlyMap<string, string>, rung: Rung): Block[] {
  if (message.purpose !== "report") return [...slackNotice(message), footer(message)];
  const made: Block[] = opening(message);
  const squeezed: MessageSection[] = [];
  let chars = textLength(made);
  for (const sections of groups(message.sections)) {
    // Once a section did not fit, later ones are not shown either: the order would change.
    const isOpen = rung.hasSections && squeezed.length === 0;
    const next = isOpen ? sectionsBlocks(sections, message, roomLeft(made, files, rung)) : [];
    const length = textLength(next.filter((block) => !isTable(block)));
    const fits =
      made.length + next.length <= SLACK.blocksMax - CLOSING_BLOCKS &&
      chars + length <= SLACK.blockCharsMax - CLOSING_CHARS;
    if (!isOpen || !fits) {
      squeezed.push(...sections);
      continue;
    }
    made.push(...next);
    chars += length;
  }
  return [...made, ...closing(message, squeezed)];
}

function roomLeft(
  made: readonly Block[],
  files: ReadonlyMap<string, string>,
  { step, table, hasPictures }: Rung,
): Allowance {
  const charts = made.filter(({ type }) => type === "data_visualization").length;
  const charsLeft = SLACK.blockCharsMax - CLOSING_CHARS - textLength(made.filter((block) => !isTable(block)));
  return {
    wordsCharsMax: Math.max(WORDS_CHARS_LEAST, charsLeft - BESIDE_WORDS_CHARS),
    table: made.some(isTable) ? "text" : table,
    // A refusal may have been for the length of all text, for which Slack documents no limit.
    tableCharsMax: step === 0 ? Number.POSITIVE_INFINITY : REFUSED_TABLE_CHARS,
    hasChart: hasPictures && charts < SLACK.chartsMax,
    pictures: hasPictures ? files : new Map(),
  };
}

function isTable({ type }: Block): boolean {
  return type === "data_table" || type === "table";
}

/** Sections one by one, but consecutive figures together, as many as fit side by side. */
function groups(sections: readonly MessageSection[]): readonly (readonly MessageSection[])[] {
  const grouped: MessageSection[][] = [];
  for (const section of sections) {
    const last = grouped.at(-1);
    const joins = last?.every(isKpi) && isKpi(section) && section.text === null;
    if (last !== undefined && joins && last.length < SLACK.fieldsMax) last.push(section);
    else grouped.push([section]);
  }
  return grouped;
}

function sectionsBlocks(
  sections: readonly MessageSection[],
  message: Message,
  room: Allowance,
): readonly Block[] {
  const figures = sections.filter(isKpi);
  return figures.length > 0
    ? slackFigures(figures, message)
    : sections.flatMap((section) => slackSection(section, message, room));
}

function opening(message: Message): Block[] {
  const { run, period } = message;
  const title = lineText(run.title, SLACK.headerCharsMax) || lineText(run.report, SLACK.headerCharsMax);
  const head = context([
    ...(period === null ? [] : [`Covers ${lineText(period, 200)}`]),
    dueDate(run),
    sharedFreshness(message) ?? "",
    run.owner === null ? "" : `Questions? ${lineText(run.owner, 200)}`,
  ]);
  const made: Block[] = [{ type: "header", text: plainText(title || "Report") }];
  if (head !== null) made.push(head);
  const lead = leadOf(message).map((piece) => text(piece.text, piece.isStrong));
  if (lead.length > 0) made.push(richText(lead));
  const intro = bodyText(message.intro?.trim() ?? "", INTRO_CHARS_MAX);
  if (intro !== "") made.push(richText([text(intro)]));
  const notes = notices(message.notices, NOTICES_MAX, 400).map((notice) => `⚠ ${notice}`);
  if (notes.length > 0) made.push(richText([text(notes.join("\n"))]));
  return made;
}

function closing(message: Message, squeezed: readonly MessageSection[]): Block[] {
  const made: Block[] = [];
  if (squeezed.length > 0) made.push(squeezedLines(squeezed));
  const downloads = downloadLines(message);
  if (downloads.length > 0) made.push(richText(downloads));
  const files = message.artifacts.length === 0 ? null : context([fileLine(message)]);
  if (files !== null) made.push(files);
  made.push(footer(message));
  return made;
}

function footer(message: Message): Block {
  return { type: "context", elements: [plainText(origin(message).join(" · "))] };
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
    const name = lineText(download.filename, 80) || "file";
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
  const names = listed.map((artifact) => `${lineText(artifact.filename, 80)} (${fileDetails(artifact)})`);
  const more = message.artifacts.length - listed.length;
  if (more > 0) names.push(howManyMore(more, "file"));
  return `Files: ${names.join(", ")}`;
}
