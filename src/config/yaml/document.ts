import { LineCounter, parseDocument } from "yaml";
import type { Fault } from "../problems/fault.ts";
import type { Surroundings } from "./interpolate.ts";
import { PARSING, readInPieces } from "./pieces.ts";
import { type Spot, spot } from "./spot.ts";
import { syntaxFaults } from "./syntax.ts";
import { Unfolding } from "./unfold.ts";

export interface YamlDocument {
  /** Plain data with references filled in and aliases unfolded; undefined where the text has no readable structure. */
  readonly value: unknown;
  readonly root: Spot;
  readonly lines: LineCounter;
  readonly faults: Fault[];
}

/** YAML 1.2 with positions. Keeps every fault it finds; never throws for what the text holds. */
export function readDocument(text: string, surroundings: Surroundings): YamlDocument {
  return readLarge(text, surroundings) ?? readWhole(text, surroundings);
}

/** The same for a large file, at half the time and a fraction of the memory; null where it has to be read whole. */
function readLarge(text: string, surroundings: Surroundings): YamlDocument | null {
  const lines = new LineCounter();
  const pieces = readInPieces(text, lines);
  if (pieces === null) return null;
  const faults: Fault[] = [];
  const unfolding = new Unfolding({
    text,
    lines,
    surroundings,
    spoiltLines: new Set(),
    faults,
    pairsOf: (map) => (map === pieces.reports ? pieces.pairs() : map.items),
  });
  const unfolded = unfolding.node(pieces.contents, [], null);
  return pieces.isInDoubt() ? null : { ...unfolded, lines, faults };
}

function readWhole(text: string, surroundings: Surroundings): YamlDocument {
  const lines = new LineCounter();
  // Comparing every key with every other is quadratic; the unfolding finds what stands twice with a map.
  const parsed = parseDocument(text, { lineCounter: lines, ...PARSING });
  const syntax = syntaxFaults(parsed, text, lines);
  if (!syntax.structureHolds)
    return {
      value: undefined,
      root: spot([0, 0], null, {}),
      lines,
      faults: syntax.faults.map(({ fault }) => fault),
    };
  const faults: Fault[] = [];
  const unfolding = new Unfolding({
    text,
    lines,
    surroundings,
    spoiltLines: syntax.spoiltLines,
    faults,
    pairsOf: (map) => map.items,
  });
  const unfolded = unfolding.node(parsed.contents, [], null);
  for (const { line, fault } of syntax.faults)
    faults.push({ ...fault, path: unfolding.spoiltPaths.get(line) ?? [] });
  return { ...unfolded, lines, faults };
}
