import type { SlackPost } from "../../core/model/digest.ts";
import type { Message, MessageSection } from "../../core/model/message.ts";
import { isKpi } from "../words/shown.ts";
import type { Block } from "./block.ts";
import { closing, footer, openInLooker, opening } from "./frame.ts";
import { slackFigures } from "./kpi.ts";
import { SLACK, textLength } from "./limits.ts";
import { slackNotice } from "./notice.ts";
import { slackProblems } from "./problems/post.ts";
import { type Allowance, slackSection } from "./section.ts";
import type { TableKind } from "./table.ts";
import { slackText } from "./text.ts";

/** In one block. */
const FIGURES_MAX = 12;

// Of what closes a post, for the lines of sections that did not fit; where there is only one, for its line.
const SQUEEZED_CHARS = 2_000;
const SQUEEZED_ONE_CHARS = 600;

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
  const room = roomAheadOfClosing(message);
  const grouped = groups(message.sections);
  // What most people need comes first: the figures, then the way to all the rest.
  const opensAfter = grouped[0]?.every(isKpi) === true ? 1 : 0;
  for (const [index, sections] of grouped.entries()) {
    if (index === opensAfter) made.push(...openInLooker(message));
    // Once a section did not fit, later ones are not shown either: the order would change.
    const isOpen = rung.hasSections && squeezed.length === 0;
    const next = isOpen ? sectionsBlocks(sections, message, roomLeft(made, files, rung, room)) : [];
    const fits =
      isOpen && made.length + next.length <= room.blocks && charsIn([...made, ...next]) <= room.chars;
    if (!fits) {
      squeezed.push(...sections);
      continue;
    }
    made.push(...next);
  }
  if (grouped.length <= opensAfter) made.push(...openInLooker(message));
  return [...made, ...closing(message, squeezed)];
}

interface Room {
  readonly blocks: number;
  readonly chars: number;
}

/** What a post has for its head and its sections: all but what closes it, and the lines of sections that may not fit. */
function roomAheadOfClosing(message: Message): Room {
  const last = closing(message, []);
  const squeezed = message.sections.length > 1 ? SQUEEZED_CHARS : SQUEEZED_ONE_CHARS;
  return {
    blocks: SLACK.blocksMax - last.length - 1,
    chars: SLACK.blockCharsMax - textLength(last) - squeezed,
  };
}

function roomLeft(
  made: readonly Block[],
  files: ReadonlyMap<string, string>,
  { step, table, hasPictures }: Rung,
  room: Room,
): Allowance {
  const charts = made.filter(({ type }) => type === "data_visualization").length;
  return {
    charsMax: room.chars - charsIn(made),
    blocksMax: room.blocks - made.length,
    table: made.some(isTable) ? "text" : table,
    // A refusal may have been for the length of all text, for which Slack documents no limit.
    tableCharsMax: step === 0 ? Number.POSITIVE_INFINITY : REFUSED_TABLE_CHARS,
    hasChart: hasPictures && charts < SLACK.chartsMax,
    pictures: hasPictures ? files : new Map(),
  };
}

/** Tables have a limit of their own. */
function charsIn(blocks: readonly Block[]): number {
  return textLength(blocks.filter((block) => !isTable(block)));
}

function isTable({ type }: Block): boolean {
  return type === "data_table" || type === "table";
}

/** Sections one by one, but consecutive figures together. */
function groups(sections: readonly MessageSection[]): readonly (readonly MessageSection[])[] {
  const grouped: MessageSection[][] = [];
  for (const section of sections) {
    const last = grouped.at(-1);
    const joins = last?.every(isKpi) && isKpi(section) && section.text === null;
    if (last !== undefined && joins && last.length < FIGURES_MAX) last.push(section);
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
