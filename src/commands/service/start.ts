import type { ReadReports } from "../../app/reports-file.ts";
import { readReportsApart, stampOf } from "../../app/reports-reader.ts";
import { toReportError } from "../../core/error.ts";
import { loadAll } from "../../core/later.ts";
import type { ConfigOption } from "../context.ts";
import { DONE, type Io } from "../io.ts";

export interface StartOptions extends ConfigOption {
  readonly graceSeconds: number;
}

/** `lookpost start`: the service. Reads the file while the service's own code is loaded, so that it is up sooner. */
export async function startCommand({ config: file, graceSeconds }: StartOptions, io: Io): Promise<number> {
  // Before the file is read: what changes from here on is a change.
  const stamp = await stampOf(file);
  const [read, { serve }] = await Promise.all([firstRead(file, io), import("./serve.ts")]);
  if (read === null) return DONE;
  // From here on nothing is read from the installation: it may be replaced by an upgrade while this process runs.
  await loadAll();
  await serve({ ...read, stamp }, graceSeconds * 1000, io);
  return DONE;
}

const TRIES_MAX = 3;
const WAIT_MS = 1_000;

/**
 * What passes is waited for, though not for long: who starts a service looks at how that goes. Null where the service is
 * stopped meanwhile: the process that reads has been ended for it, which is no failure.
 */
async function firstRead(file: string, { env, stop }: Io): Promise<ReadReports | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await readReportsApart(file, env, { stop });
    } catch (thrown) {
      if (stop.aborted) return null;
      if (!toReportError(thrown).retryable || tries >= TRIES_MAX) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}
