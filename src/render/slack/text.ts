import type { Message, MessageSection } from "../../core/model/message.ts";
import { markdownText } from "../markdown/text.ts";
import { bodyText, lineText, safeHref } from "../words/cell-text.ts";
import { flatLabel } from "../words/headings.ts";
import { leadText } from "../words/lead.ts";
import { type DataSection, EMPTY, hasData } from "../words/shown.ts";
import { downloadDetails, dueDate, fileDetails, notices, origin, summary } from "../words/words.ts";
import { escapedText, escapedUrl } from "./block.ts";
import { changesSummary } from "./changes.ts";
import { kpiLine } from "./kpi.ts";
import { SLACK } from "./limits.ts";
import { noticeLines } from "./notice.ts";
import { altOf } from "./section.ts";

const FIRST_ROWS = 3;
const FIRST_COLUMNS = 6;
const WORDS_LINES_MAX = 3;
const CUT = "… and more, which does not fit here.";

/** A line of the text, in Slack's markup. */
type Line = string;

/**
 * What notifications and screen readers get: title, due date, notices, and for each section what it says. `isAlone`: there are no blocks,
 * so it has links, files and the footer as well.
 */
export function slackText(message: Message, isAlone = false): string {
  const charsMax = isAlone ? SLACK.textCharsAdvised : SLACK.textCharsMax;
  const last = isAlone ? [footerLine(message)] : [];
  const room = charsMax - CUT.length - last.join("").length - 2;
  const fitting: Line[] = [];
  let chars = 0;
  for (const line of lines(message, isAlone)) {
    chars += line.length + 1;
    if (chars > room) return [...fitting, CUT, ...last].join("\n");
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
    const [open] = isAlone ? linkLine(section.data?.url ?? null, "Open in Looker") : [];
    if (first !== "" || open !== undefined) yield open === undefined ? first : `${first} · ${open}`;
    yield* rest;
  }
  if (isAlone) yield* fileLines(message);
}

function footerLine(message: Message): Line {
  return escapedText(origin(message).join(" · "));
}

function headLines(message: Message, isAlone: boolean): Line[] {
  const { run, period } = message;
  const covers = period === null ? "" : `, ${lineText(period, 150)}`;
  const lead = leadText(message);
  const intro = isAlone ? bodyText(message.intro?.trim() ?? "", 1_000) : "";
  return [
    escapedText(`${lineText(run.title, 150)}${covers}, ${dueDate(run)}`),
    ...(lead === "" ? [] : [escapedText(lead)]),
    ...(intro === "" ? [] : intro.split("\n").map(escapedText)),
    ...notices(message.notices, 5, 300).map(escapedText),
  ];
}

function fileLines(message: Message): Line[] {
  return [
    ...message.artifacts
      .slice(0, 10)
      .map((artifact) => escapedText(`File: ${lineText(artifact.filename, 120)} (${fileDetails(artifact)})`)),
    ...message.downloads.slice(0, 10).flatMap((download) => {
      const words = `Download ${lineText(download.filename, 120)} (${downloadDetails(download, message.run)})`;
      return linkLine(download.url, words);
    }),
  ];
}

function linkLine(url: string | null, words: string): Line[] {
  const href = safeHref(url ?? undefined);
  return href === null ? [] : [`<${escapedUrl(href)}|${escapedText(words).replaceAll("|", "/")}>`];
}

function sectionLines(section: MessageSection, message: Message): string[] {
  const notes = notices(section.notices, 2, 300);
  const words = section.text === null ? [] : authorsWords(section.text);
  if (!hasData(section))
    return [lineText(section.title, 120), ...words, ...notes].filter((line) => line !== "");
  return [...words, ...dataLines(section, message), ...notes];
}

function dataLines(section: DataSection, message: Message): string[] {
  const { show, table } = section.data;
  const title = lineText(section.title, 120);
  if (show.kind === "kpi") return [kpiLine(section.title, show.kpi)];
  if (show.kind === "changes") {
    const { since } = show.changes;
    const when = since === null ? null : dueDate({ ...message.run, dueAt: since });
    return [`${title}: ${changesSummary(show.changes, when)}`];
  }
  if (table.rowCount === 0) return [`${title}: ${EMPTY}`];
  const alt = show.kind === "chart" || show.kind === "image" ? altOf(show.picture, message) : "";
  if (alt !== "") return [`${title}: ${lineText(alt, 500)}`];
  return show.kind === "none" ? [summary(section)] : [summary(section), ...firstRows(section)];
}

function firstRows({ data }: DataSection): string[] {
  const { table, rowsShown } = data;
  const rows = table.rows.slice(0, Math.min(FIRST_ROWS, rowsShown));
  const heading = table.columns.map((column) => flatLabel(column));
  return [heading, ...rows.map((row) => row.map((cell) => cell.rendered))].map(
    (texts) =>
      `  ${texts
        .slice(0, FIRST_COLUMNS)
        .map((words) => lineText(words, 40) || "–")
        .join(" · ")}`,
  );
}

function authorsWords(markdown: string): string[] {
  const lines = markdownText(markdown, 300, 600)
    // Addresses are of no use to people who listen to it.
    .map((line) => lineText(line.replace(/ ?<(?:https?:|mailto:)[^<>]*>/g, ""), 300))
    .filter((line) => line !== "");
  return lines.slice(0, WORDS_LINES_MAX);
}
