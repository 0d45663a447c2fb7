import { duration } from "../core/quantity.ts";
import { type ConfigOption, DONE, FAILED, type Io, usableConfig, withApp } from "./context.ts";

/** Three beats missed: more than a slow disk. */
const SILENT_MS_MAX = 30_000;

/** `lookpost health`: whether the service on this store is alive, for a container's HEALTHCHECK. */
export async function healthCommand(options: ConfigOption, io: Io): Promise<number> {
  const config = usableConfig(options.config, io);
  return withApp(config, io, async (app) => {
    const beat = await (await app.ledger()).lastBeat();
    const silentMs = beat === null ? null : Date.now() - beat.getTime();
    if (silentMs !== null && silentMs <= SILENT_MS_MAX) {
      io.out.write(`alive ${duration(Math.max(0, silentMs))} ago\n`);
      return DONE;
    }
    io.err.write(
      silentMs === null
        ? "No service is running on this store.\n"
        : `The service has been silent for ${duration(silentMs)}.\n`,
    );
    return FAILED;
  });
}
