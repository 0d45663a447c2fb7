import { type Problem, problemAt } from "../../core/model/problem.ts";
import type { ConnectionWord, Language } from "../language.ts";
import { isMapping, oneOf } from "../problems/value.ts";
import type { Entry } from "./entries.ts";

/** Blocks that are needed and missing: by a destination that is used, or by all reports (Looker itself). */
export class ConnectionNeeds<C> {
  private readonly present: ReadonlySet<string>;
  private readonly language: Language<C>;
  private readonly words: readonly [name: string, word: ConnectionWord<unknown>][];
  private readonly env: Readonly<Record<string, string | undefined>>;

  constructor(
    file: Readonly<Record<string, unknown>>,
    language: Language<C>,
    env: Readonly<Record<string, string | undefined>>,
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
    return !this.present.has(name) && !environment.some((variable) => this.env[variable]);
  }

  private advice(name: string, { environment = [] }: ConnectionWord<unknown>): string {
    const block = `Write it at the top of the file, in the first column: ${name}: …`;
    return environment.length === 0 ? block : `${block} Or set ${oneOf(environment)} in the environment.`;
  }
}
