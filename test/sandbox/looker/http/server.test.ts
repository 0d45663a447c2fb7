import { createConnection } from "node:net";
import { expect, test } from "vitest";
import { startSandboxLooker } from "../../../../src/sandbox/looker/index.ts";
import { startWithClient } from "../client.ts";

test("a port that is taken is an error that says so", async () => {
  await using client = await startWithClient();
  const port = Number(new URL(client.looker.url).port);
  await expect(startSandboxLooker({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("it listens on the loopback address alone, and closing it twice is not an error", async () => {
  const client = await startWithClient();
  expect(new URL(client.looker.url).hostname).toBe("127.0.0.1");
  await Promise.all([client.looker.close(), client.looker.close()]);
  await expect(client.get("/user")).rejects.toThrow("fetch failed");
});

test("closing ends running queries and open results at once", async () => {
  const client = await startWithClient({ queryMs: ({ view }) => (view === "generated" ? 0 : 600_000) });
  await client.task("42", "csv");
  const large = await client.get("/looks/80/run/json_detail");
  await client.looker.close();
  await expect(large.text()).rejects.toThrow("terminated");
});

test("a body beyond its limit is refused", async () => {
  await using client = await startWithClient();
  const answer = await client.post("/queries", { model: "x".repeat(4_000_000), view: "flights" });
  expect([answer.status, (await answer.json()).message]).toEqual([
    413,
    "The body is larger than 4000000 bytes",
  ]);
});

test("bytes that are no HTTP do not stop the server", async () => {
  await using client = await startWithClient();
  const { port, hostname } = new URL(client.looker.url);
  const socket = createConnection(Number(port), hostname);
  socket.resume().end("nonsense\r\n\r\n");
  await new Promise((resolve) => socket.once("close", resolve));
  expect((await client.get("/user")).status).toBe(200);
});

test("a base URL with a slash too many meets a page, as at a real Looker", async () => {
  await using client = await startWithClient();
  const answer = await fetch(`${client.looker.url}//api/4.0/user`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "text/html;charset=utf-8"]);
});
