import { isObject, type JsonObject, objectsIn, textIn } from "../../http/loose-json.ts";
import { htmlAsMarkdown } from "./html-markdown.ts";

/** A tile of words: its title, and its subtitle and body as CommonMark. Null where the element is none, or is empty. `webUrl`: Looker's own. */
export function textTile(
  element: JsonObject,
  webUrl: string,
): { title: string | null; text: string | null } | null {
  const title = wordsIn(element.title_text) ?? wordsIn(element.title);
  const subtitle = wordsIn(element.subtitle_text);
  const body = wordsIn(element.body_text);
  const parts = [
    subtitle === null ? null : escaped(subtitle),
    body === null ? null : (richTextAsMarkdown(body) ?? htmlAsMarkdown(body, webUrl)),
    buttonAsMarkdown(element),
  ].filter((part) => part !== null && part.trim() !== "");
  if (parts.length === 0 && title === null) return null;
  return { title, text: parts.length === 0 ? null : parts.join("\n\n") };
}

/** A button leads somewhere: `{"text": …, "href": …}`. */
function buttonAsMarkdown(element: JsonObject): string | null {
  const content = textIn(element.rich_content_json);
  if (content === null) return null;
  try {
    const button: unknown = JSON.parse(content);
    if (!isObject(button)) return null;
    const [words, href] = [wordsIn(button.text), textIn(button.href)];
    return words === null || href === null ? null : linkAsMarkdown(escaped(words), href);
  } catch {
    return null;
  }
}

function wordsIn(value: unknown): string | null {
  const text = textIn(value);
  return text === null || text.trim() === "" ? null : text.trim();
}

/*
 * What the editor of Looker's text tiles writes: a tree in JSON, in place of Markdown. Blocks have a type (h1, p, ul, ol, …) and
 * children; their leaves are texts with marks.
 */

const DEPTH_MAX = 20;
const HEADING = /^h([1-6])$/;

/** As CommonMark; null where the text is not such JSON. Kinds of blocks that are not known give their words. */
export function richTextAsMarkdown(text: string): string | null {
  if (!/^\s*\[\s*\{/.test(text)) return null;
  const blocks = blocksIn(text);
  return blocks === null
    ? null
    : blocks
        .map((block) => blockAsMarkdown(block, 0))
        .filter((part) => part.trim() !== "")
        .join("\n\n");
}

function blocksIn(text: string): readonly JsonObject[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const blocks = objectsIn(parsed);
    return blocks.every((block) => Array.isArray(block.children)) ? blocks : null;
  } catch {
    return null;
  }
}

function blockAsMarkdown(block: JsonObject, depth: number): string {
  const type = String(block.type ?? "p");
  if (depth > DEPTH_MAX) return "";
  const level = HEADING.exec(type)?.[1];
  if (level !== undefined)
    return `${"#".repeat(Number(level))} ${inline(block, depth)
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .join(" ")}`;
  if (type === "ul" || type === "ol") return listAsMarkdown(block, type, depth);
  if (type === "hr") return "---";
  const words = inline(block, depth).trim();
  return type === "blockquote" ? `> ${words.replaceAll("\n", "\n> ")}` : words;
}

function listAsMarkdown(list: JsonObject, type: "ul" | "ol", depth: number): string {
  return objectsIn(list.children)
    .map((item, index) => {
      const marker = type === "ul" ? "- " : `${index + 1}. `;
      const lines = itemAsMarkdown(item, depth + 1).split("\n");
      return lines.map((line, at) => (at === 0 ? marker : " ".repeat(marker.length)) + line).join("\n");
    })
    .join("\n");
}

/** An item holds its words, and may hold lists within. */
function itemAsMarkdown(item: JsonObject, depth: number): string {
  const parts = objectsIn(item.children);
  if (!parts.some((part) => part.type !== undefined && part.type !== "a")) return inline(item, depth);
  return parts
    .map((part) => (part.type === undefined ? leaf(part) : blockAsMarkdown(part, depth)))
    .join("\n");
}

function inline(holder: JsonObject, depth: number): string {
  if (depth > DEPTH_MAX) return "";
  return objectsIn(holder.children)
    .map((child) => {
      if (!Array.isArray(child.children)) return leaf(child);
      const words = inline(child, depth + 1);
      const url = child.type === "a" ? textIn(child.url) : null;
      return url === null ? words : linkAsMarkdown(words, url);
    })
    .join("");
}

function leaf(child: JsonObject): string {
  const text = typeof child.text === "string" ? child.text : "";
  if (text.trim() === "") return text;
  // CommonMark wants its marks close to the words.
  const words = text.trim();
  const start = text.length - text.trimStart().length;
  const [before, after] = [text.slice(0, start), text.slice(start + words.length)];
  const marks = `${child.bold === true ? "**" : ""}${child.italic === true ? "*" : ""}`;
  return `${before}${marks}${escaped(words)}${[...marks].reverse().join("")}${after}`;
}

/** `words` are CommonMark already. An address that is none of the web's gives its words alone. */
export function linkAsMarkdown(words: string, url: string): string {
  if (!URL.canParse(url) || !/^(https?|mailto):$/.test(new URL(url).protocol)) return words;
  return `[${words}](<${new URL(url).href.replace(/[<>\s]/g, encodeURIComponent)}>)`;
}

/** The words as they are: none of them is markup, and none begins a heading, a list or a quotation. */
export function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|~&]/g, "\\$&")
    .replace(/^([^\S\n\r\u2028\u2029]*)([#+\-=])/gm, "$1\\$2")
    .replace(/^([^\S\n\r\u2028\u2029]*\d+)([.)])/gm, "$1\\$2");
}
