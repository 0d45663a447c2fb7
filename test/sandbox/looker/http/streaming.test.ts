import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { chunked, send } from "../../../../src/sandbox/looker/http/reply.ts";
import { startWithClient } from "../client.ts";

const megabyte = 1_000_000;
const chunksAll = 150;
/** What the two sockets of a connection may hold between them, generously. */
const chunksInFlightMax = 60;

test("a slow reader makes the sender pause, and then gets everything", async () => {
  let made = 0;
  function* chunks() {
    for (; made < chunksAll; made += 1) yield "x".repeat(megabyte);
  }
  const server = createServer((_request, response) => send(chunked("text/csv", chunks()), response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve) => get({ port, host: "127.0.0.1" }, resolve));
  response.pause();
  const paused = await settledCount(() => made);
  expect(paused).toBeLessThan(chunksInFlightMax);
  let bytes = 0;
  for await (const chunk of response) bytes += chunk.length;
  expect([made, bytes]).toEqual([chunksAll, chunksAll * megabyte]);
  server.close();
});

test("a reader that goes away stops the making of chunks", async () => {
  let ended = false;
  let made = 0;
  function* chunks() {
    try {
      for (; made < chunksAll; made += 1) yield "x".repeat(megabyte);
    } finally {
      ended = true;
    }
  }
  const failures: unknown[] = [];
  const server = createServer((_request, response) => {
    send(chunked("text/csv", chunks()), response).catch((error) => failures.push(error.code));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve) => get({ port, host: "127.0.0.1" }, resolve));
  response.once("error", () => {});
  response.destroy();
  await expect.poll(() => [ended, failures]).toEqual([true, ["ERR_STREAM_PREMATURE_CLOSE"]]);
  expect(made).toBeLessThan(chunksAll);
  server.close();
});

test("a result of any size streams, as many rows as were asked for", async () => {
  await using client = await startWithClient();
  const { query } = await client.getJson("/looks/80");
  const fields = ["generated.id", "generated.name"];
  const made = await client.post("/queries", { ...query, fields, filters: { "generated.rows": "1000000" } });
  const { id: query_id } = await made.json();
  const task = await client.post("/query_tasks?limit=-1", { query_id, result_format: "csv" });
  const { id } = await task.json();
  await client.statuses(id);
  const results = await client.get(`/query_tasks/${id}/results`);
  expect(results.headers.get("transfer-encoding")).toBe("chunked");
  let lines = 0;
  let bytes = 0;
  for await (const chunk of results.body!) {
    for (const byte of chunk) if (byte === 10) lines += 1;
    bytes += chunk.length;
  }
  expect(lines).toBe(1_000_001);
  expect(bytes).toBeGreaterThan(10 * megabyte);
});

test("other calls are answered while a large result is being sent", async () => {
  await using client = await startWithClient({ queryMs: 0 });
  const { query } = await client.getJson("/looks/80");
  const body = { ...query, filters: { "generated.rows": "2000000" } };
  const large = await client.post("/queries/run/csv", body);
  expect((await client.get("/user")).status).toBe(200);
  await large.body!.cancel();
});

/** The count once it has stood still for a while. */
async function settledCount(count: () => number): Promise<number> {
  for (;;) {
    const before = count();
    await delay(300);
    if (count() === before && before > 0) return before;
  }
}
