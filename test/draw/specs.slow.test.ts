import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { chartProgram } from "../../src/app/programs.ts";
import type { Table } from "../../src/core/model/table.ts";
import { openChartRenderer, specProblem } from "../../src/draw/chart-renderer.ts";
import { drawingFiles } from "../../src/draw/process/files.ts";
import { openFonts } from "../../src/draw/process/fonts.ts";
import { openPngRenderer } from "../../src/draw/process/vega.ts";
import { amount, CARRIER, COUNT, DATE, daily, day, order, table, words } from "./samples.ts";

const DEJAVU = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

const [, ...inter] = drawingFiles();
const chartRenderer = openChartRenderer({ start: chartProgram.start, fonts: [] });
const FLIGHTS = table(
  [CARRIER, COUNT],
  ["AA", "DL", "UA"].map((carrier, index) => [words(carrier), amount(index + 1)]),
);

function draw(spec: Record<string, unknown>, of: Table = FLIGHTS) {
  return chartRenderer.chart(order({ kind: "vega_lite", spec }, of, "Flights"));
}

const BARS = { mark: "bar", encoding: { x: { field: "flights.carrier" }, y: { field: "flights.count" } } };

describe("a whole spec", () => {
  test("is drawn over the rows, its fields named as Looker does", async () => {
    const chart = await draw(BARS);
    expect(chart).toMatchObject({ width: 420, height: 260, series: null });
    expect(chart?.alt).toBe(
      "Flights: a chart of 3 rows. Flights: 3 points from AA to UA; first 1, last 3, lowest 1 (AA), highest 3 (UA).",
    );
  });

  test.each(["flights\\.count", "flights.count", "[flights.count]"].slice(0, 2))(
    "may write a field %s",
    async (field) => {
      const [one, other] = [
        await draw({ ...BARS, encoding: { ...BARS.encoding, y: { field } } }),
        await draw(BARS),
      ];
      expect(Buffer.from(one?.png ?? [])).toEqual(Buffer.from(other?.png ?? []));
    },
  );

  test("may calculate with fields, and with rows of its own", async () => {
    const spec = {
      layer: [
        {
          ...BARS,
          transform: [{ calculate: "datum['flights.count'] * datum.flights.count", as: "square" }],
          encoding: { ...BARS.encoding, y: { field: "square", type: "quantitative" } },
        },
        {
          data: { values: [{ goal: 5 }] },
          mark: "rule",
          encoding: { y: { field: "goal", type: "quantitative" } },
        },
      ],
    };
    expect(await draw(spec)).not.toBeNull();
  });

  test("sees pivoted measures as rows, one for each pivot value", async () => {
    const pivots = ["AA", "DL"].map((carrier) => ({
      ...COUNT,
      label: `Flights – ${carrier}`,
      pivot: { values: [carrier], isRowTotal: false },
    }));
    const wide = table(
      [DATE, ...pivots],
      [
        [words(day(0)), amount(1), amount(2)],
        [words(day(1)), amount(3), amount(4)],
      ],
      { pivotLabels: ["Carrier"] },
    );
    const spec = {
      mark: "line",
      encoding: { x: { field: "flights.date" }, y: { field: "flights.count" }, color: { field: "Carrier" } },
    };
    expect(await draw(spec, wide)).not.toBeNull();
    await expect(
      draw({ ...spec, encoding: { ...spec.encoding, color: { field: "Carier" } } }, wide),
    ).rejects.toMatchObject({ advice: expect.stringContaining('"Carrier"') });
  });

  test("may stack, sort, fold, pick and name what it makes itself", async () => {
    for (const spec of [
      {
        ...BARS,
        encoding: {
          ...BARS.encoding,
          y: { field: "flights.count", stack: "zero" },
          x: { field: "flights.carrier", sort: "-y" },
        },
      },
      { ...BARS, params: [{ name: "pick", select: { type: "point", on: "click" } }] },
      {
        transform: [{ fold: ["flights.count"] }],
        mark: "bar",
        encoding: { x: { field: "key", type: "nominal" }, y: { field: "value", type: "quantitative" } },
      },
      { mark: "bar", encoding: { x: { bin: true, field: "flights.count" }, y: { aggregate: "count" } } },
      {
        $schema: "https://vega.github.io/schema/vega-lite/v6.json",
        title: "See https://example.com",
        ...BARS,
      },
      { facet: { column: { field: "flights.carrier" } }, spec: { ...BARS, width: 80, height: 80 } },
    ]) {
      expect(await draw(spec), JSON.stringify(spec)).not.toBeNull();
    }
  });

  test("over no rows is nothing", async () => {
    expect(await draw(BARS, table([CARRIER, COUNT], []))).toBeNull();
  });
});

