import { request } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import {
  type HealthServer,
  type Readiness,
  type ServerOptions,
  startServer,
} from "../../src/server/server.ts";

const READY: Readiness = {
  ready: true,
  checks: { ledger: { ok: true }, schedule: { ok: true }, config: { ok: true } },
};

async function serving(options: Partial<ServerOptions> = {}): Promise<HealthServer> {
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    health: () => ({ status: "ok" }),
    ready: () => READY,
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

test("healthz says ok while the process answers, whether it is ready or not", async () => {
  const { url } = await serving({ ready: () => ({ ...READY, ready: false }) });
  const response = await fetch(`${url}/healthz`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toEqual({ status: "ok" });
});

test("readyz is 200 when all is well and 503 with what is wrong when not", async () => {
  let state = READY;
  const { url } = await serving({ ready: async () => state });
  const well = await fetch(`${url}/readyz?probe=1`);
  expect([well.status, await well.json()]).toEqual([200, READY]);
  const ledger = { ok: false, message: "Postgres does not answer." };
  state = { ready: false, checks: { ...READY.checks, ledger } };
  const ill = await fetch(`${url}/readyz`);
  expect([ill.status, await ill.json()]).toEqual([503, state]);
});

test("a check that throws is logged, and the answer is 503 without its message", async () => {
  const heard: unknown[] = [];
  const failure = new Error("password authentication failed for postgres://u:hunter2@db");
  const ready = () => Promise.reject(failure);
  const { url } = await serving({ ready, trouble: (thrown) => heard.push(thrown) });
  const response = await fetch(`${url}/readyz`);
  expect(response.status).toBe(503);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ ready: false, checks: { worker: { ok: false } } });
  expect(text).not.toContain("hunter2");
  expect(heard).toEqual([failure]);
});

test("HEAD is answered as GET, without a body", async () => {
  const { url } = await serving();
  const get = await fetch(`${url}/readyz`);
  const head = await fetch(`${url}/readyz`, { method: "HEAD" });
  expect(head.status).toBe(200);
  expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
  expect(await head.text()).toBe("");
});

test.each(["/", "/healthz/", "/readyz/../etc/passwd", "/metrics", "//healthz"])(
  "%s is not found",
  async (path) => {
    const { url } = await serving();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(url, { path }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(404);
  },
);

test.each(["POST", "PUT", "DELETE", "OPTIONS"])(
  "%s is not allowed, and the answer says what is",
  async (method) => {
    const { url } = await serving();
    const response = await fetch(`${url}/healthz`, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  },
);

test("headers without measure are refused and the server goes on", async () => {
  const { url } = await serving();
  const large = await fetch(`${url}/healthz`, { headers: { "x-large": "x".repeat(10_000) } });
  expect(large.status).toBe(431);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test("a port that is taken is told with what to do", async () => {
  const { url } = await serving();
  const port = Number(new URL(url).port);
  await expect(serving({ port })).rejects.toMatchObject({
    name: "ReportError",
    code: "local",
    message: `The server for /healthz and /readyz cannot listen: port ${port} of 127.0.0.1 is taken.`,
    advice: expect.stringContaining("another port"),
  });
});

test("a host that is not of this machine is told with what to do", async () => {
  // TEST-NET-1 of RFC 5737: nobody's.
  await expect(serving({ host: "192.0.2.1" })).rejects.toMatchObject({
    code: "local",
    message: expect.stringContaining("192.0.2.1 is not an address of this machine"),
  });
});

test("an IPv6 address stands in brackets", async () => {
  const { url } = await serving({ host: "::1" });
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test("it closes though a client holds its connection open", async () => {
  const server = await serving();
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined);
  await server.close();
  await closed;
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
});

test("160 connections that ask nothing leave a probe its answer", async () => {
  const { url } = await serving();
  const { port } = new URL(url);
  for (let count = 0; count < 160; count += 1) {
    const socket = connect(Number(port), "127.0.0.1").on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    socket.write("GET /healthz HTTP/1.1\r\nhost: a\r\n");
  }
  const response = await fetch(`${url}/healthz`);
  expect(response.status).toBe(200);
});
