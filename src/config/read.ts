import { type Problem, problemAt } from "../core/model/problem.ts";
import { bytes } from "../core/rules/quantity.ts";
import { noticesOf } from "./build.ts";
import type { Config, Language, Loaded } from "./language.ts";
import { parse } from "./parse.ts";
import { Locator } from "./problems/locate.ts";
import { distinct, inOrder } from "./problems/problem.ts";
import { collectSecrets, collectUrlSecrets, type Secrets } from "./problems/secrets.ts";
import { isMapping, typeName } from "./problems/value.ts";
import { readReports, repeatedDestinations } from "./reports.ts";
import { leftOut } from "./rules/left-out.ts";
import { ConnectionNeeds, linkProblems, missingForEmbed } from "./rules/needs.ts";
import { noticeEntries, noticeProblems } from "./rules/rules.ts";
import { templateProblems } from "./rules/templates.ts";
import { brandOf } from "./schema/brand-keys.ts";
import { keepOf, parseHeartbeat, serverOf } from "./schema/file-keys.ts";
import { type FileText, shapeOf } from "./schema/shape.ts";
import { type FoundStore, findStore, type StoreAddress } from "./schema/store.ts";
import { readDocument, type YamlDocument } from "./yaml/document.ts";
import { interpolate, type ReferenceSources } from "./yaml/interpolate.ts";
import type { Spot } from "./yaml/spot.ts";

/** 10,000 reports take 6 MB. */
const BYTES_MAX = 32_000_000;

export interface ReadOptions<C> extends ReferenceSources {
  /** The file's name, for places. */
  readonly file: string;
  readonly language: Language<C>;
  /**
   * "leave_out": a block with a reference that leads to nothing here is left out (`Config.unset` says why), and that a connection is missing
   * is no problem, for commands that use only some of the file. Default: "refuse".
   */
  readonly unset?: "refuse" | "leave_out";
}

/** Reads and checks the text of a reports.yaml, and finds everything that is wrong with it at once. Never throws for the text. */
export function readConfig<C>(text: string, options: ReadOptions<C>): Loaded<C> {
  const size = Buffer.byteLength(text);
  const document = readDocument(size > BYTES_MAX ? "" : text, options);
  const secrets: Secrets = { values: new Set(), written: new Set(), problems: [], tooShort: new Set() };
  const checked =
    size > BYTES_MAX ? { content: null, problems: [tooLarge(size)] } : check(document, options, secrets);
  const { root, lines } = document;
  const locator = new Locator({ file: options.file, text, root, lines, secrets });
  const found = [...document.problems, ...checked.problems, ...secrets.problems];
  const problems = distinct(inOrder(found.map((problem) => locator.locate(problem))));
  if (checked.content === null) return { config: null, problems };
  const config: Config<C> = {
    file: options.file,
    ...checked.content,
    secrets: [...secrets.values],
    secretsTooShort: [...secrets.tooShort],
    locate: (problem) => locator.locateInReport(problem),
  };
  return { config, problems };
}

type Content<C> = Omit<Config<C>, "file" | "secrets" | "secretsTooShort" | "locate">;

interface Checked<C> {
  /** Null where there is nothing to work with, whatever its reports are like. */
  readonly content: Content<C> | null;
  readonly problems: readonly Problem[];
}

function check<C>(document: YamlDocument, options: ReadOptions<C>, secrets: Secrets): Checked<C> {
  const { value, root } = document;
  if (value === undefined) return { content: null, problems: document.unset };
  if (!isMapping(value)) return { content: null, problems: [...document.unset, notAFile(value)] };
  const { language, env } = options;
  const shape = shapeOf(language);
  // Keys that start with x- are the author's own: a home for anchors.
  const written = Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith("x-")));
  const mayBeUnset = options.unset === "leave_out";
  const {
    file,
    unset,
    problems: unresolved,
  } = mayBeUnset ? leftOut(written, document.unset) : { file: written, unset: {}, problems: document.unset };
  const parsed = parse(shape.file, file, root, []);
  const data = (parsed.data ?? {}) as FileText & Readonly<Record<string, unknown>>;
  collectSecrets(shape.file, file, root, [], secrets);
  const found = findStore(file.store, env);
  if (found.fromEnvironment !== null) collectUrlSecrets(found.fromEnvironment, "store", secrets);
  const needs = new ConnectionNeeds(file, language, mayBeUnset ? null : env);
  const defaults = data.defaults ?? {};
  const missing = mayBeUnset ? [] : missingForEmbed(file);
  const { reports, schedules, problems } = readReports(file.reports, {
    document,
    shape,
    language,
    defaults,
    brand: data.brand,
    needs,
    secrets,
    missingForEmbed: missing,
  });
  const ofDefaults = [
    ...defaultsProblems(file.defaults, data, needs, language),
    ...linkProblems(file.defaults, ["defaults"], missing),
  ];
  // What a rule refuses, a schema may refuse as well, for a lesser reason.
  const ruled = new Set(ofDefaults.map(({ path }) => JSON.stringify(path)));
  const ofFile = [
    ...parsed.problems.filter(({ path }) => !ruled.has(JSON.stringify(path))),
    ...ofDefaults,
    ...storeProblems(found, root, secrets),
    ...needs.ofSources(),
  ];
  const isUsable =
    parsed.data !== undefined &&
    ofFile.length === 0 &&
    [...document.problems, ...unresolved, ...secrets.problems].every(({ path }) => path?.[0] === "reports");
  const connections = Object.keys(language.connections).filter((name) => data[name] !== undefined);
  const content = {
    store: found.store,
    keep: keepOf(data.keep),
    heartbeat: heartbeatOf(data.heartbeat),
    server: serverOf(data.server),
    fonts: data.fonts ?? [],
    brand: brandOf(data.brand),
    connections: Object.fromEntries(connections.map((name) => [name, data[name]])) as Partial<C>,
    onFailure: noticesOf(defaults.on_failure, language),
    reports,
    schedules,
    unset,
  };
  return { content: isUsable ? content : null, problems: [...unresolved, ...ofFile, ...problems] };
}

