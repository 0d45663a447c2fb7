import { type HtmlNode, isElement } from "./html-tree.ts";

const WORD = /[\p{L}\p{N}]/u;

/** Marks are close to the words; next to a letter they count only where there is none of punctuation on their other side. */
export function emphasized(inner: string, mark: string, before: string): string {
  return inner
    .split(/(\n\s*\n|\ue000+)/)
    .map((part, index) => {
      const words = part.trim();
      if (index % 2 === 1 || words === "") return part;
      const start = part.length - part.trimStart().length;
      const [lead, tail] = [part.slice(0, start), part.slice(start + words.length)];
      const isTight = index === 0 && lead === "" && WORD.test(before.at(-1) ?? "");
      const open = isTight && !WORD.test(words[0] ?? "") ? "\u2060" : "";
      const close = tail === "" && !WORD.test(words.at(-1) ?? "") ? "\u2060" : "";
      return `${lead}${mark}${open}${words}${close}${mark}${tail}`;
    })
    .join("");
}

/** What is a link already holds none. */
export function linked(words: string, url: string | null): string {
  if (words === "" || url === null || words.includes("](")) return words;
  return `[${words.replace(/\\?[[\]]/g, (bracket) => `\\${bracket.at(-1)}`)}](<${url}>)`;
}

export function textOf(nodes: readonly HtmlNode[]): string {
  return nodes
    .map((node) => (isElement(node) ? (node.tag === "br" ? "\n" : textOf(node.children)) : node))
    .join("");
}

/** More backticks than the text has in a row. */
function ticks(text: string, least: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return "`".repeat(Math.max(least, longest + 1));
}

export function codeSpan(text: string): string {
  const words = decoded(text).replace(/\s+/g, " ").trim();
  const tick = ticks(words, 1);
  return words === "" ? "" : `${tick}${words.includes("`") ? ` ${words} ` : words}${tick}`;
}

export function fenced(text: string): string {
  const words = decoded(text).replace(/^\n|\s+$/g, "");
  const tick = ticks(words, 3);
  return words.trim() === "" ? "" : `${tick}\n${words}\n${tick}`;
}

const REFERENCES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

/** What CommonMark does not decode itself: addresses and code. */
export function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    const point = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    if (name !== undefined) return REFERENCES[String(name).toLowerCase()] ?? whole;
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
