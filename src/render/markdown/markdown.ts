import { createRequire } from "node:module";
import type { Nodes, Paragraph, PhrasingContent, RootContent } from "mdast";
import { later } from "../../core/later.ts";
import { bodyText, safeHref } from "../words/cell-text.ts";
import { type MarkdownBlock, type MarkdownLine, type MarkdownWords, shortened } from "./blocks.ts";
import { piecesOf, withoutMarks } from "./pieces.ts";
import { pipeTable } from "./pipe-table.ts";

type Parser = typeof import("mdast-util-from-markdown");
/** Not with `import()`: the functions here return what they read, and not a promise. */
const parser = later(() => createRequire(import.meta.url)("mdast-util-from-markdown") as Parser);

/** Of one section's text, in every output. */
export const MARKDOWN_CHARS_MAX = 10_000;

/** Quotes and lists nested deeper than this become plain paragraphs. */
const DEPTH_MAX = 5;
const MARKDOWN_LINK_CHARS_MAX = 2_000;

// Without them, HTML is plain text.
const NO_HTML = { disable: { null: ["htmlFlow", "htmlText"] } };

/** The trees of the texts read last: each is written in several outputs, some of which need it twice. */
const trees = new Map<string, readonly MarkdownBlock[]>();
const TREES_CHARS_MAX = 200_000;

/**
 * CommonMark (https://spec.commonmark.org/0.31.2/) as plain blocks. HTML is shown as it is written, pictures as their alt text, and
 * only links to http, https or mailto are kept. At most 10,000 characters are read, and the result has at most `charsMax`
 * characters of text. If anything is left out, it ends in "…".
 */
export function readMarkdown(text: string, charsMax = MARKDOWN_CHARS_MAX): readonly MarkdownBlock[] {
  // A little more than is read, to notice that it has to be cut.
  const head = text.slice(0, MARKDOWN_CHARS_MAX + 100);
  const tree = trees.get(head) ?? treeOf(head);
  trees.delete(head);
  trees.set(head, tree);
  let kept = 0;
  for (const known of [...trees.keys()].reverse()) {
    kept += known.length;
    if (kept > TREES_CHARS_MAX) trees.delete(known);
  }
  return charsMax >= MARKDOWN_CHARS_MAX ? tree : shortened(tree, charsMax);
}

function treeOf(text: string): readonly MarkdownBlock[] {
  // No author nests this deep; an attacker may, and reading it takes quadratic time.
  const source = bodyText(text, MARKDOWN_CHARS_MAX).replace(
    /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){20,}/gm,
    "",
  );
  const pieces = piecesOf(source);
  // A link may be in another piece than the address that it names.
  const named = pieces.length === 1 ? "" : `\n\n${source.match(DEFINITION)?.slice(0, 100).join("\n") ?? ""}`;
  const blocks: MarkdownBlock[] = [];
  for (const { text: own, goesOn, isPlain } of pieces) {
    const read = isPlain ? asWritten(withoutMarks(own)) : blocksIn(`${own}${named}`);
    const joint = goesOn ? continued(blocks.at(-1), read[0]) : null;
    if (joint !== null) blocks[blocks.length - 1] = joint;
    blocks.push(...read.slice(joint === null ? 0 : 1));
  }
  return blocks;
}

const DEFINITION = /^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S[^\n]*$/gm;

function blocksIn(source: string): readonly MarkdownBlock[] {
  const root = parser().fromMarkdown(source, { extensions: [NO_HTML] });
  const targets = new Map<string, string>();
  for (const node of root.children) {
    // The first of several definitions counts.
    if (node.type === "definition" && !targets.has(node.identifier)) targets.set(node.identifier, node.url);
  }
  return blocksOf(root.children, { source, targets }, 0);
}

