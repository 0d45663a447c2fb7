import { Composer, isMap, isScalar, type LineCounter, type Pair, Parser, YAMLMap } from "yaml";

/** Smaller files are read whole, in a fraction of a second. */
const CHARACTERS_MIN = 200_000;
/** Read at one go: such a tree dies young, while that of a file of 10,000 reports takes 0.7 GB and long collections. */
const PIECE_CHARACTERS = 8_000;
/** `reports:` with nothing behind it, as most files have it. */
const REPORTS_LINE = /^reports:[ \t]*(?:#.*)?\r?\n/gm;

export const PARSING = { prettyErrors: false, uniqueKeys: false } as const;

/** A large file whose reports are parsed a few at a time. */
export interface PiecewiseDocument {
  readonly contents: YAMLMap;
  /** The entries of `reports`, parsed as they are asked for. */
  readonly reports: YAMLMap;
  pairs(): Iterable<Pair>;
  /** The pieces are not what they seemed to be: the file has to be read whole, for its meaning or for its problems. */
  isInDoubt(): boolean;
}

/** Null where the text is small, or not cut as easily as most files are. `lines` is told each line in order. */
export function readInPieces(text: string, lines: LineCounter): PiecewiseDocument | null {
  const cuts = text.length < CHARACTERS_MIN ? null : cutsOf(text);
  if (cuts === null) return null;
  let isInDoubt = false;
  const pairsOf = (start: number, end: number): readonly Pair[] => {
    const found = isInDoubt ? null : parsePiece(text, start, end, lines);
    isInDoubt ||= found === null;
    return found ?? [];
  };
  const contents = mapping(0, text.length);
  const reports = mapping(cuts.first, cuts.end);
  const head = pairsOf(0, cuts.starts[0] ?? 0);
  const pair = head.find(({ key }) => isScalar(key) && key.value === "reports");
  if (pair === undefined || pair.value === undefined) return null;
  pair.value = reports;
  contents.items = [...head];
  return {
    contents,
    reports,
    *pairs() {
      for (const [index, start] of cuts.starts.entries())
        yield* pairsOf(start, cuts.starts[index + 1] ?? cuts.end);
      // What follows the reports may refer to anchors within them, so it is parsed after them.
      if (cuts.end < text.length) contents.items.push(...pairsOf(cuts.end, text.length));
    },
    isInDoubt: () => isInDoubt,
  };
}

/** The entries of the mapping in this piece alone; null where it is not one, or has errors. */
function parsePiece(text: string, start: number, end: number, lines: LineCounter): readonly Pair[] | null {
  const parser = new Parser(lines.addNewLine);
  // So that every place is one in the file.
  parser.offset = start;
  const documents = new Composer(PARSING).compose(parser.parse(text.slice(start, end)), true, end);
  const [document, ...others] = [...documents];
  if (document === undefined || others.length + document.errors.length + document.warnings.length > 0)
    return null;
  const { contents } = document;
  const isPlain =
    isMap(contents) && contents.anchor === undefined && contents.tag === undefined && contents.flow !== true;
  return isPlain ? contents.items : null;
}

interface Cuts {
  /** Where the pieces begin: each with the first character of a line. */
  readonly starts: readonly number[];
  /** The name of the first report. */
  readonly first: number;
  /** Behind the last report. */
  readonly end: number;
}

/** Cuts where a line is indented as the first report is: what is not a report's name there makes a faulty piece. */
function cutsOf(text: string): Cuts | null {
  const [reports, second] = text.matchAll(REPORTS_LINE);
  // A directive (%YAML) speaks of the whole file.
  if (reports === undefined || second !== undefined || /^%/m.test(text)) return null;
  const start = reports.index + reports[0].length;
  const length = /^[^\s#]/m.exec(text.slice(start))?.index;
  const end = length === undefined ? text.length : start + length;
  const body = text.slice(start, end);
  const indent = /^( +)[^\s#]/m.exec(body)?.[1]?.length ?? 0;
  if (indent === 0) return null;
  const starts = [start];
  let first: number | null = null;
  for (const { index, 1: character = "" } of body.matchAll(new RegExp(`^ {${indent}}([^\\s#])`, "gm"))) {
    if (!/[\w"']/.test(character)) return null;
    first ??= start + index + indent;
    if (start + index - (starts.at(-1) ?? 0) >= PIECE_CHARACTERS) starts.push(start + index);
  }
  return first === null ? null : { starts, first, end };
}

function mapping(start: number, end: number): YAMLMap {
  const map = new YAMLMap();
  map.range = [start, end, end];
  return map;
}
