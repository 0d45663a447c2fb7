import { bytes } from "../core/quantity.ts";
import { ConnectionNeeds } from "./connections.ts";
import { readDocument, type YamlDocument } from "./document.ts";
import { Excerpts, rangeAt } from "./excerpt.ts";
import { type Fault, fault, isMapping, type Path, typeName } from "./fault.ts";
import type { Surroundings } from "./interpolate.ts";
import type { Config, Language, Loaded } from "./language.ts";
import { parse } from "./parse.ts";
import { inOrder, type Place, type Problem } from "./problem.ts";
import { readReports } from "./reports.ts";
import { collectSecrets, type Secrets } from "./secrets.ts";
import { type DefaultsText, shapeOf } from "./shape.ts";
import { spotAt } from "./spot.ts";
import { parseStore, STORE_DEFAULT, type Store } from "./store.ts";

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

type Content<C> = Pick<Config<C>, "store" | "connections" | "reports">;

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
  collectSecrets(shape.file, file, root, [], secrets);
  const store = storeOf(file.store ?? env.LOOKPOST_STORE);
  const needs = new ConnectionNeeds(file, language, env);
  const data = (parsed.data ?? {}) as Readonly<Record<string, unknown>>;
  const defaults = (data.defaults ?? {}) as DefaultsText;
  const { reports, faults } = readReports(file.reports, {
    document,
    shape,
    language,
    defaults,
    needs,
    secrets,
  });
  const ofFile = [...parsed.faults, ...store.faults, ...needs.ofSources()];
  const isUsable =
    parsed.data !== undefined &&
    ofFile.length === 0 &&
    [...document.faults, ...secrets.faults].every(({ path }) => path[0] === "reports");
  const connections = Object.keys(language.connections).filter((name) => data[name] !== undefined);
  const content = {
    store: store.store,
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

function storeOf(written: unknown): { store: Store; faults: Fault[] } {
  if (typeof written !== "string" || written === "") return { store: STORE_DEFAULT, faults: [] };
  const store = parseStore(written);
  if ("kind" in store) return { store, faults: [] };
  return { store: STORE_DEFAULT, faults: [fault(["store"], store.message, store.advice)] };
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
  return {
    ...excerpts.place(found.range ?? rangeAt(root, found.path, found.on)),
    path: found.path,
    message: excerpts.clean(found.message),
    advice: found.advice === null ? null : excerpts.clean(found.advice),
    report: top === "reports" && typeof name === "string" ? name : null,
  };
}

function locate(path: Path, { root }: YamlDocument, excerpts: Excerpts): Place | null {
  const [top, name, part, index, ...rest] = path;
  const isShortForm = part === "sections" && index === 0 && spotAt(root, path.slice(0, 3)).depth === 2;
  const written = isShortForm ? [top, name, ...rest].filter((key) => key !== undefined) : path;
  if (spotAt(root, written).depth === 0) return null;
  return excerpts.place(rangeAt(root, written, "value"));
}
