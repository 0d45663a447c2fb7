import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the ports that systems hand out where any will do (from 32768 on Linux, from 49152 elsewhere): a server that stops
 * on such a port finds it free when it starts again, whatever other tests do meanwhile.
 */
const FIRST = 20_000;
const LAST = 32_000;

/** Test files run in processes of their own, each of which takes its ports from another part. */
const PARTS = 8;
const EACH = (LAST - FIRST) / PARTS;
const PART = Number(process.env.VITEST_POOL_ID ?? 0) % PARTS;

/** Free when they were looked at, which does not say that those who asked for them listen there yet. */
const given = new Set<number>();

export async function keptPort(): Promise<number> {
  for (;;) {
    const port = FIRST + PART * EACH + randomInt(EACH);
    if (given.has(port)) continue;
    given.add(port);
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
