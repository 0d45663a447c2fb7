import { nearest } from "../core/nearest.ts";
import { count } from "../core/quantity.ts";
import { deliverEntries, type Entry, noticeEntries } from "./entries.ts";
import { type Fault, fault, isMapping, oneOf, type Path, valueAt } from "./fault.ts";
import type { Language, Word } from "./language.ts";
import { templateFaults } from "./templates.ts";

/** Looker fetches up to this many rows in one piece; beyond it a result is fetched once, as a stream. */
const ROWS_IN_ONE_PIECE_MAX = 5_000;
const ONE_SECTION_KEYS = ["limit", "rows", "show"];

/** What no schema of one value can see: how the parts of a report fit together. Reads the report as written, valid or not. */
export function ruleFaults<C>(
  report: Readonly<Record<string, unknown>>,
  path: Path,
  language: Language<C>,
): Fault[] {
  return [
    ...contentFaults(report, path, language.sources),
    ...destinationFaults(deliverEntries(report.deliver, [...path, "deliver"]), language),
    ...noticeFaults(report.on_failure, [...path, "on_failure"], language),
    ...rawAndFormatted(report, path),
    ...templateFaults(report, path),
  ];
}

function contentFaults(
  report: Readonly<Record<string, unknown>>,
  path: Path,
  sources: readonly Word[],
): Fault[] {
  const { sections } = report;
  const kinds = sources.map(({ kind }) => kind);
  if (sections === undefined) return oneSource(report, path, kinds, [...kinds, "sections"]);
  const beside = Object.keys(report)
    .filter((key) => kinds.includes(key) || ONE_SECTION_KEYS.includes(key))
    .map((key) =>
      fault(
        [...path, key],
        `"${key}" stands beside "sections"`,
        "Move it into the section it belongs to.",
        "key",
      ),
    );
  const within = (Array.isArray(sections) ? sections : []).flatMap((section, index) =>
    isMapping(section) ? oneSource(section, [...path, "sections", index], kinds, kinds) : [],
  );
  return [...beside, ...within];
}

function oneSource(
  holder: Readonly<Record<string, unknown>>,
  path: Path,
  kinds: readonly string[],
  choices: readonly string[],
): Fault[] {
  const present = kinds.filter((kind) => holder[kind] !== undefined);
  if (present.length === 1) return [];
  const what = path.length === 2 ? "the report" : "the section";
  if (present.length > 1)
    return [
      fault(
        [...path, present[1] ?? ""],
        `${what} has both ${present.join(" and ")}`,
        "Keep one; for several contents, write sections.",
        "key",
      ),
    ];
  // A content that is not built yet, or a misspelt one, has its own message already.
  if (Object.keys(holder).some((key) => key === "dashboard" || isMisspelt(key, choices))) return [];
  return [
    fault(path, `${what} has neither ${choices.join(" nor ")}`, "Name what to send, as in look: 42.", "key"),
  ];
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
export function noticeFaults<C>(onFailure: unknown, path: Path, language: Language<C>): Fault[] {
  const entries = noticeEntries(onFailure, path);
  const kinds = language.destinations.map(({ kind }) => kind);
  const alone = entries.filter(({ value }) => typeof value === "string" && value !== "");
  const attached = entries.filter(({ value }) => isMapping(value) && Object.hasOwn(value, "attach"));
  return [
    ...destinationFaults(entries, language),
    ...alone.map((entry) =>
      fault(
        entry.path,
        "on_failure names no destination",
        `Write ${oneOf(kinds)} before it, as in { ${kinds[0]}: … }.`,
      ),
    ),
    ...attached.map((entry) =>
      fault(
        [...entry.path, "attach"],
        "on_failure attaches no files: it tells of a report that went wrong",
        "Remove attach.",
        "key",
      ),
    ),
  ];
}

function destinationFaults<C>(entries: readonly Entry[], language: Language<C>): Fault[] {
  const kinds = language.destinations.map(({ kind }) => kind);
  return entries.flatMap(({ value, path, index }) => {
    if (!isMapping(value)) return [];
    const present = Object.keys(value).filter((key) => kinds.includes(key));
    const others = Object.keys(value).filter((key) => key !== "attach");
    if (present.length === 1 || others.length > present.length) return [];
    if (present.length === 0) return [noDestination(value, path, kinds)];
    const list = index === null ? "Write a list" : "Start an entry of its own";
    return [
      fault(
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
): Fault {
  const advice = Object.hasOwn(entry, "attach") ? "beside attach, in the same entry" : "there";
  return fault(path, "this delivery names no destination", `Write ${oneOf(kinds)} ${advice}.`);
}

/** One result is fetched once, so its cells are either as rendered or raw. */
function rawAndFormatted(report: Readonly<Record<string, unknown>>, path: Path): Fault[] {
  const { deliver, sections } = report;
  const contents = Array.isArray(sections) ? sections : [report];
  if (!contents.some(isLarge) || !Array.isArray(deliver)) return [];
  const files = deliver.flatMap((entry, index) => csvFiles(entry, [...path, "deliver", index, "attach"]));
  const other = files.find((file) => file.raw !== files[0]?.raw);
  if (!other) return [];
  return [
    fault(
      other.path,
      `a result above ${count(ROWS_IN_ONE_PIECE_MAX)} rows is fetched once, so csv cannot be raw for one and formatted for another`,
      `Set raw: true for all csv files of this report or for none, or lower its limit to ${ROWS_IN_ONE_PIECE_MAX}.`,
    ),
  ];
}

function isLarge(content: unknown): boolean {
  const limit = Number(valueAt(content, ["limit"]) ?? valueAt(content, ["query", "limit"]) ?? 0);
  return limit === -1 || limit > ROWS_IN_ONE_PIECE_MAX;
}

function csvFiles(entry: unknown, path: Path): { path: Path; raw: boolean }[] {
  const attach = valueAt(entry, ["attach"]);
  const isList = Array.isArray(attach);
  return (isList ? attach : [attach]).flatMap((format: unknown, index) => {
    const place = isList ? [...path, index] : path;
    if (format === "csv") return [{ path: place, raw: false }];
    if (!isMapping(format) || !Object.hasOwn(format, "csv")) return [];
    return [{ path: place, raw: valueAt(format, ["csv", "raw"]) === true }];
  });
}
