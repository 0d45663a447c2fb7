import { type Path, type Problem, problemAt } from "../core/model/problem.ts";
import type { Report } from "../core/model/report.ts";
import { withoutEnd } from "../core/rules/trimmed.ts";
import { buildReport } from "./build.ts";
import type { Scope } from "./files/scope.ts";
import type { Language } from "./language.ts";
import { parse } from "./parse.ts";
import { noBreakSpace } from "./problems/no-break-space.ts";
import { collectSecrets, type Secrets } from "./problems/secrets.ts";
import { isMapping, typeName } from "./problems/value.ts";
import type { ConnectionNeeds } from "./rules/needs.ts";
import { linkProblems } from "./rules/needs.ts";
import { deliverEntries, type Entry, noticeEntries, ruleProblems } from "./rules/rules.ts";
import type { BrandText } from "./schema/brand-keys.ts";
import { scheduleIn } from "./schema/schedule.ts";
import { type DefaultsText, REPORT_NAME, type ReportText, type Shape } from "./schema/shape.ts";
import type { Spot } from "./yaml/spot.ts";

interface Context<C> {
  readonly shape: Shape;
  readonly language: Language<C>;
  readonly defaults: DefaultsText;
  readonly brand: BrandText | undefined;
  readonly needs: ConnectionNeeds<C>;
  readonly secrets: Secrets;
  readonly missingForEmbed: readonly string[];
}

export interface ReportsOfFile {
  /** Those without any fault. */
  readonly reports: readonly Report[];
  /** Of all whose schedule can be read. */
  readonly schedules: readonly Pick<Report, "name" | "schedule">[];
  readonly problems: readonly Problem[];
}

/** Checks each report of a file by itself, but for those that are `skipped`: what is wrong with one says nothing about the others. */
export function readReports<C>(
  scope: Scope,
  skipped: ReadonlySet<string>,
  context: Context<C>,
): ReportsOfFile {
  const { value: file, spot: root } = scope.placed;
  const spot = root.children.get("reports");
  const nothing = { reports: [], schedules: [] };
  if (!isMapping(file) || spot?.isInvalid) return { ...nothing, problems: [] };
  if (!spot) return { ...nothing, problems: file.include === undefined ? [missingReports()] : [] };
  const value = file.reports;
  if (!isMapping(value) || spot.children.size === 0) return { ...nothing, problems: [notReports(value)] };
  const { problems: ofDocument, unset } = scope.source.document;
  const invalid = new Set(
    [...ofDocument, ...unset].map(({ path }) => (path?.[0] === "reports" ? path[1] : undefined)),
  );
  const reports: Report[] = [];
  const schedules: Pick<Report, "name" | "schedule">[] = [];
  const problems: Problem[] = [];
  // The spots keep the order of the file; an object would move names that are numbers to the front.
  for (const key of spot.children.keys()) {
    const name = String(key);
    if (skipped.has(name)) continue;
    const secretsBefore = context.secrets.problems.length;
    const read = readReport(name, value[name], root, context);
    problems.push(...read.problems);
    const isFaulty = invalid.has(name) || scope.faulty.has(name);
    if (read.report && !isFaulty && context.secrets.problems.length === secretsBefore)
      reports.push(read.report);
    const schedule = read.report?.schedule ?? scheduleIn(value[name], context.defaults);
    if (schedule !== null && REPORT_NAME.test(name)) schedules.push({ name, schedule });
  }
  return { reports, schedules, problems };
}

