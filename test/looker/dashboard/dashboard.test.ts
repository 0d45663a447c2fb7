import { expect, test } from "vitest";
import type { ContentPart } from "../../../src/core/ports/adapter.ts";
import { dashboardOptions } from "../../../src/looker/dashboard/schema.ts";
import { dashboardSource } from "../../../src/looker/dashboard/source.ts";
import { type TileOptions, tileSource } from "../../../src/looker/dashboard/tile-source.ts";
import type { Looker } from "../../../src/looker/http/client.ts";
import { contextFor, failureOf, openedLooker, openHouse, request, sendJson, tinyServer } from "../house.ts";

const never = new AbortController().signal;

async function expanded(
  looker: Looker,
  options: unknown,
  filters: Record<string, string> = {},
): Promise<readonly ContentPart[]> {
  const parts = await dashboardSource(looker).expand?.(
    dashboardOptions.parse(options),
    request({ filters }),
    never,
  );
  if (parts === undefined) throw new Error("A dashboard can be taken apart");
  return parts;
}

function optionsOf(part: ContentPart | undefined): TileOptions {
  if (part?.content?.source.kind !== "tile") throw new Error("This part is no tile that can be run");
  return part.content.source.options as TileOptions;
}

const titled = (parts: readonly ContentPart[], title: string) => parts.find((part) => part.title === title);

test.each([
  7,
  "7",
  " 7 ",
  "faa::punctuality",
  "https://acme.looker.com/dashboards/7?Departure=7+days",
  "acme.looker.com/dashboards-next/7",
  "https://acme.looker.com:9999/prefix/embed/dashboards/faa::punctuality",
])("%j names a dashboard", (written) => {
  expect(dashboardOptions.safeParse(written).success).toBe(true);
});

test.each([0, -7, 1.5, "", "weekly", "https://acme.looker.com/looks/7", null, {}])(
  "%j names none",
  (written) => {
    expect(dashboardOptions.safeParse(written).error?.issues[0]?.message).toContain("the id of a dashboard");
  },
);

test("tiles come in the order of the page, words as words, notes next to the data", async () => {
  const { looker, calls, sandbox } = await openHouse();
  const parts = await expanded(looker, 7);
  expect(parts.map(({ title }) => title)).toEqual([
    "Flights",
    "Delayed",
    "Average delay, minutes",
    "Flights by day",
    "How late they came in",
    "Delays by origin airport",
    "Longest routes flown most",
    "About these figures",
  ]);
  expect(parts.every(({ notice }) => notice === null)).toBe(true);
  expect(parts.at(-1)).toMatchObject({
    content: null,
    text: expect.stringMatching(/^Arrivals, as the FAA counts them\n\nA flight is \*\*delayed\*\*/),
  });
  expect(titled(parts, "Delays by origin airport")?.text).toBe(
    "Airports with at least ten flights in the period.",
  );
  expect(calls()).toEqual(["GET /dashboards/7"]);
  expect(optionsOf(parts[0]).url).toBe(`${sandbox.url}/dashboards/7`);
  expect(structuredClone(parts)).toEqual(JSON.parse(JSON.stringify(parts)));
});

test("the dashboard's filters reach the tiles that listen: defaults, the address, the YAML", async () => {
  const { looker, sandbox } = await openHouse();
  const reaching = async (options: unknown, filters?: Record<string, string>) =>
    titled(await expanded(looker, options, filters), "Flights by day")?.content?.filters;
  expect(await reaching(7)).toEqual({ "flights.date_date": "28 days ago for 28 days" });
  const address = `${sandbox.url}/dashboards/7?Departure=7+days&Origin=DEN&theme=Dark`;
  expect(await reaching(address)).toEqual({ "flights.date_date": "7 days", "flights.origin": "DEN" });
  expect(await reaching(address, { departure: "3 days", "Origin airport": "" })).toEqual({
    "flights.date_date": "3 days",
  });
});

test("a filter in the address that the dashboard does not have is an error; settings of the page are none", async () => {
  const { looker, sandbox } = await openHouse();
  const page = `${sandbox.url}/dashboards/7?Origin=DEN`;
  const settings =
    "&filter_config=%7B%7D&_theme=%7B%7D&embed_domain=https:%2F%2Fa.example&sdk=2&hide_filter=Origin&utm_source=mail";
  expect(await expanded(looker, page + settings)).toHaveLength(8);
  for (const word of ["Departures", "origin.state"]) {
    const address = `${page}&${word}=7+days`;
    const error = await failureOf(expanded(looker, address));
    expect(error).toMatchObject({
      code: "config",
      message: expect.stringMatching(`^Dashboard 7 has no filter "${word}".*The address gives it a value.$`),
    });
    const findings = await dashboardSource(looker).check(address, request(), never);
    expect(findings).toEqual([{ message: error.message, advice: error.advice, path: [] }]);
  }
  expect((await failureOf(expanded(looker, `${page}&Departures=`))).message).toContain(
    'Did you mean "Departure"?',
  );
});

