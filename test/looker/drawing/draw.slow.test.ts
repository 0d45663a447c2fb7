import { readFileSync } from "node:fs";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { DrawOrder } from "../../../src/core/ports/adapter.ts";
import { dashboardSource } from "../../../src/looker/dashboard/source.ts";
import { lookSource } from "../../../src/looker/look/source.ts";
import { querySource } from "../../../src/looker/query/source.ts";
import {
  contextFor,
  failureOf,
  jumpingClock,
  openedLooker,
  openHouse,
  request,
  sendJson,
  tinyServer,
} from "../house.ts";

const DAY_MS = 86_400_000;

/** The clock of these tests jumps ahead while the sandbox draws: only what is to be late has a short limit. */
function order(changes: Partial<DrawOrder> = {}): DrawOrder {
  return { format: "png", width: 600, height: 300, maxMs: DAY_MS, ...changes };
}

const brief = order({ maxMs: 60_000 });

const house = () => openHouse({ renderMs: 1 });

function sizeOf(path: string): { width: number; height: number } {
  const { width, height } = PNG.sync.read(readFileSync(path));
  return { width, height };
}

test("a Look is drawn as it is, in the size that was asked for", async () => {
  const { looker, calls } = await house();
  const context = contextFor();
  const { file, contentType } = await drawLook(looker, 42, request(), order(), context);
  expect(contentType).toBe("image/png");
  expect(sizeOf(file.path)).toEqual({ width: 600, height: 300 });
  expect(file.bytes).toBe(readFileSync(file.path).length);
  expect(calls()[0]).toBe("POST /render_tasks/looks/42/png");
  // No query is made, and none is read.
  expect(calls().filter((call) => !call.includes("/render_tasks/"))).toEqual([]);
  expect(context.told.map(({ status }) => status)).toEqual(
    expect.arrayContaining(["enqueued_for_query", "success", "fetching"]),
  );
});

test("with filters or a limit of the section's own, its query is drawn with them", async () => {
  const { looker, calls } = await house();
  const filters = { "flights.origin": "DEN" };
  await drawLook(looker, 42, request({ filters, limit: 3 }), order(), contextFor());
  const created = calls().find((call) => call.includes("/render_tasks/")) ?? "";
  const [, id = ""] = /^POST \/render_tasks\/queries\/(\w+)\/png$/.exec(created) ?? [];
  const query = await looker.call((sdk) => sdk.query(id));
  expect(query).toMatchObject({ limit: "3", filters: expect.objectContaining(filters) });
});

test("a query is drawn, written in the YAML or by its id", async () => {
  const { looker, calls } = await house();
  const source = querySource(looker);
  const inline = {
    model: "faa",
    explore: "flights",
    fields: ["flights.origin", "flights.count"],
    limit: 5,
  };
  const first = await source.draw?.(inline, request(), order(), contextFor());
  expect(sizeOf(first?.file.path ?? "")).toEqual({ width: 600, height: 300 });
  const id = /queries\/(\w+)\/png/.exec(calls().join("\n"))?.[1] ?? "";
  await source.draw?.(id, request(), order(), contextFor());
  expect(calls().filter((call) => call === `POST /render_tasks/queries/${id}/png`)).toHaveLength(2);
  const changed = await source.draw?.(id, request({ limit: 2 }), order(), contextFor());
  expect(changed?.file.bytes).toBeGreaterThan(100);
});

test("a PDF of a Look or a query is refused before anything is asked", async () => {
  const { looker, sandbox } = await house();
  const pdf = order({ format: "pdf" });
  const inline = { model: "faa", explore: "flights", fields: ["flights.count"] };
  const errors = [
    await failureOf(drawLook(looker, 42, request(), pdf, contextFor())),
    await failureOf(Promise.resolve(querySource(looker).draw?.(inline, request(), pdf, contextFor()))),
  ];
  for (const error of errors) {
    expect(error).toMatchObject({
      code: "config",
      message: expect.stringContaining("PDF is for dashboards"),
    });
  }
  expect(sandbox.requests.filter(({ path }) => path.includes("render_tasks"))).toEqual([]);
});