function readReport<C>(
  name: string,
  value: unknown,
  root: Spot,
  context: Context<C>,
): { report: Report | null; problems: readonly Problem[] } {
  const { shape, language, defaults, brand, needs } = context;
  const path = ["reports", name];
  const ofName = nameProblems(name, path);
  const spot = root.children.get("reports")?.children.get(name);
  if (!spot || spot.isInvalid) return { report: null, problems: ofName };
  if (!isMapping(value)) {
    const space = typeof value === "string" ? value.indexOf(":\u00a0") : -1;
    if (space >= 0) return { report: null, problems: [noBreakSpace(path, String(value), space + 1)] };
    const advice = "Write schedule, look or query, and deliver below its name, indented.";
    return {
      report: null,
      problems: [
        ...ofName,
        problemAt(path, `a report has to be a mapping; it is ${typeName(value)}`, advice),
      ],
    };
  }
  collectSecrets(shape.report, value, spot, path, context.secrets);
  const rules = [
    ...ruleProblems(value, path, language),
    ...linkProblems(value, path, context.missingForEmbed),
    ...needs.ofEntries(deliverEntries(value.deliver, [...path, "deliver"])),
    ...needs.ofEntries(noticeEntries(value.on_failure, [...path, "on_failure"])),
  ];
  const parsed = parse(shape.report, value, root, path);
  // What a rule refuses, a schema may refuse as well, for a lesser reason.
  const ruled = new Set(rules.map((rule) => JSON.stringify(rule.path)));
  const ofSchema = parsed.problems.filter((one) => !ruled.has(JSON.stringify(one.path)));
  const problems = [...ofName, ...rules, ...ofSchema];
  if (parsed.data === undefined) return { report: null, problems };
  const text = parsed.data as ReportText;
  const repeated = [
    ...repeatedDestinations(deliverEntries(text.deliver, [...path, "deliver"]), language),
    ...repeatedDestinations(noticeEntries(text.on_failure, [...path, "on_failure"]), language),
  ];
  if (problems.length + repeated.length > 0) return { report: null, problems: [...problems, ...repeated] };
  return {
    report: buildReport(name, text, { defaults, ...(brand !== undefined && { brand }) }, language),
    problems: [],
  };
}

function missingReports(): Problem {
  return problemAt([], "reports is missing", "Write reports: and below it a report by its name.");
}

function notReports(value: unknown): Problem {
  if (isMapping(value) || value === null)
    return problemAt(
      ["reports"],
      "reports is empty",
      "Write a report below it by its name, indented.",
      "key",
    );
  return problemAt(
    ["reports"],
    `reports has to be a mapping of names to reports; it is ${typeName(value)}`,
    "Write each report below its name: weekly-delays: {...}.",
    "key",
  );
}

function nameProblems(name: string, path: Path): Problem[] {
  if (REPORT_NAME.test(name)) return [];
  const slug = tame(name).slice(0, 100);
  const advice =
    slug === ""
      ? "Write a name such as weekly-delays."
      : `Write ${slug}, and put the name as people read it in title.`;
  return [
    problemAt(
      path,
      `"${name}" cannot name a report: names have lower-case letters, digits, - _ and . (at most 100)`,
      advice,
      "key",
    ),
  ];
}

/** The name as a report may have it; "" where nothing of it may stay. */
function tame(name: string): string {
  const plain = name
    .slice(0, 1_000)
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[-._]+/, "");
  return withoutEnd(plain, "-._");
}

/** Destinations that are in one list twice, as their schemas have read them. */
export function repeatedDestinations<C>(entries: readonly Entry[], { destinations }: Language<C>): Problem[] {
  const seen = new Map<string, number>();
  return entries.flatMap(({ value, path, index }) => {
    const entry = isMapping(value) ? value : {};
    const kind = destinations.find((word) => entry[word.kind] !== undefined)?.kind;
    if (kind === undefined || index === null) return [];
    const identity = `${kind} ${JSON.stringify(entry[kind])}`;
    const first = seen.get(identity);
    seen.set(identity, first ?? index);
    if (first === undefined) return [];
    return [
      problemAt(
        [...path, kind],
        `deliveries ${first + 1} and ${index + 1} go to the same ${kind} destination`,
        path.includes("on_failure") ? "Remove one." : "Remove one; several files go under one attach.",
        "key",
      ),
    ];
  });
}
