import type { z } from "zod";
import type { Artifact } from "../model/artifact.ts";
import type { Progress } from "../model/event.ts";
import type { Message } from "../model/message.ts";
import type { Problem } from "../model/problem.ts";
import type { Chosen } from "../model/report.ts";
import type { Result } from "../model/result.ts";
import type { CsvForm, CsvOnTheWay } from "./csv-on-the-way.ts";
import type { Spool, SpoolFile } from "./spool.ts";

/** Reads what stands under an adapter's word in the YAML; its input side also makes the JSON Schema. */
export type Schema<O> = z.ZodType<O>;

/** Brings data: a Look, a query. */
export interface Source<O> {
  readonly kind: string;
  /** What is asked for, in a few words: "Look 42", "faa/flights". */
  describe(options: O): string;
  /** Throws ReportError: `not_found`, `invalid_query`, `database`, `timeout`, … */
  run(options: O, request: SourceRequest, context: SourceContext): Promise<Result>;
  /**
   * A content of several parts (a dashboard) taken apart: each is run as a section of its own. A source that has it is never `run`
   * itself. Throws ReportError as `run` does.
   */
  expand?(options: O, request: SourceRequest, signal: AbortSignal): Promise<readonly ContentPart[]>;
  /**
   * The content as Looker draws it. Throws ReportError `config` for a format that it cannot be drawn in, `timeout` where it did
   * not end within `maxMs`.
   */
  draw?(options: O, request: SourceRequest, order: DrawOrder, context: SourceContext): Promise<DrawnFile>;
  /** What can be known without running it: that the content exists, that its fields do. Paths begin below its word. Never throws for a bad report. */
  check(options: O, request: SourceRequest, signal: AbortSignal): Promise<readonly Problem[]>;
}

/** What the section asks for beyond the content itself. */
export interface SourceRequest {
  readonly filters: Readonly<Record<string, string>>;
  readonly limit: number | null;
  /** How the files made of it want a large result: as rendered, raw, or both ways. */
  readonly csv: CsvForm | "both";
  /** What the files make of the whole of a large result. Absent: they read each of those forms as it came. */
  readonly whole?: WholeCsv;
  /** Whether `Result.presentation` is wanted. Absent: it is not. */
  readonly asInLooker?: boolean;
  /** Fields that the section names beside its content, for `check`: each has to be one of the result's. Absent: none. */
  readonly named?: readonly NamedField[];
  /** How Looker is to draw the whole content, for files. Absent: not at all. */
  readonly drawings?: readonly DrawOrder["format"][];
}

/** A form that is in neither is asked for its first rows alone. */
export interface WholeCsv {
  /** The forms that are kept as they come, and read once they are there. */
  readonly kept: readonly CsvForm[];
  readonly onTheWay: readonly CsvOnTheWay[];
}

export interface NamedField {
  readonly field: string;
  /** Where it stands, from the section on: ["chart", "x"]. */
  readonly path: readonly (string | number)[];
}

/** One tile of a dashboard. */
export interface ContentPart {
  readonly title: string | null;
  /** Words of a text tile, CommonMark; null: none. */
  readonly text: string | null;
  /** What to run for it, and the filters that reach it; null: words alone, or it cannot be run. */
  readonly content: { readonly source: Chosen; readonly filters: Readonly<Record<string, string>> } | null;
  /** Why it cannot be run, in a sentence; null: it can, or there is nothing to run. */
  readonly notice: string | null;
}

export interface DrawOrder {
  readonly format: "png" | "pdf";
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly maxMs: number;
}

export interface DrawnFile {
  readonly file: SpoolFile;
  readonly contentType: string;
}

export interface SourceContext {
  readonly spool: Spool;
  /** Prefix for file names in the spool: unique within the run. */
  readonly prefix: string;
  /** Rows of a large result to keep for showing. */
  readonly headRowsMax: number;
  /** The most bytes that a result may have, once unpacked. */
  readonly resultBytesMax: number;
  /** Aborts at the report's timeout and at shutdown; its reason is the ReportError to end with. */
  readonly signal: AbortSignal;
  /** How long the same section took last time, in milliseconds: when the first poll is worth making. */
  readonly expectedMs: number | null;
  progress(progress: Progress): void;
  readonly tasks: SharedTasks;
}

/**
 * The query tasks of one tick, as the ledger keeps them: a worker that takes a run over polls the task that exists, and
 * sections of several reports that ask for the same thing share one.
 */
export interface SharedTasks {
  /**
   * `query` says all that the result depends on (query id, format, …). Resolves with the task that exists, or null: the caller
   * creates one and says so with `created`; others wait for it meanwhile.
   */
  find(query: string, signal: AbortSignal): Promise<{ readonly taskId: string; readonly since: Date } | null>;
  /** A task was created at Looker: kept before its first poll. */
  created(query: string, taskId: string): Promise<void>;
  /** It was not created, or is of no use (any more): the next one to ask creates another. */
  drop(query: string, taskId: string | null): Promise<void>;
}

/** Makes a file for recipients. */
export interface Format<O> {
  readonly kind: string;
  /** "section": a file for each section; "content": one for each content of the report (a dashboard is one); "all": one for all. */
  readonly per: "section" | "content" | "all";
  /** In which form it reads a large result; null: it reads no rows at all. */
  reads(options: O): CsvForm | null;
  /** Writes a large result while that comes in. Absent: it reads what was kept of it. */
  onTheWay?(options: O): CsvOnTheWay;
  /** Whether its file is for programs: it has every column under its own label, whatever Looker's page shows. */
  isWhole(options: O): boolean;
  /** What it has Looker draw of each content; "pdf": of those of several parts alone, the others have none. Absent: nothing. */
  readonly draws?: DrawOrder["format"];
  /** Null where there is nothing to put into such a file: sections of words alone. */
  render(input: FormatInput, options: O): Promise<Artifact | null>;
}

export interface FormatInput {
  /** Those that the file is to hold; of a format per section, one. */
  readonly sections: readonly FormatSection[];
  /** File name without extension that the pipeline proposes, unique within the message. */
  readonly stem: string;
  readonly spool: Spool;
  readonly signal: AbortSignal;
  /** The whole message as its body shows it, for a format that is a page. Its files are not made yet. */
  readonly message: Message;
  /** The content as Looker draws it; throws as `Source.draw`, and ReportError `config` where the source cannot. */
  draw(order: DrawOrder): Promise<DrawnFile>;
  /** Beyond this many bytes the whole is of no use to anybody: `parts` are. */
  readonly bytesMax: number;
}

export interface FormatSection {
  /** Its place in the message. */
  readonly index: number;
  readonly title: string;
  /** Null: it has words alone. */
  readonly result: Result | null;
  /** What its query was filtered by, in sentences and without secrets. */
  readonly filters: readonly string[];
}
