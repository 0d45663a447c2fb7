import { type HtmlElement, type HtmlNode, htmlTree, isElement } from "./html-tree.ts";
import { codeSpan, decoded, emphasized, fenced, linked, textOf } from "./marks.ts";

/*
 * Looker's text tiles and notes are Markdown in which HTML counts
 * (https://cloud.google.com/looker/docs/dashboard-text-tiles): what of it is words, emphasis, links, lists and tables becomes Markdown
 * too; colours, sizes and pictures do not.
 */

/** Of one tile. */
const CHARS_MAX = 20_000;
/** Stands for a line break until it is known what is around it. */
const BREAK = "\ue000";

/** The Markdown of a tile with its HTML as CommonMark and its links absolute. `webUrl`: where they lead from. */
export function htmlAsMarkdown(text: string, webUrl: string): string {
  const source = text.slice(0, CHARS_MAX).replaceAll(BREAK, "").replace(/\r\n?/g, "\n");
  const writer = new Writer(webUrl);
  const written = writer.blocks(htmlTree(source));
  return withBreaks(absoluteLinks(written, webUrl)).trim();
}

/** A mark at the end of its block would be shown as what it is. */
function withBreaks(text: string): string {
  return text
    .replace(/[ \t]*\ue000[ \t]*\n?[ \t]*/g, BREAK)
    .split("\n")
    .map((line) => (/^\s*(?:\||#{1,6}\s)/.test(line) ? line.replaceAll(BREAK, " ") : line))
    .join("\n")
    .replace(/\ue000{2,}/g, "\n\n")
    .replace(/^\ue000|\ue000(?=\n|$)/gm, "")
    .replaceAll(BREAK, "\\\n");
}

/** Links of Markdown that begin at Looker's own root. */
function absoluteLinks(text: string, webUrl: string): string {
  return text.replace(/\]\(<?(\/[^\s)>]{0,1000})>?(?=[\s)])/g, (whole, path: string) => {
    const url = absolute(path, webUrl);
    return url === null ? whole : `](<${url}>`;
  });
}

/** Null for an address that a message cannot link to. */
function absolute(href: string, webUrl: string): string | null {
  if (href.trim() === "") return null;
  const url = URL.parse(decoded(href.trim()), `${webUrl}/`);
  if (url === null || !/^(?:https?|mailto):$/.test(url.protocol)) return null;
  return url.href.replace(/[<>\s\\]/g, encodeURIComponent);
}

const BLOCKS = new Set(
  "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);

function isBlank(node: HtmlNode | undefined): boolean {
  return typeof node === "string" && node.trim() === "";
}

class Writer {
  readonly #webUrl: string;

  constructor(webUrl: string) {
    this.#webUrl = webUrl;
  }

  /** Blocks, a blank line between them. Text that is in no block is Markdown as it is. */
  blocks(nodes: readonly HtmlNode[], isWithin = false): string {
    const parts: string[] = [];
    let run: HtmlNode[] = [];
    const flush = () => {
      const words = this.#inline(run);
      run = [];
      parts.push(isWithin ? words.replace(/^[ \t]+/gm, "").trim() : words.replace(/^\s*\n|\s+$/g, ""));
    };
    for (const node of nodes) {
      if (!isElement(node) || !BLOCKS.has(node.tag)) {
        run.push(node);
        continue;
      }
      flush();
      parts.push(this.#block(node));
    }
    flush();
    return parts.filter((part) => part.replaceAll(BREAK, "").trim() !== "").join("\n\n");
  }

  #block(element: HtmlElement): string {
    const { tag, children } = element;
    const level = /^h([1-6])$/.exec(tag)?.[1];
    if (level !== undefined) {
      const words = this.#line(children);
      return words === "" ? "" : `${"#".repeat(Number(level))} ${words}`;
    }
    switch (tag) {
      case "hr":
        return "---";
      case "pre":
        return fenced(textOf(children));
      case "ul":
      case "ol":
      case "menu":
      case "dir":
        return this.#list(element);
      case "blockquote":
        return this.blocks(children, true).replace(/^/gm, "> ");
      case "table":
        return this.#table(element);
      default:
        return this.blocks(children, true);
    }
  }

  #list({ tag, children, attributes }: HtmlElement): string {
    const start = Number(attributes.get("start") ?? 1);
    const items = children.filter((child) => !isBlank(child));
    return items
      .map((item, index) => {
        const marker =
          tag === "ol" ? `${(Number.isSafeInteger(start) && start >= 0 ? start : 1) + index}. ` : "- ";
        const words = this.blocks(isElement(item) && item.tag === "li" ? item.children : [item], true);
        return marker + words.replaceAll("\n", `\n${" ".repeat(marker.length)}`);
      })
      .join("\n");
  }

  /** A row alone, as pages are laid out with, is a line of words; a head is where there is one. */
  #table({ children }: HtmlElement): string {
    const rows = rowsIn(children).map((row) => row.children.filter(isElement));
    const texts = rows.map((cells) => cells.map((cell) => this.#line(cell.children).replaceAll("|", "\\|")));
    const width = Math.max(0, ...texts.map((row) => row.length));
    if (width === 0) return "";
    const [first = [], ...others] = texts;
    const hasHead = rows[0]?.every(({ tag }) => tag === "th") === true;
    if (!hasHead && (texts.length === 1 || width === 1))
      return texts.map((row) => row.filter((cell) => cell !== "").join(" · ")).join("\n\n");
    const line = (cells: readonly string[]) =>
      `| ${Array.from({ length: width }, (_, at) => cells[at] ?? "").join(" | ")} |`;
    const rule = `|${" --- |".repeat(width)}`;
    const caption = children.find((child) => isElement(child) && child.tag === "caption");
    const title = caption !== undefined && isElement(caption) ? `${this.#line(caption.children)}\n\n` : "";
    const body = hasHead ? [line(first), rule, ...others.map(line)] : [line([]), rule, ...texts.map(line)];
    return title + body.join("\n");
  }

  /** On one line. */
  #line(nodes: readonly HtmlNode[]): string {
    return this.#inline(nodes).replaceAll(BREAK, " ").replace(/\s+/g, " ").trim();
  }

  #inline(nodes: readonly HtmlNode[]): string {
    let words = "";
    let last: HtmlNode | null = null;
    for (const node of nodes) {
      if (isBlank(node) && last !== null && isElement(last) && last.tag === "a") {
        words += " ";
        continue;
      }
      // Links of a menu are next to each other, parted by colours and margins alone.
      if (isElement(node) && node.tag === "a" && last !== null && isElement(last) && last.tag === "a")
        words = `${words.trimEnd()} · `;
      words += isElement(node) ? this.#set(node, words) : node;
      last = node;
    }
    return words;
  }

  #set({ tag, children, attributes }: HtmlElement, before: string): string {
    switch (tag) {
      case "br":
        return BREAK;
      case "hr":
        return BREAK;
      case "img":
        return decoded(attributes.get("alt") ?? "").trim();
      case "b":
      case "strong":
        return emphasized(this.#inline(children), "**", before);
      case "i":
      case "em":
      case "cite":
        return emphasized(this.#inline(children), "*", before);
      case "code":
      case "kbd":
      case "samp":
      case "tt":
        return codeSpan(textOf(children));
      case "a":
        return linked(this.#line(children), absolute(attributes.get("href") ?? "", this.#webUrl));
      default:
        return BLOCKS.has(tag) ? `${BREAK}${this.#inline(children)}${BREAK}` : this.#inline(children);
    }
  }
}

function rowsIn(nodes: readonly HtmlNode[]): HtmlElement[] {
  return nodes.filter(isElement).flatMap((node) => {
    if (node.tag === "tr") return [node];
    return ["thead", "tbody", "tfoot"].includes(node.tag) ? rowsIn(node.children) : [];
  });
}
