/** HTML as authors write it into Markdown: a tree that is made of whatever there is, never an error. */
export type HtmlNode = string | HtmlElement;

export interface HtmlElement {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: HtmlNode[];
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return typeof node !== "string";
}

const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** What is not words. */
const DROPPED = new Set(
  "applet audio canvas embed frame frameset head iframe math noscript object script style svg template title video".split(
    " ",
  ),
);
const KNOWN = new Set([
  ...VOID,
  ...DROPPED,
  ..."a abbr acronym address article aside b bdi bdo big blockquote body button caption center cite code colgroup data dd del details dfn dir div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hgroup html i ins kbd label legend li main map mark menu nav ol optgroup option output p picture pre q rp rt ruby s samp section select small span strike strong sub summary sup table tbody td textarea tfoot th thead time tr tt u ul var".split(
    " ",
  ),
]);
/** An opening tag of the first kind ends those of the second that are open. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  li: ["li", "p"],
  td: ["td", "th", "p"],
  th: ["td", "th", "p"],
  tr: ["td", "th", "tr", "p"],
  tbody: ["thead", "tbody", "tr", "td", "th"],
  tfoot: ["tbody", "tr", "td", "th"],
  p: ["p"],
  dt: ["dt", "dd"],
  dd: ["dt", "dd"],
};
/** They hold their own rows and items, which end none outside. */
const WALLS = new Set(["table", "ul", "ol", "dl", "td", "th"]);

const DEPTH_MAX = 40;
/** An address may be long; what has no end is no tag. */
const TAG_CHARS_MAX = 3_000;

/** Code of Markdown, `in backticks`, is a text as it is; names that HTML does not have are texts too. */
export function htmlTree(text: string): readonly HtmlNode[] {
  const root: HtmlElement = { tag: "", attributes: new Map(), children: [] };
  const open = [root];
  let plain = "";
  const flush = () => {
    if (plain !== "") open.at(-1)?.children.push(plain);
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const piece = pieceAt(text, at);
    at += piece.length;
    if (piece.kind === "text") plain += text.slice(at - piece.length, at);
    else if (piece.kind === "tag") {
      flush();
      const end = place(piece, open);
      if (end) at = afterDropped(text, at, piece.tag);
    }
  }
  flush();
  return root.children;
}

type Piece =
  | { readonly kind: "text" | "comment"; readonly length: number }
  | {
      readonly kind: "tag";
      readonly length: number;
      readonly tag: string;
      readonly isClosing: boolean;
      readonly attributes: ReadonlyMap<string, string>;
    };

function pieceAt(text: string, at: number): Piece {
  const first = text[at];
  if (first === "`") return { kind: "text", length: codeLength(text, at) };
  if (first === "\\") return { kind: "text", length: Math.min(2, text.length - at) };
  if (first !== "<") {
    const next = text.slice(at).search(/[`\\<]/);
    return { kind: "text", length: next === -1 ? text.length - at : Math.max(1, next) };
  }
  if (text.startsWith("<!--", at)) {
    const end = text.indexOf("-->", at + 4);
    return { kind: "comment", length: (end === -1 ? text.length : end + 3) - at };
  }
  return tagAt(text, at) ?? { kind: "text", length: 1 };
}

/** The backticks alone, where they are closed nowhere. */
function codeLength(text: string, at: number): number {
  let ticks = 1;
  while (text[at + ticks] === "`") ticks += 1;
  const fence = "`".repeat(ticks);
  for (let from = at + ticks; ; ) {
    const end = text.indexOf(fence, from);
    if (end === -1) return ticks;
    if (text[end + ticks] !== "`") return end + ticks - at;
    from = end + ticks;
    while (text[from] === "`") from += 1;
  }
}

function tagAt(text: string, at: number): Piece | null {
  const head = /^<(\/?)([a-z][a-z0-9]*)(?=[\s/>])/i.exec(text.slice(at, at + 40));
  const tag = head?.[2]?.toLowerCase() ?? "";
  if (head === null || !KNOWN.has(tag)) return null;
  let quote = "";
  const most = Math.min(text.length, at + TAG_CHARS_MAX);
  for (let end = at + head[0].length; end < most; end += 1) {
    const letter = text[end] ?? "";
    if (quote !== "") quote = letter === quote ? "" : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === ">") {
      const attributes = attributesIn(text.slice(at + head[0].length, end));
      return { kind: "tag", length: end + 1 - at, tag, isClosing: head[1] === "/", attributes };
    }
  }
  return null;
}

const ATTRIBUTE = /([a-z][a-z0-9:_-]{0,60})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

function attributesIn(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)].map(
    ([, name = "", double, single, bare]) => [name.toLowerCase(), double ?? single ?? bare ?? ""] as const,
  );
  return new Map(found.reverse());
}

/** Puts a tag into the tree; true: what it begins is to be left out. */
function place({ tag, isClosing, attributes }: Piece & { kind: "tag" }, open: HtmlElement[]): boolean {
  if (isClosing) {
    const depth = open.findLastIndex((element) => element.tag === tag);
    if (depth > 0) open.length = depth;
    return false;
  }
  if (DROPPED.has(tag)) return !VOID.has(tag);
  endOthers(tag, open);
  const element: HtmlElement = { tag, attributes, children: [] };
  open.at(-1)?.children.push(element);
  if (!VOID.has(tag) && open.length <= DEPTH_MAX) open.push(element);
  return false;
}

function endOthers(tag: string, open: HtmlElement[]): void {
  const ends = ENDS[tag] ?? [];
  for (let depth = open.length - 1; depth > 0; depth -= 1) {
    const { tag: outer } = open[depth] ?? { tag: "" };
    if (ends.includes(outer)) open.length = depth;
    else if (WALLS.has(outer)) return;
  }
}

function afterDropped(text: string, at: number, tag: string): number {
  const end = text.slice(at).search(new RegExp(`</${tag}\\s*>`, "i"));
  return end === -1 ? text.length : text.indexOf(">", at + end) + 1;
}
