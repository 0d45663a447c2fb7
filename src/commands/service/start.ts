import { loadAll } from "../../core/later.ts";
import type { ConfigOption } from "../context.ts";
import { DONE, type Io } from "../io.ts";
import { firstRead } from "./first-read.ts";

export interface StartOptions extends ConfigOption {
  readonly graceSeconds: number;
}

/** `lookpost start`: the service. Reads the file while the service's own code is loaded, so that it is up sooner. */
export async function startCommand({ config: file, graceSeconds }: StartOptions, io: Io): Promise<number> {
  const [read, { serve }] = await Promise.all([firstRead(file, io), import("./serve.ts")]);
  if (read === null) return DONE;
  // From here on nothing is read from the installation: it may be replaced by an upgrade while this process runs.
  await loadAll();
  await serve(read, graceSeconds * 1000, io);
  return DONE;
}
