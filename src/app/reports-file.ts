import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Loaded, loneStore, readConfig } from "../config/index.ts";
import { ReportError, toReportError } from "../core/error.ts";
import type { Chosen, Report } from "../core/model/report.ts";
import type { Schema } from "../core/ports/adapter.ts";
import { bytes } from "../core/rules/quantity.ts";
import { shortageOf } from "../core/shortage.ts";
import { connectionProblems } from "./check.ts";
import type { AppConfig, Env } from "./config.ts";
import { trialDestination, unconnected } from "./destinations.ts";
import { type FollowedIncludes, includedFiles } from "./included-files.ts";
import { type ConnectionConfigs, language, optionsSchema } from "./language.ts";
import { type FileTexts, referencedFiles } from "./referenced-files.ts";

/** A reports.yaml as it was read, what the files held that it refers to, and where its includes led. */
export type ReadReports = Loaded<ConnectionConfigs> & {
  readonly files: FileTexts;
  readonly includes: FollowedIncludes;
};

/**
 * Reads and checks a reports.yaml. `before`: what the files that it refers to held, for those that are missing or empty now. `unset`:
 * as readConfig has it. Throws ReportError: `config` when there is no such file, `local` (retryable) when the machine has run out of what
 * reading takes.
 */
export function readReports(
  file: string,
  env: Env,
  { before = {}, unset = "refuse" }: { before?: FileTexts; unset?: "refuse" | "leave_out" } = {},
): ReadReports {
  const { read, texts: files } = referencedFiles(before);
  let shortage: unknown = null;
  const readFile = (path: string) => {
    try {
      return read(path);
    } catch (cause) {
      if (shortageOf(cause) !== null) shortage = cause;
      throw cause;
    }
  };
  const included = includedFiles(readIncluded);
  const loaded = readConfig(readText(file), { file, env, readFile, language, unset, included });
  const includes = included.followed();
  // Not a problem of the file, though one of its secrets could not be read.
  if (shortage !== null) throw toReportError(shortage);
  if (loaded.config === null) return { ...loaded, files, includes };
  // A relative store belongs to the file, not to where a command happens to be run: one file, one ledger.
  const store = { ...loaded.config.store, directory: resolve(dirname(file), loaded.config.store.directory) };
  const config = { ...loaded.config, store };
  return { config, problems: [...loaded.problems, ...connectionProblems(config, env)], files, includes };
}

/** Where the ledger is, if a file that is broken otherwise still says so; else null. */
export function readStore(file: string, env: Env): AppConfig["store"] | null {
  const readFile = (path: string) => readFileSync(path, "utf8");
  const store = loneStore(readText(file), { env, readFile });
  return store === null ? null : { ...store, directory: resolve(dirname(file), store.directory) };
}

/** Larger ones are refused by the reader, and need not be read for that. */
const INCLUDED_BYTES_MAX = 40_000_000;

/** A pipe or a device may have no end. */
function readIncluded(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory() || (stat.isFile() && stat.size <= INCLUDED_BYTES_MAX))
    return readText(file);
  const what = stat.isFile() ? `has ${bytes(stat.size)}` : "is not a file";
  throw new ReportError(`${file} ${what}.`, { code: "config", advice: "Include files of YAML." });
}

function readText(file: string): string {
  try {
    // Fatal: a title in Latin-1 must not arrive as "Zo\uFFFD". A byte order mark is dropped.
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    if (shortageOf(cause) !== null) throw toReportError(cause);
    const [message, advice] = unreadable(file, cause);
    throw new ReportError(message, { code: "config", advice, cause });
  }
}

function unreadable(file: string, cause: unknown): readonly [message: string, advice: string] {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const elsewhere = "Run lookpost in the folder of your reports.yaml, or name the file.";
  if (code === "ENOENT") return [`There is no file ${file}.`, elsewhere];
  if (code === "EISDIR") return [`${file} is a folder.`, elsewhere];
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return [`${file} is not in UTF-8.`, "Save it as UTF-8."];
  return [`${file} cannot be read: ${code}.`, "Check the file's permissions, also those of its folder."];
}

/** One address, or several with commas between them. A comma in a quoted name is part of the name. */
function readAddresses(text: string, schema: Schema<unknown>) {
  const one = schema.safeParse(text);
  const parts = text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (one.success || parts.length < 2) return one;
  return (
    parts.map((part) => schema.safeParse(part)).find(({ success }) => !success) ?? schema.safeParse(parts)
  );
}

/**
 * The destination of a trial (`run --to`): the address, or addresses, that a person wrote on the command line, with the words of the report's own
 * destination of that kind. Throws ReportError `config`.
 */
export function readTrial(text: string, { deliver }: Report, { connections }: AppConfig): Chosen {
  const { kind, trial, problems } = trialDestination();
  const connection = connections[kind];
  if (connection === undefined) throw unconnected(kind);
  const read = readAddresses(text, optionsSchema(kind));
  if (!read.success)
    throw new ReportError(read.error.issues[0]?.message ?? `"${text}" is not an address.`, {
      code: "config",
    });
  const [problem] = problems?.(read.data, connection) ?? [];
  if (problem !== undefined)
    throw new ReportError(`${problem.message}.`, { code: "config", advice: problem.advice });
  const own = deliver.find(({ destination }) => destination.kind === kind)?.destination.options ?? null;
  return { kind, options: trial(read.data, own) };
}