test("a tile leads to the dashboard as it is filtered", async () => {
  const { looker, sandbox } = await openHouse();
  const parts = await expanded(looker, 7, { Origin: "DEN,ORD" });
  expect(optionsOf(parts[0]).url).toBe(`${sandbox.url}/dashboards/7?Origin=DEN%2CORD`);
});

test("a filter set to any value takes the place of the tile's own", async () => {
  const { looker } = await openHouse();
  const parts = await expanded(looker, 7, { Departure: "" });
  expect(titled(parts, "Flights by day")?.content?.filters).toEqual({ "flights.date_date": "" });
});

test("a field that is not a filter of the dashboard is applied to each tile whose explore has it", async () => {
  const { looker, calls } = await openHouse();
  const filters = { State: "CA", "origin.state": "CA" };
  const parts = await expanded(looker, 8, filters);
  expect(titled(parts, "Without a result maker")?.content?.filters).toEqual({ "origin.state": "CA" });
  expect(titled(parts, "Airports by state")?.content?.filters).toEqual({ "airports.state": "CA" });
  expect(calls().filter((call) => call.includes("explores/flights"))).toHaveLength(1);
});

test("a field that no tile knows is an error", async () => {
  const { looker } = await openHouse();
  expect(await failureOf(expanded(looker, 7, { "flights.carier": "WN" }))).toMatchObject({
    code: "config",
    message: 'No tile of dashboard 7 has the field "flights.carier".',
  });
});

test("a word that is neither filter nor field is an error that lists the filters", async () => {
  const { looker } = await openHouse();
  const error = await failureOf(expanded(looker, 7, { Departures: "7 days" }));
  expect(error).toMatchObject({
    code: "config",
    message:
      'Dashboard 7 has no filter "Departures". Did you mean "Departure"? It has "Departure", "Origin airport".',
  });
  const findings = await dashboardSource(looker).check(7, request({ filters: { Departures: "" } }), never);
  expect(findings).toEqual([
    { message: error.message, advice: error.advice, path: ["filters", "Departures"] },
  ]);
});

test("tiles that cannot be run are named with the reason, those off the page left out", async () => {
  const { looker } = await openHouse();
  const parts = await expanded(looker, 8, { State: "CA" });
  const notices = parts.flatMap(({ notice }) => notice ?? []);
  expect(notices).toEqual([
    expect.stringMatching(/^The tile "Two queries merged" merges the results of several queries/),
    expect.stringMatching(/^The tile "Tile without a query" has no query/),
  ]);
  const titles = parts.map(({ title }) => title);
  expect(titles).not.toContain("Taken off the page");
  expect(titles).not.toContain("Known to no layout");
  expect(await dashboardSource(looker).check(8, request({ filters: { State: "CA" } }), never)).toEqual([]);
});

test("a filter that the dashboard requires and no one gives keeps its tiles from running, and is found", async () => {
  const { looker } = await openHouse();
  const parts = await expanded(looker, 8);
  expect(titled(parts, "Airports by state")).toMatchObject({
    content: null,
    notice: expect.stringContaining('needs a value for the filter "State"'),
  });
  expect(await dashboardSource(looker).check(8, request(), never)).toEqual([
    expect.objectContaining({ message: expect.stringContaining('"State" of dashboard 8 needs a value') }),
  ]);
});

test("what the text editor wrote as JSON comes as Markdown; a button as a link", async () => {
  const { looker } = await openHouse();
  const texts = (await expanded(looker, 8)).filter(({ content, notice }) => !content && !notice);
  expect(texts.map(({ text }) => text)).toEqual(
    expect.arrayContaining([
      "# Written in the editor\n\nIts text is JSON, with a **bold** word and a [link](<https://airports.example/>).\n\n- one point\n- another point",
      "[Open the airports](<https://airports.example/>)",
    ]),
  );
});

test("a dashboard of LookML is taken apart too", async () => {
  const { looker } = await openHouse();
  const parts = await expanded(looker, "faa::punctuality");
  expect(parts.map(({ title }) => title)).toEqual(["Delayed by weekday", "Flights by state and week"]);
  expect(optionsOf(parts[0])).toMatchObject({
    dashboard: "faa::punctuality",
    element: "faa::punctuality::by_weekday",
  });
});