/** What no schema of one value can see of `defaults.on_failure`, which all reports share. */
function defaultsProblems<C>(
  written: unknown,
  { defaults }: FileText,
  needs: ConnectionNeeds<C>,
  language: Language<C>,
): Problem[] {
  const path = ["defaults", "on_failure"];
  const onFailure = isMapping(written) ? written.on_failure : undefined;
  return [
    ...noticeProblems(onFailure, path, language),
    ...templateProblems(onFailure, path, language, ["on_failure"]),
    ...needs.ofEntries(noticeEntries(onFailure, path)),
    ...repeatedDestinations(noticeEntries(defaults?.on_failure, path), language),
  ];
}

function storeProblems({ problem, fromEnvironment }: FoundStore, root: Spot, secrets: Secrets): Problem[] {
  const isInvalid = root.children.get("store")?.isInvalid ?? false;
  // A password that should not be there is said first: with it, what is wrong with the URL goes too.
  const isRefused = secrets.problems.some(({ path }) => path?.[0] === "store");
  if (problem === null || isInvalid || isRefused) return [];
  const path = fromEnvironment === null ? ["store"] : [];
  return [{ ...problem, path }];
}

function heartbeatOf(written: string | undefined): string | null {
  const read = written === undefined ? null : parseHeartbeat(written);
  return read !== null && "url" in read ? read.url : null;
}

function notAFile(value: unknown): Problem {
  const advice = "Begin with version: 1, then the blocks looker, email or slack, and reports.";
  if (value === null) return problemAt([], "the file is empty", advice);
  return problemAt([], `the file has to be a mapping; it is ${typeName(value)}`, advice);
}

function tooLarge(size: number): Problem {
  const message = `the file is ${bytes(size)}; at most ${bytes(BYTES_MAX)} are read`;
  return problemAt([], message, "Split it, with a worker for each part.");
}

const LINE = /^store:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|([^{#\n][^#\n]*))[ \t]*(?:#.*)?$/m;
/** `store: {url: …, insecure: true}`, on one line or over several. */
const MAPPING = /^store:[ \t]*(\{[^\n]*|(?:\n[ \t]+[^\n]*){1,2})/m;
const URL_IN_MAPPING = /\burl:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|((?:\$\{[^}\n]*\}|[^\s,#{}])+))/;
/^store:[ \t]*(?:\{|\n[ \t]+)(?:insecure:[ \t]*(?:true|false)[, \t]*\n?[ \t]*)?url:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|([^#\n,}]*(?:\$\{[^}\n]*\}[^#\n,}]*)*))/m;

/**
 * The store of a file that cannot be used otherwise, by its one line `store:`: a person who looks after a service while someone mends the
 * file needs its ledger, and nothing else of it. Null where that line itself cannot be read.
 */
export function loneStore(text: string, sources: ReferenceSources): StoreAddress | null {
  const mapping = URL_IN_MAPPING.exec(MAPPING.exec(text)?.[1] ?? "");
  const [, doubled, single, plain] = mapping ?? LINE.exec(text) ?? [];
  const { text: url, problems } = interpolate(doubled ?? single ?? plain?.trim() ?? "", sources);
  // The rest of the mapping is not read: the service that runs had it accepted.
  const { store, problem } = findStore(mapping === null ? url : { url, insecure: true }, sources.env);
  return problems.length === 0 && problem === null ? store : null;
}
