import { type Path, type Problem, problemAt } from "../../core/model/problem.ts";
import type { ConnectionWord, Language } from "../language.ts";
import { isMapping, oneOf, valueAt } from "../problems/value.ts";
import type { Entry } from "./rules.ts";

/** Blocks that are needed and missing: by a destination that is used, or by all reports (Looker itself). */
export class ConnectionNeeds<C> {
  private readonly present: ReadonlySet<string>;
  private readonly language: Language<C>;
  private readonly words: readonly [name: string, word: ConnectionWord<unknown>][];
  private readonly env: Readonly<Record<string, string | undefined>> | null;

  constructor(
    file: Readonly<Record<string, unknown>>,
    language: Language<C>,
    /** Null: that one is missing is found out where it is used. */
    env: Readonly<Record<string, string | undefined>> | null,
  ) {
    this.language = language;
    this.env = env;
    this.words = Object.entries<ConnectionWord<unknown>>(language.connections);
    this.present = new Set(Object.keys(file));
  }

  /** A connection that no destination names is the sources' own. */
  ofSources(): Problem[] {
    const ofDestinations = new Set(this.language.destinations.map(({ connection }) => connection));
    return this.words
      .filter(([name, word]) => !ofDestinations.has(name) && this.isMissing(name, word))
      .map(([name, word]) => problemAt([], `there is no "${name}" block`, this.advice(name, word)));
  }

  ofEntries(entries: readonly Entry[]): Problem[] {
    return entries.flatMap(({ value, path }) =>
      this.language.destinations.flatMap(({ kind, connection }) => {
        const word = this.words.find(([name]) => name === connection)?.[1];
        if (connection === null || !word || !isMapping(value) || !Object.hasOwn(value, kind)) return [];
        if (!this.isMissing(connection, word)) return [];
        return [
          problemAt(
            [...path, kind],
            `${kind} needs the "${connection}" block, which is missing`,
            this.advice(connection, word),
            "key",
          ),
        ];
      }),
    );
  }

  private isMissing(name: string, { environment = [] }: ConnectionWord<unknown>): boolean {
    const { env, present } = this;
    return env !== null && !present.has(name) && !environment.some((variable) => env[variable]);
  }

  private advice(name: string, { environment = [] }: ConnectionWord<unknown>): string {
    const block = `Write it at the top level of the file, in the first column: ${name}: …`;
    return environment.length === 0 ? block : `${block} Or set ${oneOf(environment)} in the environment.`;
  }
}

/** What the file lacks for links that open a signed session: where clicks arrive, and how such sessions are made. */
export function missingForEmbed(file: Readonly<Record<string, unknown>>): readonly string[] {
  const needed = [
    ["server", "url"],
    ["looker", "embed"],
  ];
  return needed.filter((path) => valueAt(file, path) === undefined).map((path) => path.join("."));
}

/** `link: embed` in a report or in `defaults`. */
export function linkProblems(holder: unknown, path: Path, missing: readonly string[]): Problem[] {
  if (!isMapping(holder) || holder.link !== "embed" || missing.length === 0) return [];
  const written = missing.map((name) => WRITTEN[name] ?? name);
  return [
    problemAt(
      [...path, "link"],
      `link: embed needs ${missing.join(" and ")}`,
      `Write ${written.join(", and ")}: each click is answered with a session of its own.`,
    ),
  ];
}

const WRITTEN: Readonly<Record<string, string>> = {
  "server.url": "server: {port: 8080, url: https://…}",
  "looker.embed": "embed: {models: […], permissions: […]} below looker",
};