test.each(["png", "pdf"] as const)("a dashboard is drawn as a whole, as %s", async (format) => {
  const { looker } = await house();
  const drawn = await dashboardSource(looker).draw?.(
    7,
    request(),
    order({ format, width: 900, height: 700 }),
    contextFor(),
  );
  const bytes = readFileSync(drawn?.file.path ?? "");
  if (format === "png") expect(sizeOf(drawn?.file.path ?? "").width).toBe(900);
  else expect([bytes.subarray(0, 5).toString(), drawn?.contentType]).toEqual(["%PDF-", "application/pdf"]);
});

test("a dashboard's drawing gets all its filters, those of the YAML over its defaults", async () => {
  const { looker, sandbox } = await house();
  const filters = { "origin AIRPORT": "DEN & ORD,100%" };
  await dashboardSource(looker).draw?.(7, request({ filters }), order(), contextFor());
  const polled = sandbox.requests.map(({ path }) => /render_tasks\/([0-9a-f]{32})$/.exec(path)?.[1]);
  const task = await looker.call((sdk) => sdk.render_task(polled.find((id) => id !== undefined) ?? ""));
  const given = task.dashboard_filters ?? "";
  expect([...new URLSearchParams(given)]).toEqual([
    ["Departure", "28 days ago for 28 days"],
    ["Origin", "DEN & ORD,100%"],
  ]);
});

test("a field that is none of the dashboard's filters cannot be drawn with, and is said", async () => {
  const { looker } = await house();
  const drawing = dashboardSource(looker).draw?.(
    7,
    request({ filters: { "flights.carrier": "WN" } }),
    order(),
    contextFor(),
  );
  expect(await failureOf(Promise.resolve(drawing))).toMatchObject({
    code: "config",
    message: expect.stringContaining("flights.carrier"),
  });
});

test.each(["enqueued_for_query", "querying", "enqueued_for_render", "rendering", "unheard-of"])(
  "a drawing that hangs as %s ends at its time limit, and says where it hung",
  async (state) => {
    const server = await tinyServer(({ url }, response) => {
      if (url.endsWith("/results")) response.writeHead(202).end();
      else if (url.includes("/render_tasks")) sendJson(response, { id: "r", status: state });
    });
    const clock = jumpingClock();
    const looker = openedLooker(server.url, {}, { clock });
    const error = await failureOf(drawLook(looker, 1, request(), brief, contextFor()));
    expect(error).toMatchObject({
      code: "timeout",
      retryable: false,
      message: `Looker did not draw Look 1 within 1 min 0 s: it hung in the state "${state}" (render task r).`,
    });
    // It is asked less and less often.
    expect(clock.slept.length).toBeLessThan(20);
  },
);

test("a drawing that never ends in the sandbox ends here", async () => {
  const { looker, sandbox } = await house();
  sandbox.faults.add({ kind: "render_stuck" });
  const drawing = drawLook(looker, 42, request(), brief, contextFor());
  expect(await failureOf(drawing)).toMatchObject({ code: "timeout" });
});

test("a server that lets the drawing's calls hang is cut off at the time limit", async () => {
  const server = await tinyServer((incoming, response) => {
    if (incoming.url.includes("/render_tasks/looks/")) sendJson(response, { id: "r" });
  });
  const looker = openedLooker(server.url);
  const error = await failureOf(drawLook(looker, 1, request(), order({ maxMs: 150 }), contextFor()));
  expect(error).toMatchObject({ code: "timeout", message: expect.stringContaining('state "added"') });
});

