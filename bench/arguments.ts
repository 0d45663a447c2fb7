import { existsSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * What a bench takes on its command line, in this order: a whole number with its default; one of several words, of which the
 * first is the default; or a whole number that may be left out (null).
 */
export type Shape = Readonly<Record<string, number | readonly string[] | null>>;

export type Values<S extends Shape> = {
  readonly [Name in keyof S]: S[Name] extends readonly string[]
    ? string
    : S[Name] extends null
      ? number | null
      : number;
};

/** What `npm run build` makes, and some benches measure. */
export const BUILT_CLI = join(import.meta.dirname, "../dist/cli.js");

/** The bench's arguments. Ends the process with exit code 2 where they are wrong, or where a build is needed and is not there. */
export function benchArguments<const S extends Shape>(
  shape: S,
  { needsBuild = false }: { needsBuild?: boolean } = {},
): Values<S> {
  const read = readArguments(process.argv.slice(2), shape);
  if (typeof read === "string") return refuse(`${read}\nUsage: node bench/${bench()} ${usage(shape)}`);
  if (needsBuild && !existsSync(BUILT_CLI)) return refuse("It measures dist/cli.js: `npm run build` first.");
  return read;
}

/** The values, or in a sentence what is wrong with the words. */
export function readArguments<const S extends Shape>(words: readonly string[], shape: S): Values<S> | string {
  const names = Object.keys(shape);
  const unknown = words[names.length];
  if (unknown !== undefined) return `"${unknown}" is one argument too many.`;
  const values: Record<string, string | number | null> = {};
  for (const [index, name] of names.entries()) {
    const known = shape[name] ?? null;
    const word = words[index];
    if (word === undefined) values[name] = isWords(known) ? (known[0] ?? "") : known;
    else if (isWords(known)) {
      if (!known.includes(word)) return `There is no ${name} "${word}": it is ${known.join(", ")}.`;
      values[name] = word;
    } else {
      if (!/^[1-9]\d*$/.test(word)) return `${name} is a whole number from 1 on, not "${word}".`;
      values[name] = Number(word);
    }
  }
  return values as Values<S>;
}

function usage(shape: Shape): string {
  return Object.entries(shape)
    .map(([name, known]) => {
      if (isWords(known)) return `[${known.join(" | ")}]`;
      return known === null ? `[${name}]` : `[${name}, default ${known}]`;
    })
    .join(" ");
}

function isWords(known: Shape[string]): known is readonly string[] {
  return Array.isArray(known);
}

function bench(): string {
  return basename(process.argv[1] ?? "");
}

function refuse(words: string): never {
  process.stderr.write(`${bench()}: ${words}\n`);
  process.exit(2);
}
