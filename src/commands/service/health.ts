import { type ConfigOption, withApp } from "../context.ts";
import { serviceOf, silenceWords } from "../history/system-status.ts";
import { DONE, FAILED, type Io } from "../io.ts";
import { ledgerConfig } from "../reports.ts";

/**
 * `lookpost health`: whether a service on this store is alive, for a container's HEALTHCHECK. It asks the ledger and not the
 * service's own server: that needs no port, and a service whose beats do not arrive is of no use, whatever it answers.
 */
export async function healthCommand(options: ConfigOption, io: Io): Promise<number> {
  const config = ledgerConfig(options.config, io);
  return withApp(config, io, async (app) => {
    const { ledger, name } = await app.reader();
    const service = await serviceOf(ledger, new Date());
    if (!service.isAlive) io.err.write(`${silenceWords(service.silentMs)} Its ledger: ${name}\n`);
    else io.out.write(`The service is alive. Its ledger: ${name}\n`);
    return service.isAlive ? DONE : FAILED;
  });
}