describe("nothing is fetched", () => {
  async function silentServer() {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end("a,b\n1,2\n");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  test("a spec that names a URL is refused, with the place where it does", async () => {
    const { asked, url } = await silentServer();
    const inside = (data: unknown) => ({ layer: [BARS, { ...BARS, data }] });
    const refused: [Record<string, unknown>, string][] = [
      [{ ...BARS, data: { url: `${url}/data.csv` } }, "vega_lite.data.url"],
      [inside({ url: `${url}/layer.json` }), "vega_lite.layer.1.data.url"],
      [
        {
          ...BARS,
          transform: [
            {
              lookup: "flights.carrier",
              from: { data: { url: `${url}/lookup.csv` }, key: "a", fields: ["b"] },
            },
          ],
        },
        "vega_lite.transform.0.from.data.url",
      ],
      [{ mark: { type: "image", width: 5 }, encoding: { ...BARS.encoding } }, "vega_lite.mark"],
      [{ ...BARS, encoding: { ...BARS.encoding, url: { value: `${url}/x.png` } } }, "vega_lite.encoding.url"],
      [{ ...BARS, encoding: { ...BARS.encoding, href: { value: url } } }, "vega_lite.encoding.href"],
      [{ ...BARS, usermeta: { embedOptions: { loader: url } } }, "vega_lite.usermeta"],
    ];
    for (const [spec, place] of refused) {
      await expect(draw(spec)).rejects.toMatchObject({
        code: "config",
        message: expect.stringContaining(`${place}:`),
      });
      expect(await specProblem(spec, chartProgram.start)).toContain(place);
    }
    expect(asked).toEqual([]);
  });

  test("what drew it could not fetch it either", async () => {
    const { asked, url } = await silentServer();
    const renderer = openPngRenderer(await openFonts(inter, []));
    for (const spec of [
      { ...BARS, data: { url: `${url}/data.csv` } },
      { data: { values: [{ u: `${url}/x.png` }] }, mark: "image", encoding: { url: { field: "u" } } },
      { data: { url: "/etc/passwd", format: { type: "csv" } }, mark: "bar", encoding: {} },
    ]) {
      await expect(renderer.chart(spec, {})).rejects.toMatchObject({
        code: "config",
        message: expect.stringContaining("nothing is fetched"),
      });
    }
    expect(asked).toEqual([]);
  });
});

describe("what does not compile", () => {
  test.each([
    ["no mark", {}, /Invalid specification/],
    ["a mark that there is not", { ...BARS, mark: "bars" }, /no mark "bars".*Did you mean "bar"/],
    [
      "a type that there is not",
      { ...BARS, encoding: { x: { field: "flights.count", type: "quantitive" } } },
      /Invalid field type/,
    ],
    [
      "a channel that there is not",
      { ...BARS, encoding: { xx: { field: "flights.count", type: "quantitative" } } },
      /xx-encoding is dropped/,
    ],
    ["an expression that breaks off", { ...BARS, transform: [{ filter: "datum.x >" }] }, /Unexpected end/],
    [
      "a function that there is not",
      { ...BARS, transform: [{ calculate: "fetch('x')", as: "y" }] },
      /Unrecognized function/,
    ],
    ["data of its own", { ...BARS, data: { values: [] } }, /rows are its data/],
    [
      "too many numbers",
      { layer: [{ data: { sequence: { start: 0, stop: 1e9 } }, mark: "bar" }] },
      /sequence/,
    ],
    [
      "too many values to impute",
      {
        ...BARS,
        transform: [
          { impute: "flights.count", key: "flights.count", keyvals: { start: 0, stop: 4e8 }, value: 0 },
        ],
      },
      /keyvals/,
    ],
    ["too wide a picture", { ...BARS, width: 90_000 }, /more than 2000 pixels/],
  ])("%s is found by check, and when it is drawn", async (_, spec, words) => {
    expect(await specProblem(spec, chartProgram.start)).toMatch(words);
    await expect(draw(spec)).rejects.toMatchObject({ code: "config", message: expect.stringMatching(words) });
  });

  test("a correct spec has no problem, whatever its fields are", async () => {
    expect(await specProblem(BARS, chartProgram.start)).toBeNull();
    expect(
      await specProblem({ facet: { field: "a.b", type: "nominal" }, spec: BARS }, chartProgram.start),
    ).toBeNull();
  });

  test("a field that the rows lack is named, with the nearest one", async () => {
    const typo = { field: "flights.cuont" };
    for (const spec of [
      { ...BARS, encoding: { ...BARS.encoding, y: typo } },
      { ...BARS, transform: [{ filter: "datum['flights.cuont'] > 1" }] },
      {
        ...BARS,
        transform: [{ aggregate: [{ op: "sum", ...typo, as: "s" }], groupby: ["flights.carrier"] }],
      },
    ]) {
      await expect(draw(spec)).rejects.toMatchObject({
        code: "config",
        message: expect.stringContaining('"flights.cuont"'),
        advice: expect.stringContaining('Did you mean "flights.count"?'),
      });
    }
  });

  test("a spec that wants more memory than there is ends its own process, and the next one is drawn", async () => {
    const spec = { ...BARS, transform: [{ calculate: "length(sequence(900000000))", as: "much" }] };
    await expect(draw(spec)).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(/more memory|longer than/),
    });
    expect(await draw(BARS)).not.toBeNull();
  });
});