test("the wait for a place counts: behind drawings that hang, another ends at its time limit and says why", async () => {
  const server = await tinyServer((incoming, response) => {
    if (incoming.url.includes("/render_tasks/looks/")) sendJson(response, { id: "r" });
  });
  const looker = openedLooker(server.url);
  const stop = new AbortController();
  const hanging = [1, 2, 3].map((id) =>
    failureOf(drawLook(looker, id, request(), order(), contextFor({ signal: stop.signal }))),
  );
  const error = await failureOf(drawLook(looker, 4, request(), order({ maxMs: 100 }), contextFor()));
  expect(error).toMatchObject({
    code: "timeout",
    limitMs: 100,
    message: expect.stringContaining("other drawings were still under way"),
  });
  expect(await failureOf(drawLook(looker, 4, request(), order({ maxMs: 0 }), contextFor()))).toMatchObject({
    code: "timeout",
  });
  stop.abort(error);
  await Promise.all(hanging);
});

test("a cancellation is noticed while a drawing is under way", async () => {
  const { looker, sandbox } = await house();
  sandbox.faults.add({ kind: "render_stuck" });
  const stop = new AbortController();
  const reason = new ReportError("Cancelled by a person.", { code: "cancelled" });
  const context = contextFor({ signal: stop.signal, progress: () => stop.abort(reason) });
  expect(await failureOf(drawLook(looker, 42, request(), order(), context))).toBe(reason);
});

test("what Looker says of a drawing that failed is passed on", async () => {
  const { looker, sandbox } = await house();
  sandbox.faults.add({ kind: "render_failure", detail: "The browser ran out of memory" });
  expect(await failureOf(drawLook(looker, 42, request(), order(), contextFor()))).toMatchObject({
    code: "database",
    retryable: true,
    message: "Looker could not draw Look 42: The browser ran out of memory",
  });
});

test("a word that no one knows is polled on", async () => {
  const { looker, sandbox } = await house();
  sandbox.faults.add({ kind: "render_word", word: "Polishing", polls: 2 });
  const context = contextFor();
  const { file } = await drawLook(looker, 42, request(), order(), context);
  expect(sizeOf(file.path).width).toBe(600);
  expect(context.told.map(({ status }) => status)).toContain("polishing");
});

test("a result that is not ready is waited for as long as Looker asks", async () => {
  const picture = PNG.sync.write(new PNG({ width: 30, height: 20 }));
  let asked = 0;
  const server = await tinyServer(({ url }, response) => {
    if (!url.endsWith("/results")) {
      if (url.includes("/render_tasks")) sendJson(response, { id: "r", status: "success" });
      return;
    }
    asked += 1;
    if (asked <= 3) response.writeHead(202, { "retry-after": "7" }).end();
    else response.writeHead(200, { "content-type": "image/png" }).end(picture);
  });
  const clock = jumpingClock();
  const looker = openedLooker(server.url, {}, { clock });
  await drawLook(looker, 1, request(), order({ width: 30, height: 20 }), contextFor());
  expect(clock.slept).toEqual([7_000, 7_000, 7_000]);
});

test("the sandbox's late results arrive in the end", async () => {
  const { looker, sandbox } = await house();
  sandbox.faults.add({ kind: "render_late", fetches: 3, retryAfter: 2 });
  const { file } = await drawLook(looker, 42, request(), order(), contextFor());
  expect(sizeOf(file.path)).toEqual({ width: 600, height: 300 });
});

test("a result that is never ready ends at the time limit", async () => {
  const server = await tinyServer(({ url }, response) => {
    if (url.endsWith("/results")) response.writeHead(202, { "retry-after": "5" }).end();
    else if (url.includes("/render_tasks")) sendJson(response, { id: "r", status: "success" });
  });
  const drawing = drawLook(openedLooker(server.url), 1, request(), brief, contextFor());
  expect(await failureOf(drawing)).toMatchObject({
    code: "timeout",
    message: expect.stringContaining('in the state "success"'),
  });
});

