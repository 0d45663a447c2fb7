import { LineCounter, parseDocument } from "yaml";
import { type Problem, problemAt } from "../../core/model/problem.ts";
import { namedVariables, type ReferenceSources } from "./interpolate.ts";
import { PARSING, readInPieces } from "./pieces.ts";
import { type Spot, spot } from "./spot.ts";
import { syntaxProblems } from "./syntax.ts";
import { Unfolding } from "./unfold.ts";

export interface YamlDocument {
  /** Plain data with references filled in and aliases unfolded; undefined where the text has no readable structure. */
  readonly value: unknown;
  readonly root: Spot;
  readonly lines: LineCounter;
  readonly problems: Problem[];
  /** The references that lead to nothing here: unset variables, files that are not there. */
  readonly unset: readonly Problem[];
}

/** YAML 1.2 with positions. Keeps every fault it finds; never throws for what the text holds. */
export function readDocument(text: string, sources: ReferenceSources): YamlDocument {
  const withNames = { ...sources, named: namedVariables(text) };
  try {
    return readLarge(text, withNames) ?? readWhole(text, withNames);
  } catch (thrown) {
    // The reader of YAML calls itself for each level.
    if (!(thrown instanceof RangeError)) throw thrown;
    const problem = problemAt([], "the file is nested too deeply", "Use fewer levels.", [0, 0]);
    return {
      value: undefined,
      root: spot([0, 0], null, {}),
      lines: new LineCounter(),
      problems: [problem],
      unset: [],
    };
  }
}

/** The same for a large file, at half the time and a fraction of the memory; null where it has to be read whole. */
function readLarge(text: string, sources: ReferenceSources): YamlDocument | null {
  const lines = new LineCounter();
  const pieces = readInPieces(text, lines);
  if (pieces === null) return null;
  const problems: Problem[] = [];
  const unset: Problem[] = [];
  const unfolding = new Unfolding({
    text,
    lines,
    sources,
    invalidLines: new Set(),
    problems,
    unset,
    pairsOf: (map) => (map === pieces.reports ? pieces.pairs() : map.items),
  });
  const unfolded = unfolding.node(pieces.contents, [], null);
  return pieces.isInDoubt() ? null : { ...unfolded, lines, problems, unset };
}

function readWhole(text: string, sources: ReferenceSources): YamlDocument {
  const lines = new LineCounter();
  // Comparing every key with every other is quadratic; the unfolding finds what is written twice with a map.
  const parsed = parseDocument(text, { lineCounter: lines, ...PARSING });
  const syntax = syntaxProblems(parsed, text, lines);
  if (!syntax.structureHolds)
    return {
      value: undefined,
      root: spot([0, 0], null, {}),
      lines,
      problems: syntax.problems.map(({ problem }) => problem),
      unset: [],
    };
  const problems: Problem[] = [];
  const unset: Problem[] = [];
  const unfolding = new Unfolding({
    text,
    lines,
    sources,
    invalidLines: syntax.invalidLines,
    problems,
    unset,
    pairsOf: (map) => map.items,
  });
  const unfolded = unfolding.node(parsed.contents, [], null);
  for (const { line, problem } of syntax.problems)
    problems.push({ ...problem, path: unfolding.invalidPaths.get(line) ?? [] });
  return { ...unfolded, lines, problems, unset };
}
