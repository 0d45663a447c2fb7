import { readReportsApart } from "../../app/reports-reader.ts";
import type { Io } from "../io.ts";
import { stampOf } from "./file-stamp.ts";
import type { StartOptions } from "./start.ts";

/** `lookpost start`: reads the file while the service's own code is loaded, so that it is up sooner. */
export async function launchCommand(options: StartOptions, io: Io): Promise<number> {
  // Before the file is read: what changes from here on is a change.
  const stamp = await stampOf(options.config);
  const [read, { startCommand }] = await Promise.all([
    readReportsApart(options.config, io.env),
    import("./start.ts"),
  ]);
  return startCommand({ ...read, stamp }, options, io);
}
