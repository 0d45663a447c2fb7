import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the ports that systems hand out where any will do (from 32768 on Linux, from 49152 elsewhere): a server that stops
 * on such a port finds it free when it starts again, whatever other tests do meanwhile.
 */
const FIRST = 20_000;
const LAST = 32_000;

export async function keptPort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
