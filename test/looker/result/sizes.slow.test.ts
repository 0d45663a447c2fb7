import { readdirSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import { lookSource } from "../../../src/looker/look/source.ts";
import {
  contextFor,
  failureOf,
  openedLooker,
  request,
  sendJson,
  type TinyServer,
  tinyServer,
} from "../house.ts";

/** Ten megabytes of `text` in a few kilobytes: as many of them as are read are one gzip stream (RFC 1952, 2.2). */
const packed = (text: string) => gzipSync(text.repeat(Math.ceil(10_000_000 / text.length)), { level: 9 });
const ROWS = packed("1,2,3\n");
const ZEROS = packed("0");

/** Sends what never ends, until the other side has had enough. */
function sendEndlessly(response: ServerResponse, status: number, type: string, piece: Buffer): void {
  response.writeHead(status, { "content-type": type, "content-encoding": "gzip" });
  const more = () => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
}

/** A Looker whose Look has a query of `limit` rows, and whose result never ends. */
async function endlessLooker(limit: number, type: string, piece: Buffer) {
  let closed = 0;
  const server = await tinyServer((incoming, response) => {
    const { url } = incoming;
    if (url.includes("/looks/"))
      sendJson(response, { id: "1", query: { id: "7", model: "m", view: "v", limit: String(limit) } });
    else if (url.endsWith("/results")) {
      response.on("close", () => {
        closed += 1;
      });
      sendEndlessly(response, 200, type, piece);
    } else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "complete" });
  });
  return { server, closed: () => closed };
}

const results = ({ seen }: TinyServer) => seen.filter((call) => call.endsWith("/results")).length;

describe("a result that never ends", () => {
  test.each([
    ["rows of CSV", -1, "text/csv", ROWS],
    ["one cell of CSV", -1, "text/csv", ZEROS],
    ["json_detail", 500, "application/json", ZEROS],
  ] as const)(
    "%s is left at max_result, for good, and nothing of it stays",
    async (_, limit, type, piece) => {
      const { server, closed } = await endlessLooker(limit, type, piece);
      const context = contextFor({ resultBytesMax: 50_000_000 });
      const error = await failureOf(lookSource(openedLooker(server.url)).run(1, request(), context));
      expect(error).toMatchObject({
        code: "too_large",
        retryable: false,
        message: "The result is larger than 50 MB, the report's max_result.",
        advice: expect.stringMatching(/Narrow the query.*`limit:`.*`max_result:`/),
      });
      expect(readdirSync(context.spool.directory)).toEqual([]);
      expect(results(server)).toBe(1);
      await expect.poll(closed).toBe(1);
    },
  );

  test("what is held in memory has a limit of its own, whatever max_result is", async () => {
    const { server } = await endlessLooker(500, "application/json", ZEROS);
    const context = contextFor({ resultBytesMax: 1e12 });
    const error = await failureOf(lookSource(openedLooker(server.url)).run(1, request(), context));
    expect(error).toMatchObject({
      code: "too_large",
      message: expect.stringContaining("larger than 100 MB although it has few rows"),
    });
    expect(readdirSync(context.spool.directory)).toEqual([]);
  });

  test("where the disk has no room left it is passing: fetched once, and left at Looker for the next try", async () => {
    const { server } = await endlessLooker(-1, "text/csv", ROWS);
    const full = new ReportError("The disk has 3 MB left.", { code: "local", retryable: true });
    const { spool, ...context } = contextFor();
    let looks = 0;
    const ensureRoom = async () => {
      looks += 1;
      if (looks === 3) throw full;
    };
    const source = lookSource(openedLooker(server.url));
    expect(await failureOf(source.run(1, request(), { ...context, spool: { ...spool, ensureRoom } }))).toBe(
      full,
    );
    expect([looks, results(server), context.tasks.dropped]).toEqual([3, 1, []]);
    expect(readdirSync(spool.directory)).toEqual([]);
  });

  test("a picture is left at 200 MB", async () => {
    const server = await tinyServer((incoming, response) => {
      if (incoming.url.endsWith("/results")) sendEndlessly(response, 200, "image/png", ZEROS);
      else if (incoming.url.includes("/render_tasks/")) sendJson(response, { id: "r", status: "success" });
    });
    const context = contextFor();
    const order = { format: "png", width: 800, height: 450, maxMs: 60_000 } as const;
    const draw = lookSource(openedLooker(server.url)).draw?.(1, request(), order, context);
    expect(await failureOf(draw ?? Promise.resolve())).toMatchObject({
      code: "too_large",
      retryable: false,
      message: "What Looker drew of Look 1 is larger than 200 MB.",
    });
    expect(readdirSync(context.spool.directory)).toEqual([]);
    expect(results(server)).toBe(1);
  });
});

test("a CSV with more columns than a sheet has is refused", async () => {
  const server = await tinyServer(({ url }, response) => {
    if (url.includes("/looks/"))
      sendJson(response, { id: "1", query: { id: "7", model: "m", view: "v", limit: "-1" } });
    else if (url.endsWith("/results"))
      response.writeHead(200, { "content-type": "text/csv" }).end(`${",".repeat(16_384)}\n`);
    else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "complete" });
  });
  const error = await failureOf(lookSource(openedLooker(server.url)).run(1, request(), contextFor()));
  expect(error).toMatchObject({
    code: "too_large",
    message: "The result has 16,385 columns; at most 16,384 are taken.",
  });
});

test("an answer about a Look that never ends is left, and says which", async () => {
  const server = await tinyServer(({ url }, response) => {
    if (url.includes("/looks/")) sendEndlessly(response, 200, "application/json", ZEROS);
  });
  const error = await failureOf(lookSource(openedLooker(server.url)).run(1, request(), contextFor()));
  expect(error).toMatchObject({
    code: "protocol",
    message: expect.stringMatching(/GET \/looks\/1: the answer is larger than 64 MB/),
  });
});

test.each([
  ["JSON", "application/json", packed('{"message":"no ')],
  ["a page", "text/html", packed("<html><title>no ")],
])("an error that never ends (%s) is known by its beginning", async (_, type, piece) => {
  const server = await tinyServer(({ url }, response) => {
    if (url.includes("/looks/")) sendEndlessly(response, 403, type, piece);
  });
  const error = await failureOf(lookSource(openedLooker(server.url)).run(1, request(), contextFor()));
  expect(error).toMatchObject({ status: 403, retryable: false });
  expect(error.message.length).toBeLessThan(1_000);
});
