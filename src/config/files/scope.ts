import { type Problem, problemAt } from "../../core/model/problem.ts";
import { Audiences } from "../expand/audiences.ts";
import { Bases } from "../expand/bases.ts";
import { addressed } from "../expand/entries.ts";
import { childOf, isFaulty, laidOver, type Placed, withChild } from "../expand/placed.ts";
import type { Language } from "../language.ts";
import { isMapping, typeName } from "../problems/value.ts";
import { leftOut } from "../rules/left-out.ts";
import type { SourceFile } from "./sources.ts";

/** One file as it counts: what it says itself, over what of the main file holds for it too, with everything it names followed. */
export interface Scope {
  readonly source: SourceFile;
  readonly isMain: boolean;
  /** The whole of it: a mapping, or undefined where the text has no readable structure. */
  readonly placed: Placed;
  /** Blocks that were left out, and why. */
  readonly unset: Readonly<Record<string, Problem>>;
  /** What is wrong so far. */
  readonly problems: readonly Problem[];
  /** Reports that are not what they were meant to be, since something that they are made of has a fault. */
  readonly faulty: ReadonlySet<string>;
  /** To be asked once all files have been looked at. */
  notes(): readonly Problem[];
}

export interface ScopeOptions<C> {
  readonly language: Language<C>;
  readonly mayBeUnset: boolean;
  /** Where the bases and audiences that are used are written. */
  readonly used: Set<number>;
}

/** What of the main file holds in those that it includes, and how many levels of it a file changes one by one. */
const SHARED: Readonly<Record<string, number>> = {
  defaults: Number.POSITIVE_INFINITY,
  bases: 1,
  audiences: 1,
};

/** The main file, or with `main` one that is included. */
export function scopeOf<C>(source: SourceFile, main: Scope | null, options: ScopeOptions<C>): Scope {
  const { language, mayBeUnset, used } = options;
  const { value, root: spot, problems: ofDocument, unset: unsetReferences } = source.document;
  const isMain = main === null;
  if (!isMapping(value)) {
    const problems = [...ofDocument, ...unsetReferences, ...source.problems];
    if (value !== undefined) problems.push(notAFile(value, isMain));
    const placed = { value: undefined, spot };
    return { source, isMain, placed, unset: {}, problems, faulty: new Set(), notes: () => [] };
  }
  const choices = choicesOf(language);
  // Keys that start with x- are the author's own: a home for anchors.
  const written = Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith("x-")));
  const {
    file,
    unset,
    problems: unresolved,
  } = mayBeUnset
    ? leftOut(written, unsetReferences)
    : { file: written, unset: {}, problems: unsetReferences };
  let placed: Placed = { value: file, spot };
  for (const [key, depth] of Object.entries(main === null ? {} : SHARED)) {
    const [own, shared] = [childOf(placed, key), main === null ? null : childOf(main.placed, key)];
    if (shared !== null)
      placed = withChild(
        placed,
        key,
        own === null ? shared : laidOver(own, shared, depth === 1 ? [] : choices, depth),
      );
  }
  const bases = new Bases(childOf(placed, "bases"), choices, used);
  const audiences = new Audiences(childOf(placed, "audiences"), language.destinations, used);
  const expanding = { bases, audiences, problems: [] as Problem[] };
  const { placed: whole, faulty } = expanded(placed, expanding);
  audiences.followAll();
  return {
    source,
    isMain,
    placed: whole,
    unset,
    get problems() {
      return [
        ...ofDocument,
        ...unresolved,
        ...source.problems,
        ...expanding.problems,
        ...bases.problems,
        ...audiences.problems,
      ];
    },
    faulty,
    notes: () => [...bases.notes(), ...audiences.notes()],
  };
}

interface Expanding {
  readonly bases: Bases;
  readonly audiences: Audiences;
  readonly problems: Problem[];
}

function expanded(
  file: Placed,
  { bases, audiences, problems }: Expanding,
): { placed: Placed; faulty: Set<string> } {
  const faulty = new Set<string>();
  let placed = file;
  const defaults = childOf(placed, "defaults");
  if (defaults !== null && !defaults.spot.isInvalid)
    placed = withChild(placed, "defaults", addressed(defaults, ["defaults"], audiences, problems));
  const reports = childOf(placed, "reports");
  if (reports === null || reports.spot.isInvalid || !isMapping(reports.value)) return { placed, faulty };
  const values = new Map<string, unknown>(Object.entries(reports.value));
  const children = new Map(reports.spot.children);
  for (const name of values.keys()) {
    const report = childOf(reports, name);
    if (report === null || report.spot.isInvalid) continue;
    const path = ["reports", name];
    const before = problems.length;
    const laid = bases.under(report, path, problems);
    const whole = addressed(laid, path, audiences, problems);
    if (problems.length > before || (laid !== report && isFaulty(whole.spot))) faulty.add(name);
    values.set(name, whole.value);
    children.set(name, whole.spot);
  }
  const all = { value: Object.fromEntries(values), spot: { ...reports.spot, children } };
  return { placed: withChild(placed, "reports", all), faulty };
}

/** Of these words a report, a section or a destination has one. */
function choicesOf<C>({ sources, destinations }: Language<C>): readonly (readonly string[])[] {
  return [[...sources.map(({ kind }) => kind), "sections"], destinations.map(({ kind }) => kind)];
}

function notAFile(value: unknown, isMain: boolean): Problem {
  const advice = isMain
    ? "Begin with version: 1, then the blocks looker, email or slack, and reports."
    : "Write reports: and below it a report by its name.";
  if (value === null) return problemAt([], "the file is empty", advice);
  return problemAt([], `the file has to be a mapping; it is ${typeName(value)}`, advice);
}