test.each([
  ["a dashboard that is not there", 999, "Dashboard 999 does not exist"],
  ["one of LookML that is not there", "faa::nothing", "Dashboard faa::nothing does not exist"],
])("%s is said", async (_case, options, words) => {
  const { looker } = await openHouse();
  expect(await failureOf(expanded(looker, options))).toMatchObject({
    code: "not_found",
    message: expect.stringContaining(words),
  });
  const [finding] = await dashboardSource(looker).check(dashboardOptions.parse(options), request(), never);
  expect(finding?.message).toContain(words);
});

test("a dashboard in the trash is said to be there", async () => {
  const server = await tinyServer(({ url }, response) => {
    if (url.includes("/dashboards/")) sendJson(response, { id: "5", title: "Old", deleted: true });
  });
  expect(await failureOf(expanded(openedLooker(server.url), 5))).toMatchObject({
    code: "not_found",
    message: 'Dashboard 5 ("Old") is in Looker\'s trash.',
  });
});

test("a dashboard of more tiles than a report takes is refused before one is run", async () => {
  const elements = Array.from({ length: 201 }, (_, id) => ({ id: String(id), type: "text", body_text: "x" }));
  const server = await tinyServer(({ url }, response) => {
    if (url.includes("/dashboards/"))
      sendJson(response, { id: "5", title: "Wall", dashboard_elements: elements });
  });
  expect(await failureOf(expanded(openedLooker(server.url), 5))).toMatchObject({
    code: "too_large",
    retryable: false,
    message: "Dashboard 5 has 201 tiles; a report takes up to 200 of a dashboard.",
    advice: expect.stringContaining("`sections:`"),
  });
  elements.pop();
  expect(await expanded(openedLooker(server.url), 5)).toHaveLength(200);
});

test("a tile runs with the filters that reach it, under its own title and the dashboard's address", async () => {
  const { looker, sandbox } = await openHouse();
  const parts = await expanded(looker, 7, { Origin: "DEN" });
  const part = titled(parts, "Delays by origin airport");
  const filters = part?.content?.filters ?? {};
  const source = tileSource(looker);
  const result = await source.run(optionsOf(part), request({ filters }), contextFor());
  expect(result).toMatchObject({
    title: "Delays by origin airport",
    url: `${sandbox.url}/dashboards/7?Origin=DEN`,
    filters: expect.objectContaining(filters),
  });
  expect(result.table.rowCount).toBe(1);
  expect(await source.check(optionsOf(part), request({ filters }), never)).toEqual([]);
});

test("every tile of every dashboard that can be run brings rows or says why not", async () => {
  const { looker } = await openHouse();
  const failures: string[] = [];
  for (const id of [7, 8, "faa::punctuality"]) {
    for (const part of await expanded(looker, id, id === 8 ? { State: "CA" } : {})) {
      if (part.content === null) continue;
      const asked = request({ filters: part.content.filters });
      const run = tileSource(looker).run(optionsOf(part), asked, contextFor());
      await run.catch((error: unknown) => failures.push(`${part.title}: ${error}`));
    }
  }
  expect(failures).toEqual([expect.stringMatching(/^Broken by a dropped column: ReportError: /)]);
});

test("a tile without filters is drawn as the element, with filters as its query", async () => {
  const { looker, calls } = await openHouse({ renderMs: 1 });
  const part = titled(await expanded(looker, 7), "Flights by day");
  const order = { format: "png", width: 500, height: 250, maxMs: 86_400_000 } as const;
  const source = tileSource(looker);
  await source.draw?.(optionsOf(part), request(), order, contextFor());
  // Laying over a tile what it has itself changes nothing.
  await source.draw?.(optionsOf(part), request(part?.content ?? {}), order, contextFor());
  await source.draw?.(
    optionsOf(part),
    request({ filters: { "flights.origin": "DEN" } }),
    order,
    contextFor(),
  );
  expect(calls().filter((call) => call.startsWith("POST /render_tasks/"))).toEqual([
    "POST /render_tasks/dashboard_elements/703/png",
    "POST /render_tasks/dashboard_elements/703/png",
    expect.stringMatching(/^POST \/render_tasks\/queries\/\w+\/png$/),
  ]);
});

test("to run a dashboard as if it were one query is a mistake in the program", async () => {
  const { looker } = await openHouse();
  await expect(dashboardSource(looker).run(7, request(), contextFor())).rejects.toThrow(TypeError);
});
