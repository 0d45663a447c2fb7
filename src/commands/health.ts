import { BEAT_MS } from "../core/ledger.ts";
import { duration } from "../core/quantity.ts";
import { type ConfigOption, DONE, FAILED, type Io, usableConfig, withApp } from "./context.ts";

/** More than a slow disk. */
const BEATS_MISSED_MAX = 3;

/** `lookpost health`: whether the service on this store is alive, for a container's HEALTHCHECK. */
export async function healthCommand(options: ConfigOption, io: Io): Promise<number> {
  const config = usableConfig(options.config, io);
  return withApp(config, io, async (app) => {
    const beat = await (await app.ledger()).lastServiceBeat();
    if (beat === null) {
      io.err.write("No service is running on this store.\n");
      return FAILED;
    }
    const silentMs = Math.max(0, Date.now() - beat.getTime());
    if (silentMs > BEATS_MISSED_MAX * BEAT_MS) {
      io.err.write(`The service has given no sign of life for ${duration(silentMs)}.\n`);
      return FAILED;
    }
    io.out.write(`The service is alive: its last sign of life was ${duration(silentMs)} ago.\n`);
    return DONE;
  });
}
