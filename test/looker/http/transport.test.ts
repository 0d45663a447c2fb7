import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createNetServer } from "node:net";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import { failureOf, openedLooker, sendJson, tinyServer } from "../house.ts";

const never = new AbortController().signal;
const look = (looker: ReturnType<typeof openedLooker>, signal = never) =>
  looker.call((sdk, options) => sdk.look("42", "id", options), signal);

test("requests say who asks, and carry the token", async () => {
  const headers: (string | string[] | undefined)[] = [];
  const server = await tinyServer((request, response) => {
    if (!request.url.includes("/looks/")) return;
    headers.push(
      request.headers["x-looker-appid"],
      request.headers["user-agent"],
      request.headers.authorization,
    );
    sendJson(response, { id: "42" });
  });
  expect(await look(openedLooker(server.url))).toEqual({ id: "42" });
  expect(headers).toEqual(["lookpost", "lookpost", "Bearer token-1"]);
});

test("a request that has no answer ends at its own timeout", async () => {
  const server = await tinyServer(() => undefined);
  const error = await failureOf(look(openedLooker(server.url, { requestTimeoutMs: 500 })));
  expect(error).toMatchObject({
    code: "unavailable",
    retryable: true,
    message: expect.stringMatching(/GET \/looks\/42: .* did not answer within 0.5 s/),
  });
});

test("the timeout also covers an answer that stops halfway", async () => {
  const server = await tinyServer((request, response) => {
    if (request.url.includes("/looks/"))
      response.writeHead(200, { "content-type": "application/json" }).write('{"id":');
  });
  const error = await failureOf(look(openedLooker(server.url, { requestTimeoutMs: 500 })));
  expect(error).toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("did not answer within"),
  });
});

test("an abort ends the request at once, with the signal's own reason", async () => {
  const controller = new AbortController();
  const reason = new ReportError("The report's time is up.", { code: "timeout" });
  const server = await tinyServer((request) => {
    if (request.url.includes("/looks/")) controller.abort(reason);
  });
  expect(await failureOf(look(openedLooker(server.url), controller.signal))).toBe(reason);
});

test("an abort while another call's login is under way ends only its own waiting", async () => {
  const controller = new AbortController();
  const reason = new ReportError("Shutdown", { code: "cancelled" });
  let answerLogin = () => {};
  const server = await tinyServer((request, response) => {
    if (request.url.endsWith("/login")) {
      response.writeHead(200, { "content-type": "application/json" });
      answerLogin = () => void response.end(JSON.stringify({ access_token: "t", expires_in: 3600 }));
      controller.abort(reason);
    } else sendJson(response, { id: "42" });
  });
  const looker = openedLooker(server.url);
  const patient = look(looker);
  expect(await failureOf(look(looker, controller.signal))).toBe(reason);
  answerLogin();
  expect(await patient).toEqual({ id: "42" });
});

test("a stream may last longer than a request, but not pause for long", async () => {
  const server = await tinyServer((request, response) => {
    if (!request.url.includes("/results")) return;
    response.writeHead(200, { "content-type": "text/csv" });
    let line = 0;
    const timer = setInterval(() => {
      line += 1;
      if (line <= 6) response.write(`${line}\n`);
      else if (request.url.includes("whole")) response.end();
    }, 400);
    response.once("close", () => clearInterval(timer));
  });
  const looker = openedLooker(server.url, { requestTimeoutMs: 2_000, idleTimeoutMs: 4_000 });
  const read = async (name: string) => {
    const incoming = await looker.download(`/query_tasks/${name}/results`, never);
    let text = "";
    for await (const chunk of incoming.bytes) text += chunk.toString();
    return text;
  };
  expect(await read("whole")).toBe("1\n2\n3\n4\n5\n6\n");
  expect(await failureOf(read("stuck"))).toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("stopped coming in for 4.0 s"),
  });
});

test("time that the reader takes is not a pause of the stream", async () => {
  const server = await tinyServer((request, response) => {
    if (request.url.includes("/results")) response.end("x".repeat(2_000_000));
  });
  const looker = openedLooker(server.url, { idleTimeoutMs: 500 });
  const incoming = await looker.download("/query_tasks/t/results", never);
  let bytes = 0;
  for await (const chunk of incoming.bytes) {
    if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 900));
    bytes += chunk.length;
  }
  expect(bytes).toBe(2_000_000);
});

