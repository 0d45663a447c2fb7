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

/**
 * YAML 1.2 with positions. Keeps every fault it finds; never throws for what the text holds. `start`: where the text begins among those that
 * are read together; ranges count from there, and lines from its own beginning.
 */
export function readDocument(text: string, sources: ReferenceSources, start = 0): YamlDocument {
  const named = new Set([...namedVariables(text), ...(sources.named ?? [])]);
  const given = { text, sources: { ...sources, named }, start };
  try {
    return readLarge(given) ?? readWhole(given);
  } catch (thrown) {
    // The reader of YAML calls itself for each level.
    if (!(thrown instanceof RangeError)) throw thrown;
    const problem = problemAt([], "the file is nested too deeply", "Use fewer levels.", [start, start]);
    return {
      value: undefined,
      root: spot([start, start], null, {}),
      lines: new LineCounter(),
      problems: [problem],
      unset: [],
    };
  }
}

interface Given {
  readonly text: string;
  readonly sources: ReferenceSources;
  readonly start: number;
}

/** The same for a large file, at half the time and a fraction of the memory; null where it has to be read whole. */
function readLarge({ text, sources, start }: Given): YamlDocument | null {
  const lines = new LineCounter();
  const pieces = readInPieces(text, lines);
  if (pieces === null) return null;
  const problems: Problem[] = [];
  const unset: Problem[] = [];
  const unfolding = new Unfolding({
    text,
    start,
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

function readWhole({ text, sources, start }: Given): YamlDocument {
  const lines = new LineCounter();
  // Comparing every key with every other is quadratic; the unfolding finds what is written twice with a map.
  const parsed = parseDocument(text, { lineCounter: lines, ...PARSING });
  const syntax = syntaxProblems(parsed, text, lines);
  if (!syntax.structureHolds)
    return {
      value: undefined,
      root: spot([start, start], null, {}),
      lines,
      problems: syntax.problems.map(({ problem }) => shifted(problem, start)),
      unset: [],
    };
  const problems: Problem[] = [];
  const unset: Problem[] = [];
  const unfolding = new Unfolding({
    text,
    start,
    lines,
    sources,
    invalidLines: syntax.invalidLines,
    problems,
    unset,
    pairsOf: (map) => map.items,
  });
  const unfolded = unfolding.node(parsed.contents, [], null);
  for (const { line, problem } of syntax.problems)
    problems.push({ ...shifted(problem, start), path: unfolding.invalidPaths.get(line) ?? [] });
  return { ...unfolded, lines, problems, unset };
}

function shifted(problem: Problem, start: number): Problem {
  const { range } = problem;
  return Array.isArray(range) ? { ...problem, range: [start + range[0], start + range[1]] } : problem;
}