/** A paragraph or a list that was cut, as one again; null where they are not two parts of one. */
function continued(last: MarkdownBlock | undefined, next: MarkdownBlock | undefined): MarkdownBlock | null {
  if (last?.kind === "paragraph" && next?.kind === "paragraph")
    return { ...last, line: [...last.line, { ...PLAIN, text: " " }, ...next.line] };
  if (last?.kind === "list" && next?.kind === "list" && (last.start === null) === (next.start === null))
    return { ...last, items: [...last.items, ...next.items] };
  return null;
}

/** What a tree was read from. */
interface Origin {
  readonly source: string;
  /** Addresses that links refer to by name. */
  readonly targets: ReadonlyMap<string, string>;
}

/** Paragraphs and lines of plain text, in which no mark has a meaning. */
function asWritten(text: string): MarkdownBlock[] {
  return text.split(/\n\s*\n/).map((paragraph) => ({
    kind: "paragraph",
    line: paragraph
      .trim()
      .split("\n")
      .flatMap((line, index) => [...(index === 0 ? [] : [null]), { ...PLAIN, text: line }]),
  }));
}

function blocksOf(nodes: readonly RootContent[], from: Origin, depth: number): MarkdownBlock[] {
  return nodes.flatMap((node): MarkdownBlock[] => {
    switch (node.type) {
      case "heading":
        return [{ kind: "heading", level: node.depth, line: lineOf(node.children, PLAIN, from.targets) }];
      case "paragraph":
        return (
          tableIn(node, from) ?? [{ kind: "paragraph", line: lineOf(node.children, PLAIN, from.targets) }]
        );
      case "code":
        return [{ kind: "code", text: node.value }];
      case "thematicBreak":
        return [{ kind: "rule" }];
      case "blockquote":
        return depth >= DEPTH_MAX
          ? [flattened(node)]
          : [{ kind: "quote", blocks: blocksOf(node.children, from, depth + 1) }];
      case "list": {
        if (depth >= DEPTH_MAX) return [flattened(node)];
        const items = node.children.map((item) => blocksOf(item.children, from, depth + 1));
        return [{ kind: "list", start: node.ordered === true ? (node.start ?? 1) : null, items }];
      }
      default:
        return [];
    }
  });
}

/** A paragraph that is a table, with the lines before it; null where it is none. A cell is read like a paragraph of its own. */
function tableIn(node: Paragraph, { source, targets }: Origin): MarkdownBlock[] | null {
  const [start, end] = [node.position?.start.offset, node.position?.end.offset];
  const found = start === undefined || end === undefined ? null : pipeTable(source.slice(start, end));
  if (found === null) return null;
  const cell = (text: string): MarkdownLine => {
    if (!MARKS.test(text)) return text === "" ? [] : [{ ...PLAIN, text }];
    const [first] = parser().fromMarkdown(text, { extensions: [NO_HTML] }).children;
    return first?.type === "paragraph" ? lineOf(first.children, PLAIN, targets) : [{ ...PLAIN, text }];
  };
  const { before, head, rows, align } = found;
  const lead: MarkdownBlock[] = before === "" ? [] : [{ kind: "paragraph", line: cell(before) }];
  const table: MarkdownBlock = {
    kind: "table",
    head: head.every((text) => text === "") ? null : head.map(cell),
    rows: rows.map((row) => row.map(cell)),
    align,
  };
  return [...lead, table];
}

/** What may mean something in a cell. */
const MARKS = /[\\`*_[\]<>&!]/;

const PLAIN: MarkdownWords = { text: "", bold: false, italic: false, code: false, href: null };

function lineOf(
  nodes: readonly PhrasingContent[],
  style: MarkdownWords,
  targets: ReadonlyMap<string, string>,
): MarkdownLine {
  return nodes.flatMap((node): MarkdownLine => {
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

/** All text below a node, at any depth. */
function flattened(node: Nodes): MarkdownBlock {
  const words: string[] = [];
  const open: Nodes[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if ("value" in next) words.push(next.value);
    if ("children" in next) open.push(...[...next.children].reverse());
  }
  return { kind: "paragraph", line: [{ ...PLAIN, text: words.join(" ") }] };
}