test("an abort ends a stream that is under way", async () => {
  const controller = new AbortController();
  const reason = new ReportError("Shutdown", { code: "cancelled" });
  const server = await tinyServer((request, response) => {
    if (request.url.includes("/results"))
      response.writeHead(200, { "content-type": "text/csv" }).write("a\n");
  });
  const incoming = await openedLooker(server.url).download("/query_tasks/t/results", controller.signal);
  const reading = (async () => {
    for await (const _ of incoming.bytes) controller.abort(reason);
  })();
  expect(await failureOf(reading)).toBe(reason);
});

test("a connection that drops midway is told from an end", async () => {
  const server = await tinyServer((request, response) => {
    if (!request.url.includes("/results")) return;
    response.writeHead(200, { "content-type": "text/csv", "content-length": "100" });
    response.write("a\n1\n", () => response.socket?.destroy());
  });
  const incoming = await openedLooker(server.url).download("/query_tasks/t/results", never);
  const reading = (async () => {
    for await (const _ of incoming.bytes);
  })();
  expect(await failureOf(reading)).toMatchObject({
    code: "unavailable",
    retryable: true,
    message: expect.stringContaining("closed the connection"),
  });
});

test("a stream's status is looked at before its bytes: an error page is not data", async () => {
  const server = await tinyServer((request, response) => {
    if (request.url.includes("/results"))
      response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not found</h1>");
  });
  const error = await failureOf(openedLooker(server.url).download("/query_tasks/t/results", never));
  expect(error).toMatchObject({ status: 404, message: expect.stringContaining("Not found") });
});

test("a stream that is a web page, although with status 200, is not data either", async () => {
  const server = await tinyServer((request, response) => {
    if (request.url.includes("/results"))
      response.writeHead(200, { "content-type": "text/html" }).end("<title>Log in</title>");
  });
  const error = await failureOf(openedLooker(server.url).download("/query_tasks/t/results", never));
  expect(error).toMatchObject({ code: "config", message: expect.stringContaining("Log in") });
});

test("compressed answers are unpacked, whole and as a stream", async () => {
  const server = await tinyServer((request, response) => {
    if (request.url.endsWith("/login")) return;
    const isLook = request.url.includes("/looks/");
    response.writeHead(200, {
      "content-type": isLook ? "application/json" : "text/csv",
      "content-encoding": "gzip",
    });
    response.end(gzipSync(isLook ? '{"id":"42"}' : "a\n1\n"));
  });
  const looker = openedLooker(server.url);
  expect(await look(looker)).toEqual({ id: "42" });
  const chunks: Buffer[] = [];
  for await (const chunk of (await looker.download("/query_tasks/t/results", never)).bytes)
    chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("a\n1\n");
});

test("JSON that is none is an error, not an empty success", async () => {
  const server = await tinyServer((request, response) => {
    if (request.url.includes("/looks/"))
      response.writeHead(200, { "content-type": "application/json" }).end("{oops");
  });
  expect(await failureOf(look(openedLooker(server.url)))).toMatchObject({ code: "protocol" });
});

test("a redirect is not followed: the login would go elsewhere", async () => {
  const server = await tinyServer((request, response) => {
    if (request.url.includes("/looks/"))
      response.writeHead(301, { location: "https://elsewhere.example/api/4.0/looks/42" }).end();
  });
  expect(await failureOf(look(openedLooker(server.url)))).toMatchObject({
    code: "config",
    advice: expect.stringContaining("https://elsewhere.example"),
  });
});

