import type { ChildProcess } from "node:child_process";
import { stat } from "node:fs/promises";
import { unlocated } from "../config/problems/problem.ts";
import { type ErrorCode, ReportError } from "../core/error.ts";
import type { AppConfig, Env } from "./config.ts";
import type { FollowedIncludes } from "./included-files.ts";
import { reportsProgram } from "./programs.ts";
import type { FileTexts } from "./referenced-files.ts";
import type { ReadReports } from "./reports-file.ts";

/** What the process is asked for. */
export interface ReadRequest {
  readonly file: string;
  readonly env: Env;
  /** What the files that it refers to held, for those that are missing or empty now. */
  readonly before: FileTexts;
}

/** What it answers. Functions cannot leave it, and errors would lose their fields on the way. */
export type ReadReply =
  | {
      readonly kind: "read";
      readonly config: Omit<AppConfig, "locate"> | null;
      readonly problems: ReadReports["problems"];
      readonly files: FileTexts;
      readonly includes: FollowedIncludes;
    }
  | {
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly advice: string | null;
      readonly retryable: boolean;
    };

/** 10,000 reports take 4 s on a small machine. */
const READ_MS_MAX = 120_000;

/**
 * Reads and checks a reports.yaml in a process of its own, which ends with it. What that takes (a YAML parser, schemas, and for
 * 10,000 reports some seconds) never is in the service's memory, and its beats and ticks do not wait. The configuration locates
 * nothing. Rejects with ReportError: `config` when there is no such file, `local` (retryable) where the process itself fails or is stopped.
 */
export async function readReportsApart(
  file: string,
  env: Env,
  { stop, before = {} }: { readonly stop?: AbortSignal; readonly before?: FileTexts } = {},
): Promise<ReadReports> {
  const reading = await ask({ file, env, before }, stop);
  if (reading.kind === "failed") {
    const { code, message, advice, retryable } = reading;
    throw new ReportError(message, { code, advice, retryable });
  }
  const { config, problems, files, includes } = reading;
  return {
    config: config && { ...config, locate: (problem) => unlocated(problem, file) },
    problems,
    files,
    includes,
  };
}

async function ask(order: ReadRequest, stop: AbortSignal | undefined): Promise<ReadReply> {
  // What the file may refer to is sent: a process's environment can be read by others of its user.
  const child = await reportsProgram.start({ env: { TZ: process.env.TZ } });
  const end = () => void child.kill("SIGKILL");
  const timer = setTimeout(end, READ_MS_MAX);
  stop?.addEventListener("abort", end);
  if (stop?.aborted) end();
  try {
    return await answered(child, order);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener("abort", end);
  }
}

function answered(child: ChildProcess, order: ReadRequest): Promise<ReadReply> {
  return new Promise((resolve, reject) => {
    const failed = (why: string, cause?: unknown) =>
      reject(
        new ReportError(`${order.file} could not be read: ${why}.`, {
          code: "local",
          advice: "Check whether the machine has free memory; `lookpost check` reads the file too.",
          retryable: true,
          cause,
        }),
      );
    let reading: ReadReply | null = null;
    child.once("message", (said) => {
      reading = said as ReadReply;
    });
    child.on("error", (cause) => failed(`its process failed (${cause.message})`, cause));
    child.once("close", (code, signal) =>
      reading === null ? failed(`its process ended with ${signal ?? code}`) : resolve(reading),
    );
    // If it has already ended, that is reported above.
    child.send(order, () => undefined);
  });
}

/** What tells one state of a file from another, by the file system alone; "" while there is no such file. */
export async function stampOf(file: string): Promise<string> {
  return stat(file).then(
    ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
    () => "",
  );
}
