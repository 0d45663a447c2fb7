import type { z } from "zod";
import type { Artifact } from "./artifact.ts";
import type { Progress } from "./event.ts";
import type { Message } from "./message.ts";
import type { Outcome } from "./outcome.ts";
import type { Result } from "./result.ts";
import type { Spool } from "./spool.ts";

/** Reads what stands under an adapter's word in the YAML; its input side also makes the JSON Schema. */
export type Schema<O> = z.ZodType<O>;

/** Brings data: a Look, a query. */
export interface Source<O> {
  readonly kind: string;
  /** What is asked for, in a few words: "Look 42", "faa/flights". */
  describe(options: O): string;
  /** Throws ReportError: `not_found`, `invalid_query`, `database`, `timeout`, … */
  run(options: O, request: SourceRequest, context: SourceContext): Promise<Result>;
  /** What can be known without running it: that the content exists, that its fields do. Never throws for a bad report. */
  check(options: O, request: SourceRequest, signal: AbortSignal): Promise<readonly Finding[]>;
}

/** What the section asks for beyond the content itself. */
export interface SourceRequest {
  readonly filters: Readonly<Record<string, string>>;
  readonly limit: number | null;
  /** How the attached files want a large result, which is fetched once: as rendered, raw, or (which cannot be had) both ways. */
  readonly csv: "formatted" | "raw" | "both";
}

export interface SourceContext {
  readonly spool: Spool;
  /** Prefix for file names in the spool: unique within the run. */
  readonly prefix: string;
  /** Rows of a large result to keep for showing. */
  readonly headRowsMax: number;
  /** Aborts at the report's timeout and at shutdown; its reason is the ReportError to end with. */
  readonly signal: AbortSignal;
  /** How long the same section took last time, in milliseconds: when the first poll is worth making. */
  readonly expectedMs: number | null;
  progress(progress: Progress): void;
  readonly tasks: SharedTasks;
}

/**
 * The query tasks of one tick, as the ledger keeps them: a worker that takes a run over polls the task that stands, and
 * sections of several reports that ask for the same thing share one.
 */
export interface SharedTasks {
  /**
   * `query` says all that the result depends on (query id, format, …). Resolves with the task that stands, or null: the caller
   * creates one and says so with `created`; others wait for it meanwhile.
   */
  find(query: string, signal: AbortSignal): Promise<{ readonly taskId: string; readonly since: Date } | null>;
  /** A task stands at Looker: kept before its first poll. */
  created(query: string, taskId: string): Promise<void>;
  /** It was not created, or is of no use (any more): whoever asks next creates another. */
  drop(query: string, taskId: string | null): Promise<void>;
}

/** Makes a file for recipients. */
export interface Format<O> {
  readonly kind: string;
  render(input: FormatInput, options: O): Promise<Artifact>;
}

export interface FormatInput {
  readonly result: Result;
  /** File name without extension that the pipeline proposes, unique within the message. */
  readonly stem: string;
  readonly spool: Spool;
  readonly signal: AbortSignal;
}

/** Takes a message out of the house. One verb; knows nothing of runs. */
export interface Destination<O> {
  readonly kind: string;
  /** Who gets it, in a few words: "ops@example.com", "#flight-ops". With `kind` it names the delivery in the ledger. */
  describe(options: O): string;
  /** Largest sum of attachments, in bytes before any encoding; null: no limit of its own. */
  readonly attachmentBytesMax: number | null;
  /** Never throws for what the other side did: that is an Outcome. */
  deliver(message: Message, options: O, sending: Sending): Promise<Outcome>;
  /**
   * How long after an attempt began its message may still turn up outside, in milliseconds: one that is not found is looked up
   * once more after that before it is sent again. Absent: what is there is there at once.
   */
  readonly lateArrivalMs?: number;
  /**
   * Looks up whether a message whose delivery ended uncertainly has arrived since, and mends what is missing of it: its external
   * id, or null where it is surely absent. Throws ReportError where that cannot be known now; `retryable` says whether later.
   */
  find?(message: Message, since: Date, options: O, sending: Sending): Promise<string | null>;
  /** Whether the connection works at all: that the server answers and takes the credentials. */
  checkConnection?(signal: AbortSignal): Promise<readonly Finding[]>;
  /** What can be known without sending over a connection that works: that the channel exists. */
  check?(options: O, signal: AbortSignal): Promise<readonly Finding[]>;
}

/** One attempt at a delivery. */
export interface Sending {
  readonly signal: AbortSignal;
  /**
   * Throws ReportError `cancelled` where this process may have lost its right to the delivery: it was stopped for a while, and
   * another may have made it meanwhile.
   */
  confirm(): void;
  /**
   * To be awaited right before what makes the message arrive: the ledger keeps that from now on it may have. A process that is
   * killed before leaves nothing uncertain. Rejects with ReportError `cancelled` as `confirm` does, and where the ledger does not
   * answer.
   */
  commit(): Promise<void>;
  /** Only these of the recipients, where the others have been served; null: all. */
  readonly only: readonly string[] | null;
}

/** Something a person should mend. `path` leads from the adapter's place in the YAML to the value at fault. */
export interface Finding {
  readonly message: string;
  readonly advice: string;
  readonly path: readonly (string | number)[];
}