test("a drawing that Looker has lost is asked for once more", async () => {
  const { looker, sandbox, calls } = await house();
  sandbox.faults.add({ kind: "render_expired" });
  const { file } = await drawLook(looker, 42, request(), order(), contextFor());
  expect(sizeOf(file.path)).toEqual({ width: 600, height: 300 });
  expect(calls().filter((call) => call === "POST /render_tasks/looks/42/png")).toHaveLength(2);
  sandbox.faults.add({ kind: "render_expired", times: "always" });
  expect(await failureOf(drawLook(looker, 42, request(), order(), contextFor()))).toMatchObject({
    code: "protocol",
    message: expect.stringContaining("lost the drawing of Look 42 twice"),
  });
});

test.each([
  ["png", 0, "is not a PNG"],
  ["png", 4, "is not a PNG"],
  ["png", 20, "breaks off"],
  ["png", undefined, "breaks off"],
  ["pdf", 3, "is not a PDF"],
  ["pdf", undefined, "breaks off"],
] as const)("a %s of which %s bytes come is an error", async (format, bytes, words) => {
  const { looker, sandbox } = await house();
  sandbox.faults.add({ kind: "render_truncated", ...(bytes !== undefined && { bytes }) });
  const drawing = dashboardSource(looker).draw?.(7, request(), order({ format }), contextFor());
  expect(await failureOf(Promise.resolve(drawing))).toMatchObject({
    code: "protocol",
    retryable: true,
    message: expect.stringContaining(words),
  });
});

test("a web page in place of a picture is an error", async () => {
  const { looker, sandbox } = await house();
  sandbox.faults.add({ kind: "render_page" });
  expect(await failureOf(drawLook(looker, 42, request(), order(), contextFor()))).toMatchObject({
    message: expect.stringContaining("HTML page"),
  });
});

test("a whole picture of another size than was asked for is taken as it is", async () => {
  const picture = PNG.sync.write(new PNG({ width: 30, height: 20 }));
  const server = await tinyServer(({ url }, response) => {
    if (url.endsWith("/results")) response.writeHead(200, { "content-type": "image/png" }).end(picture);
    else if (url.includes("/render_tasks")) sendJson(response, { id: "r", status: "success" });
  });
  const looker = openedLooker(server.url);
  const drawn = await drawLook(looker, 1, request(), order(), contextFor());
  expect(drawn.file.bytes).toBe(picture.length);
});

test("what cannot be drawn by this user is said so", async () => {
  const { looker } = await house();
  expect(await failureOf(drawLook(looker, 999, request(), order(), contextFor()))).toMatchObject({
    code: "not_found",
    message: "Look 999 does not exist, or the API user may not have it drawn.",
  });
});

test("three are drawn at a time; the others wait, and say so; none takes a place from queries", async () => {
  const { looker, sandbox } = await openHouse({ renderMs: 20 }, { maxConcurrentQueries: 1 });
  const waiting = contextFor();
  const held = await looker.slots.take(waiting.signal);
  const contexts = [contextFor(), contextFor(), contextFor(), waiting];
  const drawn = await Promise.all(
    contexts.map((context) => drawLook(looker, 42, request(), order(), context)),
  );
  held();
  expect(drawn).toHaveLength(4);
  expect(waiting.told[0]).toEqual({ status: "waiting", elapsedMs: 0 });
  const seen = sandbox.requests.map(({ path }) => path);
  const fourth = seen.findLastIndex((path) => path.endsWith("/looks/42/png"));
  expect(seen.slice(0, fourth).some((path) => path.endsWith("/results"))).toBe(true);
});

async function drawLook(
  looker: Parameters<typeof lookSource>[0],
  id: number,
  ...[asked, drawOrder, context]: [ReturnType<typeof request>, DrawOrder, ReturnType<typeof contextFor>]
) {
  const drawn = await lookSource(looker).draw?.(id, asked, drawOrder, context);
  if (drawn === undefined) throw new Error("A Look can be drawn");
  return drawn;
}
