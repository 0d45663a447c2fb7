import { bytes } from "../core/rules/quantity.ts";
import type { Config, Language, Loaded } from "./language.ts";
import { parse } from "./parse.ts";
import { Excerpts, rangeAt } from "./problems/excerpt.ts";
import { type Fault, fault, isMapping, type Path, typeName } from "./problems/fault.ts";
import { inOrder, type Place, type Problem } from "./problems/problem.ts";
import { collectSecrets, collectUrlSecrets, type Secrets } from "./problems/secrets.ts";
import { readReports, repeatedDestinations } from "./reports.ts";
import { ConnectionNeeds } from "./rules/connections.ts";
import { noticeEntries } from "./rules/entries.ts";
import { linkFaults, missingForEmbed } from "./rules/link.ts";
import { noticeFaults } from "./rules/rules.ts";
import { templateFaults } from "./rules/templates.ts";
import { parseHeartbeat } from "./schema/heartbeat.ts";
import { keepOf } from "./schema/keep.ts";
import { serverOf } from "./schema/server.ts";
import { type FileText, shapeOf } from "./schema/shape.ts";
import { type FoundStore, findStore } from "./schema/store.ts";
import { readDocument, type YamlDocument } from "./yaml/document.ts";
import type { Surroundings } from "./yaml/interpolate.ts";
import { type Spot, spotAt } from "./yaml/spot.ts";

/** 10,000 reports take 6 MB. */
const BYTES_MAX = 32_000_000;

export interface ReadOptions<C> extends Surroundings {
  /** The file's name, for places. */
  readonly file: string;
  readonly language: Language<C>;
}

/** Reads and checks the text of a reports.yaml, and tells everything that is wrong with it at once. Never throws for the text. */
export function readConfig<C>(text: string, options: ReadOptions<C>): Loaded<C> {
  const size = Buffer.byteLength(text);
  const document = readDocument(size > BYTES_MAX ? "" : text, options);
  const secrets: Secrets = { values: new Set(), written: new Set(), faults: [] };
  const checked =
    size > BYTES_MAX ? { content: null, faults: [tooLarge(size)] } : check(document, options, secrets);
  const excerpts = new Excerpts(options.file, text, document.lines, secrets);
  const faults = [...document.faults, ...checked.faults, ...secrets.faults];
  const problems = distinct(inOrder(faults.map((one) => problemOf(one, document, excerpts))));
  if (checked.content === null) return { config: null, problems };
  const config: Config<C> = {
    file: options.file,
    ...checked.content,
    secrets: [...secrets.values],
    locate: (path) => locate(path, document, excerpts),
  };
  return { config, problems };
}

type Content<C> = Omit<Config<C>, "file" | "secrets" | "locate">;

interface Checked<C> {
  /** Null where there is nothing to work with, whatever its reports are like. */
  readonly content: Content<C> | null;
  readonly faults: readonly Fault[];
}

function check<C>(document: YamlDocument, options: ReadOptions<C>, secrets: Secrets): Checked<C> {
  const { value, root } = document;
  if (value === undefined) return { content: null, faults: [] };
  if (!isMapping(value)) return { content: null, faults: [notAFile(value)] };
  const { language, env } = options;
  const shape = shapeOf(language);
  // Keys that start with x- are the author's own: a home for anchors.
  const file = Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith("x-")));
  const parsed = parse(shape.file, file, root, []);
  const data = (parsed.data ?? {}) as FileText & Readonly<Record<string, unknown>>;
  collectSecrets(shape.file, file, root, [], secrets);
  const found = findStore(file.store, env);
  if (found.fromEnvironment !== null) collectUrlSecrets(found.fromEnvironment, secrets);
  const needs = new ConnectionNeeds(file, language, env);
  const defaults = data.defaults ?? {};
  const missing = missingForEmbed(file);
  const { reports, faults } = readReports(file.reports, {
    document,
    shape,
    language,
    defaults,
    needs,
    secrets,
    missingForEmbed: missing,
  });
  const ofDefaults = [
    ...defaultsFaults(file.defaults, data, needs, language),
    ...linkFaults(file.defaults, ["defaults"], missing),
  ];
  // What a rule refuses, a schema may refuse as well, for a lesser reason.
  const ruled = new Set(ofDefaults.map(({ path }) => JSON.stringify(path)));
  const ofFile = [
    ...parsed.faults.filter(({ path }) => !ruled.has(JSON.stringify(path))),
    ...ofDefaults,
    ...storeFaults(found, root, secrets),
    ...needs.ofSources(),
  ];
  const isUsable =
    parsed.data !== undefined &&
    ofFile.length === 0 &&
    [...document.faults, ...secrets.faults].every(({ path }) => path[0] === "reports");
  const connections = Object.keys(language.connections).filter((name) => data[name] !== undefined);
  const content = {
    store: found.store,
    keep: keepOf(data.keep),
    heartbeat: heartbeatOf(data.heartbeat),
    server: serverOf(data.server),
    fonts: data.fonts ?? [],
    connections: Object.fromEntries(connections.map((name) => [name, data[name]])) as Partial<C>,
    reports,
  };
  return { content: isUsable ? content : null, faults: [...ofFile, ...faults] };
}