test("a chart that is no longer wanted is dropped, whether it is being drawn or waiting", async () => {
  const own = openChartRenderer({ start: chartProgram.start, fonts: [] });
  const endless = { ...BARS, transform: [{ calculate: "length(sequence(30000000))", as: "much" }] };
  const stop = new AbortController();
  const reason = new Error("The attempt has ended.");
  const drawings = [endless, BARS].map((spec) =>
    own.chart({ ...order({ kind: "vega_lite", spec }, FLIGHTS), signal: stop.signal }),
  );
  const ended = Promise.allSettled(drawings);
  // Time for its process to be at it.
  await sleep(500);
  stop.abort(reason);
  expect(await ended).toEqual(drawings.map(() => ({ status: "rejected", reason })));
  const after = await own.chart(order({ kind: "vega_lite", spec: BARS }, FLIGHTS));
  expect(after).not.toBeNull();
});

describe("fonts", () => {
  test("that have changed since count from the next chart on", async () => {
    const fonts: string[] = [];
    const own = openChartRenderer({ start: chartProgram.start, fonts });
    const chart = () => own.chart(order({ kind: "vega_lite", spec: BARS }, FLIGHTS));
    expect(await chart()).not.toBeNull();
    fonts.push("/nowhere/Corp.ttf");
    await expect(chart()).rejects.toMatchObject({ code: "config" });
    fonts.pop();
    expect(await chart()).not.toBeNull();
  });

  test("that are missing or no fonts are refused by name", async () => {
    for (const path of ["/nowhere/Corp.ttf", import.meta.filename]) {
      const corp = openChartRenderer({ start: chartProgram.start, fonts: [path] });
      await expect(
        corp.chart(
          order(
            { kind: "fields", mark: "line", x: "flights.date", y: ["flights.average_delay"], color: null },
            daily(5),
          ),
        ),
      ).rejects.toMatchObject({ code: "config", message: expect.stringContaining(path) });
    }
  });

  test.skipIf(!existsSync(DEJAVU))(`lend letters that Inter does not have (needs ${DEJAVU})`, async () => {
    const label = table([CARRIER, COUNT], [[words("Հայերեն"), amount(1)]]);
    const plan = {
      kind: "fields",
      mark: "bar",
      x: "flights.carrier",
      y: ["flights.count"],
      color: null,
    } as const;
    const [boxes, letters] = await Promise.all(
      [[], [DEJAVU]].map((fonts) =>
        openChartRenderer({ start: chartProgram.start, fonts }).chart(order(plan, label)),
      ),
    );
    expect(Buffer.from(letters?.png ?? [])).not.toEqual(Buffer.from(boxes?.png ?? []));
    const [own, both] = [await openFonts(inter, []), await openFonts(inter, [DEJAVU])];
    expect(both.width("Հ", 100, false)).not.toBe(own.width("Հ", 100, false));
  });

  test("measure words as wide as their letters", async () => {
    const { width } = await openFonts(inter, []);
    expect(width("WWWW", 10, false)).toBeGreaterThan(2.5 * width("iiii", 10, false));
    expect(width("Delay", 10, true)).toBeGreaterThan(width("Delay", 10, false));
  });
});
