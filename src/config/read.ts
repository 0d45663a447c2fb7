import { type Problem, problemAt } from "../core/model/problem.ts";
import { readSettings, type Settings, sharedProblems } from "./file-settings.ts";
import { type Scope, scopeOf } from "./files/scope.ts";
import { readSources, type SourceOptions } from "./files/sources.ts";
import type { Config, Language, Loaded } from "./language.ts";
import { parse } from "./parse.ts";
import { Locator } from "./problems/locate.ts";
import { distinct } from "./problems/problem.ts";
import { collectSecrets, type Secrets } from "./problems/secrets.ts";
import { isMapping } from "./problems/value.ts";
import { type ReportsOfFile, readReports } from "./reports.ts";
import { type DefaultsText, type Shape, shapeOf } from "./schema/shape.ts";

export interface ReadOptions<C> extends SourceOptions {
  readonly language: Language<C>;
  /**
   * "leave_out": a block with a reference that leads to nothing here is left out (`Config.unset` says why), and that a connection is missing
   * is no problem, for commands that use only some of the file. Default: "refuse".
   */
  readonly unset?: "refuse" | "leave_out";
}

/** One file while it is checked. */
interface Part {
  readonly scope: Scope;
  readonly secrets: Secrets;
  readonly locator: Locator;
}

/** What reports are made of: a fault in it leaves the rest of the files usable. */
const OF_REPORTS: ReadonlySet<unknown> = new Set(["reports", "bases", "audiences"]);

/**
 * Reads and checks the text of a reports.yaml and of the files that it includes, and finds everything that is wrong with them at once.
 * Never throws for the text. Throws what reading an included file throws and is not `config`.
 */
export function readConfig<C>(text: string, options: ReadOptions<C>): Loaded<C> {
  const parts = partsOf(text, options);
  const [main] = parts;
  const shape = shapeOf(options.language);
  const settings = readSettings(main.scope, main.secrets, { ...options, shape });
  const { skipped, repeated } = repeatedNames(parts);
  const locators = new Map<string, Locator>();
  const found: { readonly locator: Locator; readonly problem: Problem }[] = [];
  const all: ReportsOfFile[] = [];
  let isUsable = settings.content !== null;
  for (const part of parts) {
    const { scope, locator, secrets } = part;
    const file = scope.isMain ? settings : readIncluded(part, settings, { ...options, shape });
    const reports = readReports(scope, skipped.get(part) ?? new Set(), {
      shape,
      ...options,
      ...settings,
      defaults: file.defaults,
      secrets,
    });
    all.push(reports);
    for (const { name } of reports.schedules) locators.set(name, locator);
    const ofFile = [...scope.problems, ...file.problems, ...secrets.problems];
    isUsable &&= ofFile.every(({ path }) => OF_REPORTS.has(path?.[0]));
    const ofPart = [...ofFile, ...(repeated.get(part) ?? []), ...reports.problems];
    found.push(...ofPart.map((problem) => ({ locator, problem })));
  }
  const problems = located(found);
  if (!isUsable || settings.content === null) return { config: null, problems };
  const notes = parts.flatMap(({ scope, locator }) => scope.notes().map((problem) => ({ locator, problem })));
  const config: Config<C> = {
    file: options.file,
    files: parts.map(({ scope }) => scope.source.source.file),
    ...settings.content,
    reports: all.flatMap(({ reports }) => reports),
    schedules: all.flatMap(({ schedules }) => schedules),
    unset: Object.assign({}, ...parts.toReversed().map(({ scope }) => scope.unset)),
    notes: problems.length === 0 ? located(notes) : [],
    secrets: [...main.secrets.values],
    secretsTooShort: [...main.secrets.tooShort],
    locate: (problem) => (locatorOf(problem, locators) ?? main.locator).locateInReport(problem),
  };
  return { config, problems };
}

function partsOf<C>(text: string, options: ReadOptions<C>): readonly [Part, ...Part[]] {
  const [mainFile, ...included] = readSources(text, options);
  const sources = [mainFile, ...included].map(({ source }) => source);
  const scoping = {
    language: options.language,
    mayBeUnset: options.unset === "leave_out",
    used: new Set<number>(),
  };
  const shared = { values: new Set<string>(), written: new Set<string>(), tooShort: new Set<string>() };
  const partOf = (scope: Scope): Part => {
    const secrets = { ...shared, problems: [] };
    return { scope, secrets, locator: new Locator({ sources, root: scope.placed.spot, secrets }) };
  };
  const main = scopeOf(mainFile, null, scoping);
  return [partOf(main), ...included.map((file) => partOf(scopeOf(file, main, scoping)))];
}

function readIncluded<C>(
  { scope, secrets }: Part,
  settings: Settings<C>,
  options: ReadOptions<C> & { readonly shape: Shape },
): { readonly defaults: DefaultsText; readonly problems: readonly Problem[] } {
  const { value, spot } = scope.placed;
  if (!isMapping(value)) return { defaults: {}, problems: [] };
  const { shape, language, file } = options;
  const misplaced = Object.keys(value).filter(
    (key) => key in shape.file.shape && !(key in shape.included.shape),
  );
  const own = Object.fromEntries(Object.entries(value).filter(([key]) => !misplaced.includes(key)));
  const parsed = parse(shape.included, own, spot, []);
  collectSecrets(shape.included, own, spot, [], secrets);
  const { defaults = {} } = (parsed.data ?? {}) as { defaults?: DefaultsText };
  return {
    defaults,
    problems: [
      ...misplaced.map((key) => misplacedBlock(key, file)),
      ...sharedProblems(parsed, own.defaults, { defaults }, { ...settings, language }),
    ],
  };
}

function misplacedBlock(key: string, main: string): Problem {
  return problemAt(
    [key],
    `"${key}" holds for all files`,
    `Write it in ${main}: a file that is included has reports, defaults, bases and audiences.`,
    "key",
  );
}

interface Repeated {
  readonly skipped: ReadonlyMap<Part, ReadonlySet<string>>;
  readonly repeated: ReadonlyMap<Part, readonly Problem[]>;
}

/** A report's name is its identity, whatever file it is in: the first one counts. */
function repeatedNames(parts: readonly Part[]): Repeated {
  const first = new Map<string, Part>();
  const skipped = new Map<Part, Set<string>>();
  const repeated = new Map<Part, Problem[]>();
  for (const part of parts)
    for (const key of part.scope.placed.spot.children.get("reports")?.children.keys() ?? []) {
      const name = String(key);
      const before = first.get(name);
      if (before === undefined) first.set(name, part);
      else {
        const { file, line } = before.locator.locate(problemAt(["reports", name], "", null, "key"));
        const message = `two reports are called "${name}": the other is at ${file}:${line}`;
        const advice = "A report's name is its identity, over all files: rename one of them.";
        skipped.set(part, (skipped.get(part) ?? new Set()).add(name));
        repeated.set(part, [
          ...(repeated.get(part) ?? []),
          problemAt(["reports", name], message, advice, "key"),
        ]);
      }
    }
  return { skipped, repeated };
}

function located(found: readonly { readonly locator: Locator; readonly problem: Problem }[]) {
  const inPlace = found.map(({ locator, problem }) => ({ start: locator.start(problem), locator, problem }));
  const sorted = inPlace.sort((a, b) => a.start - b.start);
  return distinct(sorted.map(({ locator, problem }) => locator.locate(problem)));
}

function locatorOf({ path }: Problem, locators: ReadonlyMap<string, Locator>): Locator | undefined {
  return path?.[0] === "reports" ? locators.get(String(path[1])) : undefined;
}
