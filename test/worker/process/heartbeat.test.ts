import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import { type HeartbeatOptions, startHeartbeat } from "../../../src/worker/process/heartbeat.ts";

/** A clock whose sleepers wake when the test says so. */
function steppedClock() {
  const sleeps: { ms: number; wake: () => void }[] = [];
  let arrived: (() => void) | null = null;
  const clock: Clock = {
    now: () => new Date(0),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        sleeps.push({ ms, wake: resolve });
        arrived?.();
      }),
  };
  return {
    clock,
    /** Resolves when a ping is over and the next is waited for: with how long. */
    async rest(): Promise<number> {
      if (sleeps.length === 0)
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      return sleeps[0]?.ms ?? 0;
    },
    wake: () => sleeps.shift()?.wake(),
  };
}

/** A watcher: what it was sent, and what it answers. */
async function watcher(listener?: RequestListener) {
  const pings: { line: string; body: string; authorization: string | undefined }[] = [];
  const answer = { status: 200 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { authorization } = request.headers;
      pings.push({ line: `${request.method} ${request.url}`, body, authorization });
      if (listener !== undefined) return listener(request, response);
      response.writeHead(answer.status, { location: "/elsewhere" }).end("OK");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stopServer = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(stopServer);
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, pings, answer, stopServer };
}

function beating(url: string, options: Partial<HeartbeatOptions> = {}) {
  const stepped = steppedClock();
  const troubles: ReportError[] = [];
  const heartbeat = startHeartbeat({
    url,
    clock: stepped.clock,
    well: async () => null,
    trouble: (thrown) => troubles.push(thrown as ReportError),
    ...options,
  });
  onTestFinished(() => heartbeat.stop());
  return { ...stepped, troubles, heartbeat };
}

test("it pings at once and then every minute while the worker is well", async () => {
  const { host, pings } = await watcher();
  const { rest, wake } = beating(`http://${host}/ping/secret-path`);
  expect(await rest()).toBe(60_000);
  wake();
  await rest();
  expect(pings.map(({ line }) => line)).toEqual(["GET /ping/secret-path", "GET /ping/secret-path"]);
});

test("it tells the watcher what is wrong while the worker is not well, and pings again when it is", async () => {
  const { host, pings } = await watcher();
  const words: (string | null)[] = ["The scheduler has not run for 5 min.", null];
  const { rest, wake } = beating(`http://${host}/ping/secret-path/?create=1`, {
    well: async () => words.shift() ?? null,
  });
  await rest();
  wake();
  await rest();
  expect(pings).toMatchObject([
    { line: "POST /ping/secret-path/fail?create=1", body: "The scheduler has not run for 5 min." },
    { line: "GET /ping/secret-path?create=1", body: "" },
  ]);
});

test("a check that fails or hangs is a worker that is not well", async () => {
  const { host, pings } = await watcher();
  const checks = [
    () => Promise.reject(new ReportError("The ledger cannot be read.", { code: "local" })),
    () => Promise.reject(new Error("inner words")),
    () => new Promise<null>(() => undefined),
  ];
  const { rest, wake } = beating(`http://${host}/x`, {
    waitMaxMs: 50,
    well: () => checks.shift()?.() ?? Promise.resolve(null),
  });
  for (let count = 0; count < 3; count += 1) {
    await rest();
    wake();
  }
  await rest();
  expect(pings.map(({ line, body }) => `${line} ${body}`)).toEqual([
    "POST /x/fail The ledger cannot be read.",
    "POST /x/fail Whether the worker is well could not be checked.",
    "POST /x/fail Whether the worker is well could not be checked in time.",
    "GET /x ",
  ]);
});

test("an outage of the watcher is told once, and the next one again; the path is in no text", async () => {
  const { host, answer } = await watcher();
  const { rest, wake, troubles } = beating(`http://${host}/secret-path`);
  for (const status of [200, 404, 500, 302, 200, 503]) {
    answer.status = status;
    // Set before the ping that is to see it is made.
    await rest();
    wake();
  }
  await rest();
  expect(troubles.map(({ message }) => message)).toEqual([
    `The heartbeat did not arrive: ${host} answers 404.`,
    `The heartbeat did not arrive: ${host} answers 503.`,
  ]);
  expect(troubles[0]).toMatchObject({ code: "unavailable", advice: expect.stringContaining("address") });
  expect(JSON.stringify(troubles)).not.toContain("secret-path");
});

test("a redirect is not followed", async () => {
  const { host, pings, answer } = await watcher();
  answer.status = 301;
  const { rest, troubles } = beating(`http://${host}/secret-path`);
  await rest();
  expect(pings).toHaveLength(1);
  expect(troubles).toHaveLength(1);
});

test("a watcher that is gone or does not answer is told and tried again", async () => {
  const { host, stopServer, pings } = await watcher(() => undefined);
  const { rest, wake, troubles } = beating(`http://${host}/secret-path`, { waitMaxMs: 50 });
  await rest();
  expect(pings).toHaveLength(1);
  expect(troubles[0]?.message).toBe(`The heartbeat did not arrive: ${host} does not answer in time.`);
  stopServer();
  const gone = beating(`http://${host}/secret-path`);
  await gone.rest();
  expect(gone.troubles[0]?.message).toBe(
    `The heartbeat did not arrive: ${host} is not reached (ECONNREFUSED).`,
  );
  wake();
  await rest();
  expect(troubles).toHaveLength(1);
});

test("credentials within the address are sent as such, and never told", async () => {
  const { host, pings, answer } = await watcher();
  answer.status = 401;
  const { rest, troubles } = beating(`http://user:hunter2%25@${host}/x`);
  await rest();
  expect(pings[0]?.authorization).toBe(`Basic ${btoa("user:hunter2%")}`);
  expect(JSON.stringify(troubles)).not.toContain("hunter2");
});

test.each(["", "nonsense", "ftp://example.com/x"])("%j is told as no address, once", async (url) => {
  const { rest, wake, troubles } = beating(url);
  await rest();
  wake();
  await rest();
  expect(troubles.map(({ message }) => message)).toEqual([
    "The heartbeat did not arrive: its address is not an http(s) URL.",
  ]);
});

test("once stopped it pings no more, and reports no trouble of a ping under way", async () => {
  let asked: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { host, pings } = await watcher(() => asked());
  const { heartbeat, troubles, wake } = beating(`http://${host}/x`);
  await reached;
  heartbeat.stop();
  wake();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(pings).toHaveLength(1);
  expect(troubles).toEqual([]);
});