test("a port where nothing listens, a name no one knows and a server that hangs up are told apart", async () => {
  const closed = createNetServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => closed.once("listening", resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  expect(await failureOf(look(openedLooker(`http://127.0.0.1:${port}`)))).toMatchObject({
    code: "unavailable",
    retryable: true,
    message: expect.stringContaining("ECONNREFUSED"),
    advice: expect.stringContaining("19999"),
  });
  expect(await failureOf(look(openedLooker("http://no-such-host.invalid")))).toMatchObject({
    message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
  });

  const rude = createNetServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  onTestFinished(() => void rude.close());
  await new Promise((resolve) => rude.once("listening", resolve));
  const rudePort = (rude.address() as AddressInfo).port;
  expect(await failureOf(look(openedLooker(`http://127.0.0.1:${rudePort}`)))).toMatchObject({
    retryable: true,
    message: expect.stringContaining("closed the connection"),
  });
  expect(await failureOf(look(openedLooker(`https://127.0.0.1:${rudePort}`)))).toMatchObject({
    code: "unavailable",
  });
});

const tls = (name: string) => path.join(import.meta.dirname, "tls", name);

async function tlsServer(): Promise<string> {
  const credentials = {
    key: readFileSync(tls("localhost.key.pem")),
    cert: readFileSync(tls("localhost.cert.pem")),
  };
  const server = createTlsServer(credentials, (request, response) =>
    sendJson(
      response,
      request.url?.endsWith("/login") ? { access_token: "t", expires_in: 3600 } : { id: "42" },
    ),
  ).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

test("an unknown certificate authority is refused with the way out, and `ca` trusts it for this Looker alone", async () => {
  const url = await tlsServer();
  const error = await failureOf(look(openedLooker(url)));
  expect(error).toMatchObject({
    retryable: false,
    message: expect.stringContaining("not trusted"),
    advice: expect.stringContaining("looker.ca"),
  });
  expect(await look(openedLooker(url, { ca: tls("localhost.cert.pem") }))).toEqual({ id: "42" });
  expect(process.env.NODE_TLS_REJECT_UNAUTHORIZED).toBeUndefined();
  expect(await failureOf(look(openedLooker(url)))).toMatchObject({
    message: expect.stringContaining("not trusted"),
  });
});

test("a file of authorities that cannot be read is named before anything is sent", () => {
  expect(() => openedLooker("https://localhost:1", { ca: "/no/such/ca.pem" })).toThrow(
    expect.objectContaining({ code: "config", message: expect.stringContaining("/no/such/ca.pem") }),
  );
});

test("nothing is printed by Looker's SDK", async () => {
  const server = await tinyServer((request, response) => {
    if (!request.url.endsWith("/login")) sendJson(response, { id: "42" });
  });
  const house = path.join(import.meta.dirname, "../../../src/looker/http/client.ts");
  const script = `
    const { openLooker } = await import(${JSON.stringify(house)});
    const clock = { now: () => new Date(), sleep: async () => {} };
    const looker = openLooker({ baseUrl: "http://127.0.0.1:1", clientId: "a", clientSecret: "b", maxConcurrentQueries: 1, requestTimeoutMs: 5000, idleTimeoutMs: 5000, ca: null, embed: null }, { clock });
    await looker.call((sdk, options) => sdk.look("42", "id", options)).catch(() => {});
    await looker.close();`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: "", stderr: "", status: 0 });
  expect(server.seen).toEqual([]);
});

test("neither Looker's SDK nor a second HTTP client is loaded before something is asked, and the latter never", () => {
  const house = path.join(import.meta.dirname, "../../../src/looker/http/client.ts");
  const script = `
    import { createRequire } from "node:module";
    const { cache } = createRequire(import.meta.url);
    const { openLooker } = await import(${JSON.stringify(house)});
    const clock = { now: () => new Date(), sleep: async () => {} };
    const looker = openLooker({ baseUrl: "http://127.0.0.1:1", clientId: "a", clientSecret: "b", maxConcurrentQueries: 1, requestTimeoutMs: 5000, idleTimeoutMs: 5000, ca: null, embed: null }, { clock });
    const loaded = () => [
      Object.keys(cache).some((file) => file.includes("@looker")),
      process.moduleLoadList.some((name) => name.includes("undici")),
    ];
    const before = loaded();
    await looker.call((sdk, options) => sdk.look("42", "id", options)).catch(() => {});
    console.log(JSON.stringify([before, loaded()]));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual([
    [false, false],
    [true, false],
  ]);
});
