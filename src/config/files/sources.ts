import type { LineCounter } from "yaml";
import { ReportError } from "../../core/error.ts";
import { type Path, type Problem, problemAt, problemOf } from "../../core/model/problem.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import { bytes, count } from "../../core/rules/quantity.ts";
import { isMapping } from "../problems/value.ts";
import { readDocument, type YamlDocument } from "../yaml/document.ts";
import { namedVariables, type ReferenceSources } from "../yaml/interpolate.ts";
import { spotAt } from "../yaml/spot.ts";

/** Where `include` leads. An argument, so that reading a file depends on nothing else. */
export interface IncludedFiles {
  /** The files that a path or a glob names, sorted; relative ones begin at the folder of `from`. None: there is no such file. */
  find(pattern: string, from: string): readonly FoundFile[];
  /** Throws ReportError `config` for what cannot be read. */
  read(file: string): string;
}

export interface FoundFile {
  /** As it is shown. */
  readonly file: string;
  /** The same for every way that leads to it. */
  readonly identity: string;
}

/** The text of one file among those that are read together. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** Where it begins: ranges in it count from there. */
  readonly start: number;
  readonly lines: LineCounter;
}

export interface SourceFile {
  readonly source: SourceText;
  readonly document: YamlDocument;
  /** What is wrong with its `include`. */
  readonly problems: readonly Problem[];
}

/** All files together. 10,000 reports take 6 MB. */
const BYTES_MAX = 32_000_000;
const FILES_MAX = 1_000;
const GLOB = /[*?[{]/;

export interface SourceOptions extends ReferenceSources {
  /** The main file's name, for places. */
  readonly file: string;
  /** Absent: no file is found. */
  readonly included?: IncludedFiles;
}

const NONE: IncludedFiles = {
  find: () => [],
  read(file) {
    throw new ReportError(`There is no file ${file}.`, { code: "config" });
  },
};

/** The main file, and below it all that it includes, in the order in which they are named. */
export function readSources(text: string, options: SourceOptions): readonly [SourceFile, ...SourceFile[]] {
  const reading = new Reading(options, namedVariables(text));
  const main = reading.file(text, { file: options.file, identity: reading.identityOf(options.file) }, []);
  return [main, ...reading.files];
}

class Reading {
  readonly files: SourceFile[] = [];
  private readonly options: SourceOptions;
  private readonly included: IncludedFiles;
  private readonly named: ReadonlySet<string>;
  /** How each file that has been read was named: by its own path, or by a glob among others. */
  private readonly known = new Map<string, { readonly isByName: boolean }>();
  private size = 0;
  private end = 0;

  constructor(options: SourceOptions, named: ReadonlySet<string>) {
    this.options = options;
    this.included = options.included ?? NONE;
    this.named = named;
  }

  identityOf(file: string): string {
    return this.included.find(file, "")[0]?.identity ?? file;
  }

  /** `chain`: the files that lead to it, the main one first. */
  file(text: string, found: FoundFile, chain: readonly FoundFile[]): SourceFile {
    this.size += Buffer.byteLength(text);
    const isTooLarge = this.size > BYTES_MAX;
    const start = this.end;
    this.end += text.length + 1;
    const document = readDocument(isTooLarge ? "" : text, { ...this.options, named: this.named }, start);
    const source = { file: found.file, text, start, lines: document.lines };
    if (isTooLarge)
      return {
        source,
        document: { ...document, value: undefined },
        problems: [tooLarge(this.size, chain.length === 0)],
      };
    const file = { source, document, problems: [] as Problem[] };
    if (chain.length > 0) this.files.push(file);
    for (const { pattern, path } of patternsOf(document))
      file.problems.push(...this.include(pattern, path, [...chain, found]));
    return file;
  }

  private include(pattern: string, path: Path, chain: readonly FoundFile[]): Problem[] {
    const from = chain.at(-1)?.file ?? "";
    const isByName = !GLOB.test(pattern);
    const found = this.included.find(pattern, from);
    if (found.length === 0) return [this.missing(pattern, path, from)];
    return found.flatMap((one) => {
      const loop = chain.findIndex(({ identity }) => identity === one.identity);
      if (loop >= 0) return [loopProblem(one, chain.slice(loop), path)];
      const before = this.known.get(one.identity);
      if (before !== undefined) {
        // A glob may well name again what is named already; a file that is named twice is a slip.
        if (!isByName || !before.isByName) return [];
        return [problemAt(path, `${one.file} is included twice`, "Remove one of them.")];
      }
      this.known.set(one.identity, { isByName });
      if (this.known.size > FILES_MAX)
        return [
          problemAt(path, `more than ${count(FILES_MAX)} files are included`, "Use fewer, larger files."),
        ];
      return this.read(one, path, chain);
    });
  }

  private read(found: FoundFile, path: Path, chain: readonly FoundFile[]): Problem[] {
    try {
      this.file(this.included.read(found.file), found, chain);
      return [];
    } catch (thrown) {
      if (!(thrown instanceof ReportError) || thrown.code !== "config") throw thrown;
      return [{ ...problemOf(thrown, path), message: thrown.message.replace(/\.$/, "") }];
    }
  }

  private missing(pattern: string, path: Path, from: string): Problem {
    if (GLOB.test(pattern))
      return problemAt(
        path,
        `no file is named by ${pattern}`,
        "A relative path begins at the folder of the file that includes it. Leave it out while there is none.",
      );
    const folder = pattern.slice(0, pattern.lastIndexOf("/") + 1);
    const others = this.included.find(`${folder}*`, from).map(({ file }) => file);
    const near = didYouMean(pattern, others).trim();
    return problemAt(
      path,
      `there is no file ${pattern}`,
      near || "A relative path begins at the folder of the file that includes it.",
    );
  }
}

function patternsOf({ value, root }: YamlDocument): { readonly pattern: string; readonly path: Path }[] {
  const include = isMapping(value) ? value.include : undefined;
  const written = Array.isArray(include)
    ? include.map((pattern, index) => ({ pattern, path: ["include", index] }))
    : [{ pattern: include, path: ["include"] }];
  return written.flatMap(({ pattern, path }) => {
    const { spot } = spotAt(root, path);
    // A name that YAML takes for a number is text as written. What is no text at all, the schema refuses.
    const text = typeof pattern === "number" ? spot.written : pattern;
    return typeof text === "string" && text !== "" && !spot.isInvalid ? [{ pattern: text, path }] : [];
  });
}

function loopProblem(found: FoundFile, chain: readonly FoundFile[], path: Path): Problem {
  if (chain.length === 1)
    return problemAt(
      path,
      `${found.file} includes itself`,
      "Put the files that are included into a folder of their own.",
    );
  const way = [...chain, found].map(({ file }) => file).join(" includes ");
  return problemAt(path, `these files include each other: ${way}`, "Remove one of the includes.");
}

function tooLarge(size: number, isAlone: boolean): Problem {
  const what = isAlone ? "the file is" : "it and the files before it are";
  const message = `${what} ${bytes(size)}; at most ${bytes(BYTES_MAX)} are read`;
  return problemAt([], message, "Split it, with a worker for each part.");
}
