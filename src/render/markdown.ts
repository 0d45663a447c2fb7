import type { Nodes, PhrasingContent, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { bodyText, safeHref } from "./cell-text.ts";

/** A run of words set in one way. `href` leads to the web or to a mailbox. */
export interface Words {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly code: boolean;
  readonly href: string | null;
}

/** Words on one line; `null` where the author breaks it. */
export type Line = readonly (Words | null)[];

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly line: Line }
  | { readonly kind: "paragraph"; readonly line: Line }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  /** `start`: number of the first item; null: bullets. */
  | { readonly kind: "list"; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: "rule" };

/** Of one section's words. */
export const MARKDOWN_CHARS_MAX = 10_000;

/** Marks of emphasis are paired in a time that grows with the square of their number: an author needs no more of them. */
const EMPHASES_MAX = 1_000;
/** Quotes and lists nested deeper than this are set as plain paragraphs. */
const DEPTH_MAX = 5;
const MARKDOWN_LINK_CHARS_MAX = 2_000;

// Without them, what looks like HTML is words like any others.
const NO_HTML = { disable: { null: ["htmlFlow", "htmlText"] } };

/**
 * CommonMark (https://spec.commonmark.org/0.31.2/) as plain blocks. HTML is shown as it is written, pictures as their alt text, and
 * links only where they lead to http, https or mailto. Words beyond `charsMax` are left out, with "…".
 */
export function readMarkdown(text: string, charsMax = MARKDOWN_CHARS_MAX): readonly Block[] {
  // Nothing that an author writes nests so deep; what somebody else writes may, and reading it takes time by the square.
  const given = bodyText(text, charsMax).replace(
    /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){20,}/gm,
    "",
  );
  if ((given.match(/[*_]/g)?.length ?? 0) > EMPHASES_MAX) return asWritten(given);
  const root = fromMarkdown(given, { extensions: [NO_HTML] });
  const targets = new Map<string, string>();
  for (const node of root.children) {
    // The first of several definitions counts.
    if (node.type === "definition" && !targets.has(node.identifier)) targets.set(node.identifier, node.url);
  }
  return blocksOf(root.children, targets, 0);
}

/** Paragraphs and lines of text in which no mark means anything. */
function asWritten(text: string): Block[] {
  return text.split(/\n\s*\n/).map((paragraph) => ({
    kind: "paragraph",
    line: paragraph
      .trim()
      .split("\n")
      .flatMap((line, index) => [...(index === 0 ? [] : [null]), { ...PLAIN, text: line }]),
  }));
}

function blocksOf(
  nodes: readonly RootContent[],
  targets: ReadonlyMap<string, string>,
  depth: number,
): Block[] {
  return nodes.flatMap((node): Block[] => {
    switch (node.type) {
      case "heading":
        return [{ kind: "heading", level: node.depth, line: lineOf(node.children, PLAIN, targets) }];
      case "paragraph":
        return [{ kind: "paragraph", line: lineOf(node.children, PLAIN, targets) }];
      case "code":
        return [{ kind: "code", text: node.value }];
      case "thematicBreak":
        return [{ kind: "rule" }];
      case "blockquote":
        return depth >= DEPTH_MAX
          ? [flattened(node)]
          : [{ kind: "quote", blocks: blocksOf(node.children, targets, depth + 1) }];
      case "list": {
        if (depth >= DEPTH_MAX) return [flattened(node)];
        const items = node.children.map((item) => blocksOf(item.children, targets, depth + 1));
        return [{ kind: "list", start: node.ordered === true ? (node.start ?? 1) : null, items }];
      }
      default:
        return [];
    }
  });
}

const PLAIN: Words = { text: "", bold: false, italic: false, code: false, href: null };

function lineOf(nodes: readonly PhrasingContent[], style: Words, targets: ReadonlyMap<string, string>): Line {
  return nodes.flatMap((node): Line => {
    switch (node.type) {
      case "text":
        return node.value
          .split("\n")
          .map((text, index) => ({ ...style, text: index === 0 ? text : ` ${text}` }));
      case "strong":
        return lineOf(node.children, { ...style, bold: true }, targets);
      case "emphasis":
        return lineOf(node.children, { ...style, italic: true }, targets);
      case "inlineCode":
        return [{ ...style, code: true, text: node.value }];
      case "break":
        return [null];
      case "link":
        return lineOf(node.children, { ...style, href: webAddress(node.url) }, targets);
      case "linkReference":
        return lineOf(
          node.children,
          { ...style, href: webAddress(targets.get(node.identifier) ?? "") },
          targets,
        );
      case "image":
      case "imageReference":
        return [{ ...style, text: node.alt ?? "" }];
      default:
        return [];
    }
  });
}

const MAILTO = /^mailto:[^\s<>"]{3,300}$/i;

function webAddress(url: string): string | null {
  return MAILTO.test(url) ? url : safeHref(url, MARKDOWN_LINK_CHARS_MAX);
}

/** All words below a node, however deep they are. */
function flattened(node: Nodes): Block {
  const words: string[] = [];
  const open: Nodes[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if ("value" in next) words.push(next.value);
    if ("children" in next) open.push(...[...next.children].reverse());
  }
  return { kind: "paragraph", line: [{ ...PLAIN, text: words.join(" ") }] };
}
