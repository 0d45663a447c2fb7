import type { MailReader } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { broken, wrapped } from "../markdown/text.ts";
import { bodyText, isolatedLine, lineText, safeHref } from "../words/cell-text.ts";
import { whyYouGetIt } from "../words/foot.ts";
import { leadText } from "../words/lead.ts";
import { factsOf, type NoticePart, noticeParts } from "../words/notice.ts";
import { periodLine } from "../words/show-words.ts";
import {
  downloadDetails,
  dueAndRead,
  fileDetails,
  noticeDate,
  origin,
  phrasesOf,
  staleWords,
} from "../words/words.ts";
import { lineWidth, sectionText, TEXT_WIDTH_MAX, textNotes, URL_CHARS_MAX } from "./section.ts";

const CHARS_MAX = 60_000;
// For a section without its rows: title, what is shown, link.
const FRAME_CHARS = 500;
const FILES_MAX = 30;

/**
 * The message as plain text, for clients without HTML and for screen readers: at most about 60,000
 * characters of tables, in lines of at most 72 columns (except addresses and the author's introduction).
 */
export function renderText(message: Message, reader?: MailReader): string {
  if (message.purpose !== "report") return noticeText(message);
  const { run } = message;
  const phrases = phrasesOf(message);
  const period = periodLine(message);
  const stale = staleWords(message);
  const title = lineText(run.title, 300);
  const head = [title, "=".repeat(lineWidth(title))];
  if (period !== null) head.push(period);
  const lead = leadText(message);
  const name = lineText(message.brand?.name ?? "", 100);
  const parts = [
    ...(name === "" ? [] : [name]),
    head.join("\n"),
    ...(lead === "" ? [] : [broken(lead, TEXT_WIDTH_MAX).join("\n")]),
  ];
  if (message.intro !== null && message.intro.trim() !== "")
    parts.push(bodyText(message.intro.trim(), 10_000));
  const notes = [...(stale === null ? [] : [stale]), ...message.notices];
  if (notes.length > 0) parts.push(textNotes(notes, phrases).join("\n"));
  const url = message.sections.flatMap(
    ({ data }) => safeHref(data?.url ?? undefined, URL_CHARS_MAX) ?? [],
  )[0];
  if (url !== undefined) parts.push(phrases.frame.titled(phrases.frame.openInLooker, url));
  parts.push(...sections(message));
  if (message.artifacts.length > 0) parts.push(attached(message).join("\n"));
  if (message.downloads.length > 0) parts.push(toDownload(message).join("\n"));
  parts.push(footer(message, reader ?? null).join("\n"));
  if (message.brand?.footer !== undefined) parts.push(bodyText(message.brand.footer, 1_000));
  return `${parts.join("\n\n")}\n`;
}

/** What went wrong: subject, text, and commands, which are indented. */
function noticeText(message: Message): string {
  const subject = lineText(message.subject, 300);
  const parts = noticeParts(bodyText(message.intro?.trim() ?? "", 12_000));
  return `${[
    [subject, "=".repeat(lineWidth(subject)), noticeDate(message)].join("\n"),
    ...parts.map(noticePart),
    footer(message).join("\n"),
  ].join("\n\n")}\n`;
}

function noticePart(part: NoticePart): string {
  switch (part.kind) {
    case "command":
      return `    ${part.text}`;
    case "heading":
      return `${part.text}\n${"-".repeat(part.text.length)}`;
    case "facts": {
      const facts = factsOf(part);
      const width = Math.max(...facts.map(([label]) => lineWidth(label))) + 2;
      return facts.map(([label, value]) => `${label.padEnd(width)}${value}`).join("\n");
    }
    default:
      return part.text;
  }
}

/** Sections until the characters are used up; tables share the rest evenly. */
function sections(message: Message): string[] {
  const parts: string[] = [];
  let charsLeft = CHARS_MAX;
  for (const [index, section] of message.sections.entries()) {
    if (charsLeft < FRAME_CHARS) {
      parts.push(phrasesOf(message).frame.noRoomFor(message.sections.length - index));
      break;
    }
    const share = charsLeft / (message.sections.length - index) - FRAME_CHARS;
    const part = sectionText(section, message, Math.max(0, Math.floor(share / TEXT_WIDTH_MAX)));
    charsLeft -= part.length;
    parts.push(part);
  }
  return parts;
}

function attached(message: Message): string[] {
  const phrases = phrasesOf(message);
  return list(
    phrases.files.attached,
    message.artifacts.map((artifact) => [
      `${isolatedLine(lineText(artifact.filename, 160))} (${fileDetails(artifact, phrases)})`,
    ]),
    phrases,
  );
}

function toDownload(message: Message): string[] {
  const phrases = phrasesOf(message);
  return list(
    phrases.files.toDownload,
    message.downloads.map((download) => {
      const url = safeHref(download.url);
      const about = `${isolatedLine(lineText(download.filename, 160))} (${downloadDetails(download, message.run)})`;
      return url === null ? [about] : [about, `  ${url}`];
    }),
    phrases,
  );
}

function list(title: string, entries: readonly (readonly string[])[], { frame }: Phrases): string[] {
  const lines = entries.slice(0, FILES_MAX).flatMap((entry) => entry.map((line) => `  ${line}`));
  const more = entries.length - FILES_MAX;
  return [
    frame.titled(title, "").trimEnd(),
    ...lines,
    ...(more > 0 ? [`  ${frame.andMore(more, "file")}`] : []),
  ];
}

function footer(message: Message, reader: MailReader | null = null): string[] {
  const { run } = message;
  const { frame } = phrasesOf(message);
  const lines = ["-".repeat(40)];
  const why = message.purpose === "report" ? whyYouGetIt(message, reader) : null;
  if (why !== null) lines.push(why);
  if (reader?.stopHref != null) lines.push(frame.titled(frame.stop, reader.stopHref));
  if (run.owner !== null) lines.push(`${frame.questions} ${lineText(run.owner, 200)}`);
  if (message.purpose === "report") lines.push(...wrapped(dueAndRead(message).join(" · "), TEXT_WIDTH_MAX));
  lines.push(origin(message).join(", "));
  return lines;
}
