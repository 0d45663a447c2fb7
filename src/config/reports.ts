import type { Report } from "../core/model/report.ts";
import { buildReport } from "./build.ts";
import type { Language } from "./language.ts";
import { parse } from "./parse.ts";
import { type Fault, fault, isMapping, type Path, typeName } from "./problems/fault.ts";
import { collectSecrets, type Secrets } from "./problems/secrets.ts";
import type { ConnectionNeeds } from "./rules/connections.ts";
import { deliverEntries, type Entry, noticeEntries } from "./rules/entries.ts";
import { linkFaults } from "./rules/link.ts";
import { ruleFaults } from "./rules/rules.ts";
import { type DefaultsText, REPORT_NAME, type ReportText, type Shape } from "./schema/shape.ts";
import type { YamlDocument } from "./yaml/document.ts";

interface Context<C> {
  readonly document: YamlDocument;
  readonly shape: Shape;
  readonly language: Language<C>;
  readonly defaults: DefaultsText;
  readonly needs: ConnectionNeeds<C>;
  readonly secrets: Secrets;
  readonly missingForEmbed: readonly string[];
}

interface ReadReports {
  /** Those without any fault. */
  readonly reports: readonly Report[];
  readonly faults: readonly Fault[];
}

/** Checks each report by itself: what is wrong with one says nothing about the others. */
export function readReports<C>(value: unknown, context: Context<C>): ReadReports {
  const spot = context.document.root.children.get("reports");
  if (!spot)
    return {
      reports: [],
      faults: [fault([], "reports is missing", "Write reports: and below it a report by its name.")],
    };
  if (spot.isSpoilt) return { reports: [], faults: [] };
  if (!isMapping(value) || spot.children.size === 0) return { reports: [], faults: [notReports(value)] };
  const spoilt = new Set(context.document.faults.map(({ path }) => path[1]));
  const reports: Report[] = [];
  const faults: Fault[] = [];
  // The spots keep the order of the file; an object would move names that are numbers to the front.
  for (const key of spot.children.keys()) {
    const name = String(key);
    const secretsBefore = context.secrets.faults.length;
    const read = readReport(name, value[name], context);
    faults.push(...read.faults);
    const isGood = !spoilt.has(name) && context.secrets.faults.length === secretsBefore;
    if (read.report && isGood) reports.push(read.report);
  }
  return { reports, faults };
}

function readReport<C>(
  name: string,
  value: unknown,
  context: Context<C>,
): { report: Report | null; faults: readonly Fault[] } {
  const { document, shape, language, defaults, needs } = context;
  const path = ["reports", name];
  const ofName = nameFaults(name, path);
  const spot = document.root.children.get("reports")?.children.get(name);
  if (!spot || spot.isSpoilt) return { report: null, faults: ofName };
  if (!isMapping(value)) {
    const advice = "Write schedule, look or query, and deliver below its name, indented.";
    return {
      report: null,
      faults: [...ofName, fault(path, `a report has to be a mapping; it is ${typeName(value)}`, advice)],
    };
  }
  collectSecrets(shape.report, value, spot, path, context.secrets);
  const rules = [
    ...ruleFaults(value, path, language),
    ...linkFaults(value, path, context.missingForEmbed),
    ...needs.ofEntries(deliverEntries(value.deliver, [...path, "deliver"])),
    ...needs.ofEntries(noticeEntries(value.on_failure, [...path, "on_failure"])),
  ];
  const parsed = parse(shape.report, value, document.root, path);
  // What a rule refuses, a schema may refuse as well, for a lesser reason.
  const ruled = new Set(rules.map((rule) => JSON.stringify(rule.path)));
  const ofSchema = parsed.faults.filter((one) => !ruled.has(JSON.stringify(one.path)));
  const faults = [...ofName, ...rules, ...ofSchema];
  if (parsed.data === undefined) return { report: null, faults };
  const text = parsed.data as ReportText;
  const repeated = [
    ...repeatedDestinations(deliverEntries(text.deliver, [...path, "deliver"]), language),
    ...repeatedDestinations(noticeEntries(text.on_failure, [...path, "on_failure"]), language),
  ];
  if (faults.length + repeated.length > 0) return { report: null, faults: [...faults, ...repeated] };
  return { report: buildReport(name, text, defaults, language), faults: [] };
}

function notReports(value: unknown): Fault {
  if (isMapping(value) || value === null)
    return fault(["reports"], "reports is empty", "Write a report below it by its name, indented.", "key");
  return fault(
    ["reports"],
    `reports has to be a mapping of names to reports; it is ${typeName(value)}`,
    "Write each report below its name: weekly-delays: {...}.",
    "key",
  );
}

function nameFaults(name: string, path: Path): Fault[] {
  if (REPORT_NAME.test(name)) return [];
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[-._]+|[-._]+$/g, "")
    .slice(0, 100);
  const advice =
    slug === "" ? "Write a name such as weekly-delays." : `Write ${slug}, and the name as it reads in title.`;
  return [
    fault(
      path,
      `"${name}" cannot name a report: names have lower-case letters, digits, - _ and . (at most 100)`,
      advice,
      "key",
    ),
  ];
}

/** Destinations that stand in one list twice, as their schemas have read them. */
export function repeatedDestinations<C>(entries: readonly Entry[], { destinations }: Language<C>): Fault[] {
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
      fault(
        [...path, kind],
        `deliveries ${first + 1} and ${index + 1} go to the same ${kind} destination`,
        path.includes("on_failure") ? "Remove one." : "Remove one; several files go under one attach.",
        "key",
      ),
    ];
  });
}
