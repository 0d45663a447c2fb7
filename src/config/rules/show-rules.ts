import { type Path, type Problem, problemAt } from "../../core/model/problem.ts";
import type { SourceWord } from "../language.ts";
import { isMapping, oneOf } from "../problems/value.ts";

/** Keys that say by themselves how a section is shown. */
const TELLING: Readonly<Record<string, string>> = { kpi: "kpi", chart: "chart", vega_lite: "chart" };

/** Keys that belong to one way of showing, and what to write to have it. */
const COMPANIONS: readonly (readonly [way: string, keys: readonly string[], needed: string])[] = [
  ["kpi", ["compare", "partial", "history"], 'needs "kpi"'],
  ["table", ["highlight"], "is for show: table"],
  ["image", ["width", "height"], "needs show: image"],
  ["changes", ["key"], "needs show: changes"],
];

const ADVICE: Readonly<Record<string, string>> = {
  kpi: "Add the figure's field, as in kpi: flights.count, or remove it.",
  table: "Remove it, or show the rows as a table in a section of their own.",
  image: "Add show: image, or remove it.",
  changes: "Add show: changes, or remove it.",
};

/** Ways in which no row of the table is ever shown; a chart and a picture fall back to it. */
const ROWLESS = new Set(["kpi", "none"]);

/** Ways that rows are shown in; a content of several parts has no rows of its own. */
const OF_ROWS = new Set(["kpi", "chart", "changes"]);

/** A section is shown in one way, and has only the keys that go with it. Reads it as written, valid or not. */
export function showProblems(
  section: Readonly<Record<string, unknown>>,
  path: Path,
  sources: readonly SourceWord[],
): Problem[] {
  const contradictions = contradictory(section, path);
  const way = wayOf(section);
  return [
    ...contradictions,
    ...(contradictions.length === 0 && way !== null ? companionProblems(section, path, way) : []),
    ...partsProblems(section, path, sources),
    ...historyProblems(section.history, [...path, "history"], sources),
  ];
}

function tellingKeys(section: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(TELLING).filter((key) => section[key] !== undefined);
}

/** Null where the value of `show` is not a way of showing: the schema says so. */
function wayOf(section: Readonly<Record<string, unknown>>): string | null {
  const [telling] = tellingKeys(section);
  if (telling !== undefined) return TELLING[telling] ?? null;
  const { show = "table" } = section;
  return typeof show === "string" && WAYS.has(show) ? show : null;
}

const WAYS = new Set(["table", "none", "image", "changes", "chart", "kpi"]);

function contradictory(section: Readonly<Record<string, unknown>>, path: Path): Problem[] {
  const [first, second] = tellingKeys(section);
  const { show } = section;
  if (first !== undefined && second !== undefined)
    return [
      problemAt(
        [...path, second],
        `a section is shown in one way, not as ${first} and ${second}`,
        "Keep one of them, or write a section for each.",
        "key",
      ),
    ];
  if (typeof show !== "string" || !WAYS.has(show)) return [];
  if (first !== undefined && show !== TELLING[first])
    return [
      problemAt(
        [...path, "show"],
        `show: ${show} contradicts "${first}"`,
        `Remove show: ${first} says how the section is shown. Or write a section for each.`,
      ),
    ];
  if (first === undefined && show === "chart")
    return [
      problemAt(
        [...path, "show"],
        "show: chart does not say what is drawn",
        "Write chart: {mark: line, x: view.field, y: view.field} in its place, or vega_lite.",
      ),
    ];
  if (first === undefined && show === "kpi")
    return [
      problemAt(
        [...path, "show"],
        "show: kpi does not say which figure",
        "Write kpi: view.field in its place.",
      ),
    ];
  return [];
}

function companionProblems(section: Readonly<Record<string, unknown>>, path: Path, way: string): Problem[] {
  const strays = COMPANIONS.flatMap(([wanted, keys, needed]) =>
    keys
      .filter((key) => section[key] !== undefined && way !== wanted)
      .map((key) => problemAt([...path, key], `"${key}" ${needed}`, ADVICE[wanted] ?? null, "key")),
  );
  if (section.rows !== undefined && ROWLESS.has(way))
    return [
      ...strays,
      problemAt(
        [...path, "rows"],
        `"rows" is for sections that show rows, and this one shows ${way === "kpi" ? "a figure" : "none"}`,
        "Remove it, or show the rows in a section of their own.",
        "key",
      ),
    ];
  if (way !== "changes" || section.key !== undefined) return strays;
  return [
    ...strays,
    problemAt(
      [...path, "show"],
      'show: changes needs "key"',
      "Name the fields that identify a row, as in key: [carriers.code].",
    ),
  ];
}

function partsProblems(
  section: Readonly<Record<string, unknown>>,
  path: Path,
  sources: readonly SourceWord[],
): Problem[] {
  const source = sources.find(({ kind, hasParts = false }) => hasParts && section[kind] !== undefined);
  const way = wayOf(section);
  if (source === undefined || way === null || !OF_ROWS.has(way)) return [];
  const [key = "show"] = tellingKeys(section);
  return [
    problemAt(
      [...path, key],
      `a ${source.kind}'s tiles are shown as table or image, not as ${way}`,
      "Write a section with the tile's own Look or query for that.",
      key === "show" ? undefined : "key",
    ),
  ];
}

function historyProblems(history: unknown, path: Path, sources: readonly SourceWord[]): Problem[] {
  if (!isMapping(history)) return [];
  const present = sources.filter(({ kind }) => history[kind] !== undefined);
  const kinds = sources.filter(({ hasParts = false }) => !hasParts).map(({ kind }) => kind);
  if (present.length === 1 && kinds.includes(present[0]?.kind ?? "")) return [];
  const [first, second] = present;
  if (first !== undefined && second !== undefined)
    return [
      problemAt(
        [...path, second.kind],
        `history has both ${first.kind} and ${second.kind}`,
        "Keep one.",
        "key",
      ),
    ];
  if (first !== undefined)
    return [
      problemAt(
        [...path, first.kind],
        `a ${first.kind} has several results: a history has one`,
        `Write ${oneOf(kinds)} in its place.`,
        "key",
      ),
    ];
  return [
    problemAt(
      path,
      `history has neither ${kinds.join(" nor ")}`,
      "Name where the past comes from, as in look: 99.",
      "key",
    ),
  ];
}
