import { stat } from "node:fs/promises";
import type { ReadReports } from "../../app/reports-file.ts";
import { readReportsApart, stampOf } from "../../app/reports-reader.ts";
import { toReportError } from "../../core/error.ts";
import type { Io } from "../io.ts";

/** What was read of the file, and the stamp it had before: what changes from then on is a change. */
export type FirstRead = ReadReports & { readonly stamp: string };

const TRIES_MAX = 3;
const WAIT_MS = 1_000;
/** A file that was written so shortly before may still be being written. */
const YOUNG_MS = 2_000;

/**
 * Reads reports.yaml for the start. What passes is waited for, though not for long: who starts a service looks at how that goes. A file that is broken and
 * was only just written is read again: an editor or a copy that writes in place leaves half of it there for a moment, and a start at that
 * moment must not fail for good. Null where the service is stopped meanwhile: the process that reads has been ended for it, which is no failure.
 */
export async function firstRead(
  file: string,
  { env, stop }: Pick<Io, "env" | "stop">,
  wait: () => Promise<unknown> = () => new Promise((resolve) => setTimeout(resolve, WAIT_MS)),
): Promise<FirstRead | null> {
  for (let tries = 1; ; tries += 1) {
    const stamp = await stampOf(file);
    const isYoung = Math.abs(Date.now() - (await writtenAtMs(file))) < YOUNG_MS;
    const isLast = tries === TRIES_MAX;
    const mayBeHalf = async () => !isLast && (isYoung || (await stampOf(file)) !== stamp);
    try {
      const read = await readReportsApart(file, env, { stop });
      const isWhole = read.config !== null && read.problems.length === 0;
      if (isWhole || !(await mayBeHalf())) return { ...read, stamp };
    } catch (thrown) {
      if (stop.aborted) return null;
      const { code, retryable } = toReportError(thrown);
      if (isLast || !(retryable || (code === "config" && (await mayBeHalf())))) throw thrown;
    }
    await wait();
  }
}

/** Negative infinity where there is no such file. */
function writtenAtMs(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
}
