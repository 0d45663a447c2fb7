import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { whenFinished } from "./journey.ts";

/** A watcher as healthchecks.io is one; `pings` are the calls it had: "GET /ping/ID", "POST /ping/ID/fail: what is wrong". */
export async function healthchecks(): Promise<{ readonly url: string; readonly pings: readonly string[] }> {
  const pings: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    pings.push(`${request.method} ${request.url}${body === "" ? "" : `: ${body}`}`);
    response.end("OK");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  whenFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pings };
}
