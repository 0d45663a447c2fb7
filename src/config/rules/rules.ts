import { type Path, type Problem, problemAt } from "../../core/model/problem.ts";
import { nearest } from "../../core/rules/nearest.ts";
import type { Language, SourceWord } from "../language.ts";
import { isMapping, oneOf } from "../problems/value.ts";
import { contentKeys } from "../schema/section-keys.ts";
import { fileProblems } from "./file-rules.ts";
import { showProblems } from "./show-rules.ts";
import { templateProblems } from "./templates.ts";

/** What says something of one content, and so belongs in its section where there are several. */
const ONE_SECTION_KEYS = [...Object.keys(contentKeys).filter((key) => key !== "filters"), "history"];

/** What no schema of one value can see: how the parts of a report fit together. Reads the report as written, valid or not. */
export function ruleProblems<C>(
  report: Readonly<Record<string, unknown>>,
  path: Path,
  language: Language<C>,
): Problem[] {
  return [
    ...contentProblems(report, path, language.sources),
    ...destinationProblems(deliverEntries(report.deliver, [...path, "deliver"]), language),
    ...noticeProblems(report.on_failure, [...path, "on_failure"], language),
    ...fileProblems(report, path, language),
    ...templateProblems(report, path, language),
  ];
}

function contentProblems(
  report: Readonly<Record<string, unknown>>,
  path: Path,
  sources: readonly SourceWord[],
): Problem[] {
  const { sections } = report;
  const kinds = sources.map(({ kind }) => kind);
  if (sections === undefined)
    return [
      ...oneSource(report, path, kinds, [...kinds, "sections"]),
      ...showProblems(report, path, sources),
    ];
  const misplaced = Object.keys(report)
    .filter((key) => kinds.includes(key) || ONE_SECTION_KEYS.includes(key))
    .map((key) =>
      problemAt(
        [...path, key],
        `"${key}" does not go with "sections"`,
        "Move it into the section it belongs to.",
        "key",
      ),
    );
  const within = (Array.isArray(sections) ? sections : []).flatMap((section, index) => {
    const place = [...path, "sections", index];
    if (!isMapping(section)) return [];
    return [...oneSource(section, place, kinds, kinds), ...showProblems(section, place, sources)];
  });
  return [...misplaced, ...within];
}

function oneSource(
  holder: Readonly<Record<string, unknown>>,
  path: Path,
  kinds: readonly string[],
  choices: readonly string[],
): Problem[] {
  const present = kinds.filter((kind) => holder[kind] !== undefined);
  if (present.length === 1) return [];
  const what = path.length === 2 ? "the report" : "the section";
  if (present.length > 1)
    return [
      problemAt(
        [...path, present[1] ?? ""],
        `${what} has both ${present.join(" and ")}`,
        "Keep one; for several contents, write sections.",
        "key",
      ),
    ];
  // A misspelt content has its own message already.
  if (Object.keys(holder).some((key) => isMisspelt(key, choices))) return [];
  const advice =
    holder.text === undefined
      ? "Name what to send, as in look: 42."
      : "Text alone is not a section: add a content, as in look: 42.";
  return [problemAt(path, `${what} has neither ${choices.join(" nor ")}`, advice, "key")];
}

function isMisspelt(key: string, known: readonly string[]): boolean {
  return (
    !known.includes(key) &&
    !ONE_SECTION_KEYS.includes(key) &&
    key !== "title" &&
    nearest(key, known, 1).length > 0
  );
}

/** The rules of `on_failure`, in a report or in `defaults`. */
export function noticeProblems<C>(onFailure: unknown, path: Path, language: Language<C>): Problem[] {
  const entries = noticeEntries(onFailure, path);
  const kinds = language.destinations.map(({ kind }) => kind);
  const alone = entries.filter(({ value }) => typeof value === "string" && value !== "");
  const attached = entries.filter(({ value }) => isMapping(value) && Object.hasOwn(value, "attach"));
  return [
    ...destinationProblems(entries, language),
    ...alone.map((entry) =>
      problemAt(
        entry.path,
        "on_failure names no destination",
        `Write ${oneOf(kinds)} before it, as in { ${kinds[0]}: … }.`,
      ),
    ),
    ...attached.map((entry) =>
      problemAt(
        [...entry.path, "attach"],
        "on_failure attaches no files: it reports a run that went wrong",
        "Remove attach.",
        "key",
      ),
    ),
  ];
}

function destinationProblems<C>(entries: readonly Entry[], language: Language<C>): Problem[] {
  const kinds = language.destinations.map(({ kind }) => kind);
  return entries.flatMap(({ value, path, index }) => {
    if (!isMapping(value)) return [];
    const present = Object.keys(value).filter((key) => kinds.includes(key));
    const others = Object.keys(value).filter((key) => key !== "attach");
    if (present.length === 1 || others.length > present.length) return [];
    if (present.length === 0) return [noDestination(value, path, kinds)];
    const list = index === null ? "Write a list" : "Start an entry of its own";
    return [
      problemAt(
        [...path, present[1] ?? ""],
        `one delivery goes to one destination, not to ${present.join(" and ")}`,
        `${list}: "- ${present[1]}: …".`,
        "key",
      ),
    ];
  });
}

function noDestination(
  entry: Readonly<Record<string, unknown>>,
  path: Path,
  kinds: readonly string[],
): Problem {
  const advice = Object.hasOwn(entry, "attach") ? "next to attach, in the same entry" : "there";
  return problemAt(path, "this delivery names no destination", `Write ${oneOf(kinds)} ${advice}.`);
}

/** One destination as it is written under `deliver` or `on_failure`. */
export interface Entry {
  readonly value: unknown;
  readonly path: Path;
  /** Its position in a list; null where it is not in one. */
  readonly index: number | null;
}

/** The entries of `deliver`, which is a list. */
export function deliverEntries(deliver: unknown, path: Path): readonly Entry[] {
  return (Array.isArray(deliver) ? deliver : []).map((value, index) => ({
    value,
    path: [...path, index],
    index,
  }));
}

/** The entries of `on_failure`, which may be a single one. */
export function noticeEntries(onFailure: unknown, path: Path): readonly Entry[] {
  if (onFailure === undefined || onFailure === null) return [];
  return Array.isArray(onFailure)
    ? deliverEntries(onFailure, path)
    : [{ value: onFailure, path, index: null }];
}
