import type { Message, MessageSection } from "../../core/model/message.ts";
import { markdownText } from "../markdown/text.ts";
import { bodyText, isolatedLine, lineText } from "../words/cell-text.ts";
import { flatLabel } from "../words/headings.ts";
import { leadText } from "../words/lead.ts";
import { changesSentence, periodLine } from "../words/show-words.ts";
import { type DataSection, hasData } from "../words/shown.ts";
import {
  downloadDetails,
  dueAndRead,
  fileDetails,
  notices,
  origin,
  phrasesOf,
  sinceWords,
  summary,
} from "../words/words.ts";
import { escapedText, mrkdwnLink } from "./block.ts";
import { kpiLine } from "./kpi.ts";
import { SLACK } from "./limits.ts";
import { noticeLines } from "./notice.ts";
import { altOf } from "./section.ts";

const FIRST_ROWS = 3;
const FIRST_COLUMNS = 6;
const WORDS_LINES_MAX = 3;

/** A line of the text, in Slack's markup. */
type Line = string;

/**
 * What notifications and screen readers get. A notification shows the first line, which is title and lead; screen readers read all of it and
 * none of the blocks (https://docs.slack.dev/messaging), so that what each section says follows. `isAlone`: there are no blocks, so it has
 * links, files and the footer as well.
 */
export function slackText(message: Message, isAlone = false): string {
  const charsMax = isAlone ? SLACK.textCharsAdvised : SLACK.textCharsMax;
  const last = isAlone ? [footerLine(message)] : [];
  const cut = phrasesOf(message).frame.andMoreThatDoesNotFit;
  const room = charsMax - cut.length - last.join("").length - 2;
  const fitting: Line[] = [];
  let chars = 0;
  for (const line of lines(message, isAlone)) {
    chars += line.length + 1;
    if (chars > room) return [...fitting, cut, ...last].join("\n");
    fitting.push(line);
  }
  return [...fitting, ...last].join("\n");
}

/** One by one, since most of them may never be needed. */
function* lines(message: Message, isAlone: boolean): Generator<Line> {
  if (message.purpose !== "report") {
    yield* noticeLines(message).map(escapedText);
    return;
  }
  yield* headLines(message, isAlone);
  for (const section of message.sections) {
    const [first = "", ...rest] = sectionLines(section, message).map(escapedText);
    const [open] = isAlone ? linkLine(section.data?.url ?? null, phrasesOf(message).frame.openInLooker) : [];
    if (first !== "" || open !== undefined) yield open === undefined ? first : `${first} · ${open}`;
    yield* rest;
  }
  if (isAlone) yield* fileLines(message);
}

function footerLine(message: Message): Line {
  const read = message.purpose === "report" ? dueAndRead(message) : [];
  return escapedText([...read, ...origin(message)].join(" · "));
}

const HEADLINE_CHARS_MAX = 300;

function headLines(message: Message, isAlone: boolean): Line[] {
  const phrases = phrasesOf(message);
  const title = isolatedLine(lineText(message.run.title, 150));
  const lead = leadText(message);
  const period = periodLine(message) ?? "";
  const intro = isAlone ? bodyText(message.intro?.trim() ?? "", 1_000) : "";
  return [
    bodyText(lead === "" ? title : phrases.frame.titled(title, lead), HEADLINE_CHARS_MAX),
    period,
    ...intro.split("\n"),
    ...notices(message.notices, 5, 300, phrases),
  ]
    .filter((line) => line !== "")
    .map(escapedText);
}

function fileLines(message: Message): Line[] {
  const phrases = phrasesOf(message);
  const { files } = phrases;
  return [
    ...message.artifacts.slice(0, 10).map((artifact) => {
      const name = isolatedLine(lineText(artifact.filename, 120));
      return escapedText(files.file(`${name} (${fileDetails(artifact, phrases)})`));
    }),
    ...message.downloads.slice(0, 10).flatMap((download) => {
      const name = isolatedLine(lineText(download.filename, 120));
      return linkLine(download.url, files.download(`${name} (${downloadDetails(download, message.run)})`));
    }),
  ];
}

function linkLine(url: string | null, words: string): Line[] {
  const linked = mrkdwnLink({ url, words });
  return linked === null ? [] : [linked];
}

function sectionLines(section: MessageSection, message: Message): string[] {
  const notes = notices(section.notices, 2, 300, phrasesOf(message));
  const words = section.text === null ? [] : authorsWords(section.text);
  if (!hasData(section))
    return [lineText(section.title, 120), ...words, ...notes].filter((line) => line !== "");
  return [...words, ...dataLines(section, message), ...notes];
}

function dataLines(section: DataSection, message: Message): string[] {
  const { show, table } = section.data;
  const phrases = phrasesOf(message);
  const title = isolatedLine(lineText(section.title, 120));
  const said = (words: string) => phrases.frame.titled(title, words);
  if (show.kind === "kpi") return [kpiLine(section.title, show.kpi, phrases)];
  if (show.kind === "changes") {
    const { since } = show.changes;
    const when = since === null ? null : sinceWords(since, message.run);
    return [said(changesSentence(show.changes, table, when, phrases))];
  }
  if (table.rowCount === 0) return [said(phrases.tables.empty)];
  const alt = show.kind === "chart" || show.kind === "image" ? altOf(show.picture, message) : "";
  if (alt !== "") return [said(lineText(alt, 500))];
  return show.kind === "none"
    ? [summary(section, phrases)]
    : [summary(section, phrases), ...firstRows(section)];
}

function firstRows({ data }: DataSection): string[] {
  const { table, rowsShown } = data;
  const rows = table.rows.slice(0, Math.min(FIRST_ROWS, rowsShown));
  const heading = table.columns.map((column) => flatLabel(column));
  return [heading, ...rows.map((row) => row.map((cell) => cell.rendered))].map(
    (texts) =>
      `  ${texts
        .slice(0, FIRST_COLUMNS)
        .map((words) => isolatedLine(lineText(words, 40)) || "–")
        .join(" · ")}`,
  );
}

function authorsWords(markdown: string): string[] {
  const lines = markdownText(markdown, 300, 600)
    // Addresses are of no use to people who listen to it.
    .map((line) => lineText(line.replace(/ ?<(?:https?:|mailto:)[^<>]*>/g, ""), 300))
    // Nor are the lines below headings and heads of tables.
    .filter((line) => !/^[-~ ]*$/.test(line));
  return lines.slice(0, WORDS_LINES_MAX);
}