/** A mistake behind an anchor is found once for each alias. */
function distinct(problems: readonly Problem[]): Problem[] {
  return [
    ...new Map(
      problems
        .toReversed()
        .map((problem) => [`${problem.line}:${problem.column} ${problem.message}`, problem]),
    ).values(),
  ].toReversed();
}

/** What no schema of one value can see of `defaults.on_failure`, which all reports share. */
function defaultsFaults<C>(
  written: unknown,
  { defaults }: FileText,
  needs: ConnectionNeeds<C>,
  language: Language<C>,
): Fault[] {
  const path = ["defaults", "on_failure"];
  const onFailure = isMapping(written) ? written.on_failure : undefined;
  return [
    ...noticeFaults(onFailure, path, language),
    ...templateFaults(onFailure, path, language, ["on_failure"]),
    ...needs.ofEntries(noticeEntries(onFailure, path)),
    ...repeatedDestinations(noticeEntries(defaults?.on_failure, path), language),
  ];
}

function storeFaults({ complaint, fromEnvironment }: FoundStore, root: Spot, secrets: Secrets): Fault[] {
  const isSpoilt = root.children.get("store")?.isSpoilt ?? false;
  // A password that should not be there is said first: with it, what is wrong with the URL goes too.
  const isRefused = secrets.faults.some(({ path }) => path[0] === "store");
  if (complaint === null || isSpoilt || isRefused) return [];
  const path = fromEnvironment === null ? ["store"] : [];
  return [fault(path, complaint.message, complaint.advice)];
}

function heartbeatOf(written: string | undefined): string | null {
  const read = written === undefined ? null : parseHeartbeat(written);
  return read !== null && "url" in read ? read.url : null;
}

function notAFile(value: unknown): Fault {
  const advice = "Begin with version: 1, then the blocks looker, email or slack, and reports.";
  if (value === null) return fault([], "the file is empty", advice);
  return fault([], `the file has to be a mapping; it is ${typeName(value)}`, advice);
}

function tooLarge(size: number): Fault {
  const message = `the file has ${bytes(size)}; at most ${bytes(BYTES_MAX)} are read`;
  return fault([], message, "Split it, with a worker for each part.");
}

function problemOf(found: Fault, { root }: YamlDocument, excerpts: Excerpts): Problem {
  const [top, name] = found.path;
  const range = found.range ?? rangeAt(root, found.path, found.on);
  const { inside } = found;
  return {
    ...(inside ? excerpts.placeInside(range, inside.text, inside.range) : excerpts.place(range)),
    path: found.path,
    message: excerpts.clean(found.message),
    advice: found.advice === null ? null : excerpts.clean(found.advice),
    report: top === "reports" && typeof name === "string" ? name : null,
  };
}

function locate(path: Path, { root }: YamlDocument, excerpts: Excerpts): Place | null {
  const written = writtenPath(path, root);
  if (spotAt(root, written).depth === 0) return null;
  return excerpts.place(rangeAt(root, written, "value"));
}

/** Where the file has what stands at `path` of a report with every default filled in. */
function writtenPath(path: Path, root: Spot): Path {
  const [top, name, part, index, ...rest] = path;
  if (top !== "reports" || name === undefined) return path;
  const isOwn = spotAt(root, path.slice(0, 3)).depth === 3;
  if (part === "sections" && index === 0 && !isOwn) return [top, name, ...rest];
  if (part !== "on_failure" || index === undefined) return path;
  const place = isOwn ? [top, name, part] : ["defaults", part];
  const isList = spotAt(root, place).spot.children.has(index);
  return isList ? [...place, index, ...rest] : [...place, ...rest];
}
