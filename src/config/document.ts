import { LineCounter, parseDocument } from "yaml";
import type { Fault } from "./fault.ts";
import type { Surroundings } from "./interpolate.ts";
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
  const lines = new LineCounter();
  // Comparing every key with every other is quadratic; the unfolding finds what stands twice with a map.
  const parsed = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  });
  const syntax = syntaxFaults(parsed, text, lines);
  if (!syntax.structureHolds)
    return {
      value: undefined,
      root: spot([0, 0], null, {}),
      lines,
      faults: syntax.faults.map(({ fault }) => fault),
    };
  const faults: Fault[] = [];
  const unfolding = new Unfolding(text, lines, surroundings, syntax.spoiltLines, faults);
  const unfolded = unfolding.node(parsed.contents, [], null);
  for (const { line, fault } of syntax.faults)
    faults.push({ ...fault, path: unfolding.spoiltPaths.get(line) ?? [] });
  return { ...unfolded, lines, faults };
}
