import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { chartProgram } from "../../../src/app/programs.ts";
import { ReportError } from "../../../src/core/error.ts";
import type { RunClaim } from "../../../src/core/model/entry.ts";
import type { Remembered } from "../../../src/core/model/memory.ts";
import type { SparklineOrder } from "../../../src/core/model/picture.ts";
import type { Chosen, Report, SectionPlan, ShowPlan } from "../../../src/core/model/report.ts";
import type { Result } from "../../../src/core/model/result.ts";
import type { Run } from "../../../src/core/model/run.ts";
import type { Table } from "../../../src/core/model/table.ts";
import type { DrawOrder } from "../../../src/core/ports/adapter.ts";
import { openChartRenderer } from "../../../src/draw/chart-renderer.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { spoolFolder } from "../../../src/worker/process/spool-folder.ts";
import { type MadeShow, makeShow, type ShowDeps, viewOf } from "../../../src/worker/show/show-part.ts";
import { datesIn } from "../../dates.ts";
import {
  amount,
  CARRIER,
  COUNT,
  column,
  DATE,
  daily,
  fields,
  RATE,
  table,
  WEEK,
  words,
} from "../../draw/samples.ts";
import { CLAIM, REPORT } from "../open-pipeline.ts";

const chartRenderer = openChartRenderer({ start: chartProgram.start, fonts: [] });
const KPI: ShowPlan & { kind: "kpi" } = {
  kind: "kpi",
  field: "flights.count",
  compare: "previous",
  partial: "hide",
  history: null,
};
/** After all dates here. */
const LATE = new Date("2026-12-31T00:00:00Z");
const CHART: ShowPlan = { kind: "chart", chart: fields("line", "flights.date", "flights.average_delay") };
const IMAGE: ShowPlan = { kind: "image", width: 1200, height: 600 };
const CHANGES: ShowPlan = { kind: "changes", key: ["flights.carrier"] };

const flights = (rows: Record<string, number>) =>
  table(
    [CARRIER, COUNT],
    Object.entries(rows).map(([carrier, count]) => [words(carrier), amount(count)]),
  );
const weeks = (rows: Record<string, number>) =>
  table(
    [WEEK, COUNT],
    Object.entries(rows).map(([week, count]) => [words(week), amount(count)]),
  );

function resultOf(of: Table, more: Partial<Result> = {}): Result {
  return {
    title: null,
    table: of,
    filters: {},
    ranAt: LATE,
    dates: datesIn("UTC"),
    fromCache: null,
    url: "https://looker.example.com",
    sql: null,
    tookMs: 1,
    warnings: [],
    ...more,
  };
}

function sectionOf(show: ShowPlan, more: Partial<SectionPlan> = {}): SectionPlan {
  return {
    title: "Delays",
    text: null,
    source: { kind: "look", options: { look: 42 } },
    filters: {},
    limit: null,
    rowsShown: 20,
    asInLooker: true,
    show,
    attach: [],
    ...more,
  };
}

/** A report over a real ledger, run after run, each delivered. */
async function openDesk(shows: readonly ShowPlan[], more: Partial<ShowDeps> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-shows-"));
  const ledger = await openSqliteLedger(folder);
  onTestFinished(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const report: Report = { ...REPORT, sections: shows.map((show) => sectionOf(show)) };
  const spools = spoolFolder(join(folder, "spool"));
  const asked: Chosen[] = [];
  const deps = async (id: string): Promise<ShowDeps> => ({
    chartRenderer,
    ledger,
    spool: await spools.open(id),
    signal: new AbortController().signal,
    draw: () => Promise.reject(new ReportError("No picture was asked for.", { code: "protocol" })),
    runHistory: async (source) => {
      asked.push(source);
      return resultOf(weeks({ "2026-10-26": 1, "2026-11-02": 2 }));
    },
    ...more,
  });
  async function taken(day: string, isTrial: boolean): Promise<Run> {
    const dueAt = new Date(`${day}T13:00:00Z`);
    const claim: RunClaim = {
      ...CLAIM,
      id: `run-${day}${isTrial ? "-trial" : ""}`,
      report: report.name,
      dueAt,
      burst: isTrial ? "trial" : "",
      kind: isTrial ? "trial" : "tick",
      at: dueAt,
    };
    await ledger.signIn("w1", "service", dueAt);
    await ledger.claimRun(claim);
    const run = await ledger.takeRun(claim.id, "w1", dueAt);
    if (run === null) throw new Error("not taken");
    return run;
  }
  async function delivered(run: Run, kept: readonly Remembered[]): Promise<void> {
    const fence = { id: run.id, attempt: run.attempts };
    expect(await ledger.remember(fence, kept, run.dueAt)).toBe(true);
    const [delivery] =
      (await ledger.planDeliveries(
        fence,
        [
          {
            id: `delivery-${run.id}`,
            kind: "email",
            target: "ops",
            recipients: "",
            identity: "ops",
            entry: "ops",
          },
        ],
        1,
        run.dueAt,
      )) ?? [];
    const sending = await ledger.takeDelivery(delivery?.id ?? "", "w1", run.dueAt);
    await ledger.settleDelivery(
      { id: sending?.id ?? "", attempt: sending?.attempts ?? 0 },
      { state: "sent", externalId: "1", refused: [], reason: null, bytes: 0 },
      run.dueAt,
    );
  }
  return {
    report,
    ledger,
    asked,
    async show(
      of: Table,
      { day = "2026-11-16", index = 0, isTrial = false, ends = true, ranAt = LATE } = {},
    ) {
      const run = await taken(day, isTrial);
      const section = report.sections[index] ?? sectionOf({ kind: "none" });
      const result = resultOf(of, { ranAt });
      const made = await makeShow(
        {
          section,
          index,
          sectionIndex: index,
          title: "Delays",
          result,
          shown: viewOf({ section, sectionIndex: index, result, report }),
          report,
          run,
        },
        await deps(run.id),
      );
      if (ends && !isTrial) await delivered(run, made.remembered);
      return made;
    },
  };
}

const metricsOf = ({ remembered }: MadeShow) =>
  remembered.flatMap((one) => ("metric" in one ? [one.metric] : []));

test("a table marks the columns of a field, all of a pivoted one", async () => {
  const when = { operator: ">", operand: 0.05 } as const;
  const across = (value: string) => ({
    ...RATE,
    label: `Cancelled rate – ${value}`,
    pivot: { values: [value], isRowTotal: false },
  });
  const desk = await openDesk([{ kind: "table", highlight: [{ field: RATE.name, when }] }]);
  const made = await desk.show(table([CARRIER, across("JFK"), across("LAX")], []));
  expect(made.show).toEqual({
    kind: "table",
    emphasis: [
      { column: 1, when },
      { column: 2, when },
    ],
  });
});

test("a field that is not there fails the report, and says which section and what was meant", async () => {
  const highlight = [{ field: "flights.cuont", when: { operator: ">", operand: 1 } as const }];
  const desk = await openDesk([{ kind: "none" }, { kind: "table", highlight }]);
  await expect(desk.show(flights({ AA: 1 }), { index: 1 })).rejects.toMatchObject({
    code: "config",
    message: expect.stringMatching(/^Section 2, "Delays": .*flights\.cuont/),
    advice: expect.stringContaining("flights.count"),
  });
});

test("a chart whose last week is not over says so", async () => {
  const chart: ShowPlan = { kind: "chart", chart: fields("line", "flights.date_week", "flights.count") };
  const rows = weeks({ "2026-11-02": 1_597, "2026-11-09": 1_637, "2026-11-16": 202 });
  const on = async (ranAt: Date) =>
    (await (await openDesk([chart])).show(rows, { day: "2026-11-17", ranAt })).notices;
  expect(await on(new Date("2026-11-17T13:00:00Z"))).toEqual([
    "Not over yet: week from 16 November, so far (2 of 7 days).",
  ]);
  expect(await on(LATE)).toEqual([]);
});

describe("a KPI", () => {
  test("keeps its values, and draws its past once it has one", async () => {
    const desk = await openDesk([KPI]);
    const first = await desk.show(weeks({ "2026-11-02": 14_683 }), { day: "2026-11-09" });
    expect(first).toMatchObject({
      show: { kpi: { value: "14,683", change: null, sparkline: null } },
      pictures: [],
      notices: [],
    });
    const second = await desk.show(weeks({ "2026-11-09": 15_887 }), { day: "2026-11-16" });
    expect(second.show).toMatchObject({
      kpi: {
        change: { direction: "up", absolute: "1,204", percent: "8.2%" },
        sparkline: "section-1-sparkline.png",
        points: [
          { of: "week from 2 November", value: 14_683 },
          { of: "week from 9 November", value: 15_887 },
        ],
      },
    });
    expect(second.kpi).toEqual({
      field: "flights.count",
      values: { value: "15,887", number: 15_887, direction: "up", change: "1,204", percent: "8.2%" },
    });
    expect(
      readFileSync(second.pictures[0]?.file.path ?? "")
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
  });

  test("is compared with the last run that was delivered, not with a later or a failed one", async () => {
    const desk = await openDesk([{ ...KPI, compare: "run" }]);
    const total = (value: number) => table([COUNT], [[amount(value)]]);
    expect((await desk.show(total(10), { day: "2026-11-02" })).show).toMatchObject({
      kpi: { withoutChange: "no earlier report yet" },
    });
    await desk.show(total(99), { day: "2026-11-09", ends: false });
    expect((await desk.show(total(15), { day: "2026-11-16", isTrial: true })).show).toMatchObject({
      kpi: { change: { from: "10", against: "in the last report, 2 Nov 2026" } },
    });
  });

  test("of a week that is not over is shown dashed where it is wanted, and kept by no run", async () => {
    const tuesday = { day: "2026-11-17", ranAt: new Date("2026-11-17T13:00:00Z") };
    const rows = weeks({ "2026-11-02": 1_597, "2026-11-09": 1_637, "2026-11-16": 202 });
    const metric = (made: MadeShow) => made.remembered.flatMap((one) => ("points" in one ? one.points : []));
    const kept = [
      { on: "2026-11-02", value: 1_597 },
      { on: "2026-11-09", value: 1_637 },
    ];
    const hidden = await (await openDesk([KPI])).show(rows, tuesday);
    expect(hidden.show).toMatchObject({ kpi: { value: "1,637", points: [{}, {}] } });
    const lines: SparklineOrder[] = [];
    const seen = {
      ...chartRenderer,
      sparkline: (order: SparklineOrder) => {
        lines.push(order);
        return chartRenderer.sparkline(order);
      },
    };
    const desk = await openDesk([{ ...KPI, partial: "show" }], { chartRenderer: seen });
    const shown = await desk.show(rows, tuesday);
    expect(shown.show).toMatchObject({ kpi: { value: "202", change: null, isPartial: true } });
    expect(shown.pictures[0]?.alt).toBe(
      "Flights, 3 values, the first in the week from 2 November, the last in the week from 16 November: now 202 so far, lowest in the week from 16 November, highest in the week from 9 November.",
    );
    expect(lines).toEqual([{ values: [1_597, 1_637, 202], isLastPartial: true }]);
    expect([metric(hidden), metric(shown)]).toEqual([kept, kept]);
  });

  test("imports its past once", async () => {
    const history = {
      source: { kind: "look", options: { look: 99 } },
      date: "flights.date_week",
      value: "flights.count",
    };
    const desk = await openDesk([{ ...KPI, history }]);
    const made = await desk.show(weeks({ "2026-11-09": 3 }), { day: "2026-11-09" });
    expect(made.show).toMatchObject({
      kpi: {
        change: { from: "2", against: "in the week from 2 November" },
        points: [{ value: 1 }, { value: 2 }, { value: 3 }],
      },
    });
    await desk.show(weeks({ "2026-11-16": 4 }), { day: "2026-11-16" });
    expect(desk.asked).toEqual([history.source]);
  });

  test("whose past cannot be had says so, and asks again next time", async () => {
    const history = {
      source: { kind: "look", options: {} },
      date: "flights.date_week",
      value: "flights.count",
    };
    let fails = true;
    const desk = await openDesk([{ ...KPI, history }], {
      runHistory: async () => {
        if (fails) throw new ReportError("Looker is away.", { code: "unavailable" });
        return resultOf(weeks({ "2026-10-26": 1 }));
      },
    });
    expect((await desk.show(weeks({ "2026-11-09": 3 }), { day: "2026-11-09" })).notices).toEqual([
      expect.stringContaining("Looker was not reached"),
    ]);
    fails = false;
    expect((await desk.show(weeks({ "2026-11-16": 4 }), { day: "2026-11-16" })).show).toMatchObject({
      kpi: { points: [{ value: 1 }, { value: 3 }, { value: 4 }] },
    });
  });

  test("whose past has no dates or no numbers fails the report", async () => {
    const history = {
      source: { kind: "look", options: {} },
      date: "flights.carrier",
      value: "flights.count",
    };
    const desk = await openDesk([{ ...KPI, history }], {
      runHistory: async () => resultOf(flights({ AA: 1 })),
    });
    await expect(desk.show(weeks({ "2026-11-09": 3 }))).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining('a date in "flights.carrier"'),
    });
  });

  test("of a result that is not all at hand says so", async () => {
    const made = await (await openDesk([KPI])).show({ ...weeks({ "2026-11-09": 3 }), rowCount: 90_000 });
    expect(made.notices).toEqual(["This figure was looked for in the first 1 of 90,000 rows only."]);
  });

  test("of an earlier tick knows nothing of later ones", async () => {
    const desk = await openDesk([KPI]);
    await desk.show(weeks({ "2026-10-26": 1 }), { day: "2026-11-02" });
    await desk.show(weeks({ "2026-11-09": 3 }), { day: "2026-11-16" });
    const made = await desk.show(weeks({ "2026-11-02": 2 }), { day: "2026-11-09" });
    expect(made.show).toMatchObject({
      kpi: { change: { against: "in the week from 26 October" }, points: [{ value: 1 }, { value: 2 }] },
    });
  });

  test("of a trial leaves nothing behind", async () => {
    const desk = await openDesk([KPI]);
    const made = await desk.show(weeks({ "2026-11-09": 3 }), { isTrial: true });
    expect(made.remembered).toEqual([]);
  });

  test("by week and by day are two metrics, and two of the same field two more", async () => {
    const desk = await openDesk([KPI, KPI, KPI]);
    const metrics = [
      metricsOf(await desk.show(weeks({ "2026-11-09": 3 }), { day: "2026-11-14", index: 0 })),
      metricsOf(await desk.show(weeks({ "2026-11-09": 4 }), { day: "2026-11-15", index: 1 })),
      metricsOf(
        await desk.show(table([DATE, COUNT], [[words("2026-11-09"), amount(5)]]), {
          day: "2026-11-16",
          index: 1,
        }),
      ),
    ].flat();
    expect(new Set(metrics).size).toBe(3);
    const values = metrics.map((metric) => desk.ledger.points(desk.report.name, metric, 10));
    expect(await Promise.all(values)).toMatchObject([[{ value: 3 }], [{ value: 4 }], [{ value: 5 }]]);
  });

  test("that is text fails the report", async () => {
    const desk = await openDesk([{ ...KPI, field: "flights.carrier" }]);
    await expect(desk.show(flights({ AA: 1 }))).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("is text"),
    });
  });
});

describe("a chart", () => {
  test("is a picture of the message, with its figures in words", async () => {
    const made = await (await openDesk([CHART])).show(daily(30));
    expect(made).toMatchObject({
      show: { kind: "chart", picture: "section-1-chart.png", series: { mark: "line" } },
      notices: [],
      pictures: [{ width: 420, alt: expect.stringContaining("30 points from 1 August to 30 August") }],
    });
    expect(readFileSync(made.pictures[0]?.file.path ?? "")).toHaveLength(made.pictures[0]?.file.bytes ?? 0);
  });

  test("with letters that no font has is its table, without a word to recipients", async () => {
    const desk = await openDesk([CHART]);
    const runes = { ...daily(30), columns: daily(30).columns.map((one) => ({ ...one, label: "ᚠᚱ" })) };
    expect(await desk.show(runes)).toMatchObject({
      show: { kind: "chart", picture: null, series: { mark: "line" } },
      pictures: [],
      notices: [],
    });
  });

  test("of some of the rows says so; of none there is none", async () => {
    const desk = await openDesk([CHART]);
    expect((await desk.show({ ...daily(30), rowCount: 31_000 }, { day: "2026-11-09" })).notices).toEqual([
      "The chart shows the first 30 of 31,000 rows.",
    ]);
    expect(await desk.show(daily(0), { day: "2026-11-16" })).toMatchObject({
      show: { picture: null },
      notices: [],
    });
  });

  test("whose spec is wrong fails the report; what fails otherwise is told, and the report goes on", async () => {
    const wrong = await openDesk([
      { kind: "none" },
      {
        kind: "chart",
        chart: { kind: "vega_lite", spec: { data: { url: "http://127.0.0.1:1/" }, mark: "bar" } },
      },
    ]);
    await expect(wrong.show(daily(3), { index: 1 })).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(/^Section 2, .*vega_lite\.data\.url/),
    });
    const pie = await openDesk([{ kind: "chart", chart: fields("arc", "flights.carrier", "flights.count") }]);
    expect(await pie.show(flights({ AA: -1, DL: 2 }))).toMatchObject({
      show: { picture: null, series: null },
      notices: [],
    });
  });
});

describe("an image", () => {
  const png = async (order: DrawOrder) => {
    const path = join(mkdtempSync(join(tmpdir(), "lookpost-image-")), "image.png");
    onTestFinished(() => rmSync(join(path, ".."), { recursive: true, force: true }));
    const header = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
    const size = Buffer.alloc(8);
    size.writeUInt32BE(order.width, 0);
    size.writeUInt32BE(order.height, 4);
    await writeFile(path, Buffer.concat([header, size]));
    return { file: { path, bytes: 24 }, contentType: "image/png" };
  };

  test("is shown at half its pixels where it is wide, and says what its rows are", async () => {
    const desk = await openDesk([IMAGE, { ...IMAGE, width: 600, height: 400 }], { draw: png });
    const rows = flights({ AA: 1204, DL: 900, UA: 5, WN: 4 });
    expect(await desk.show(rows, { day: "2026-11-09" })).toMatchObject({
      show: { kind: "image", picture: "section-1-image.png" },
      pictures: [
        {
          width: 600,
          height: 300,
          alt: "Delays, as Looker draws it: 4 rows; first Carrier AA, Flights 1,204; Carrier DL, Flights 900; Carrier UA, Flights 5.",
        },
      ],
    });
    expect((await desk.show(rows, { index: 1 })).pictures).toMatchObject([{ width: 600, height: 400 }]);
  });

  test.each([
    [
      "that Looker fails to draw",
      async () =>
        Promise.reject(new ReportError("The render task 12 at looker:19999 failed.", { code: "database" })),
      "Looker tried, and failed.",
    ],
    [
      "that takes too long",
      async () => Promise.reject(new ReportError("It did not end.", { code: "timeout", limitMs: 300_000 })),
      "Looker was not done within 5 min 0 s.",
    ],
    [
      "that cannot be drawn of such content",
      async () => Promise.reject(new ReportError("A query has no PDF.", { code: "config" })),
      "it cannot be had as the report asks for it.",
    ],
    [
      "that is none",
      async () => ({ file: { path: import.meta.filename, bytes: 1 }, contentType: "text/plain" }),
      "what Looker sent could not be read.",
    ],
  ])("%s leaves its table and a notice", async (_, draw, words) => {
    const made = await (await openDesk([IMAGE], { draw })).show(flights({ AA: 1 }));
    expect(made).toMatchObject({
      show: { kind: "image", picture: null },
      pictures: [],
      notices: [`Looker could not draw this, so here is its table: ${words}`],
    });
  });

  test("is given up with the run, and for its reason", async () => {
    const stop = new AbortController();
    const reason = new ReportError("The worker stops.", { code: "cancelled" });
    const desk = await openDesk([IMAGE], {
      signal: stop.signal,
      draw: async () => {
        stop.abort(reason);
        throw new Error("aborted");
      },
    });
    await expect(desk.show(flights({ AA: 1 }))).rejects.toBe(reason);
  });
});

describe("changes", () => {
  test("are told since the last delivered run", async () => {
    const desk = await openDesk([CHANGES]);
    expect((await desk.show(flights({ AA: 1, DL: 2 }), { day: "2026-11-02" })).show).toMatchObject({
      changes: { since: null },
    });
    const made = await desk.show(flights({ AA: 5, UA: 3 }), { day: "2026-11-09" });
    expect(made).toMatchObject({
      notices: [],
      show: {
        changes: { since: "2026-11-02T13:00:00.000Z", counts: { added: 1, gone: 1, moved: 1, same: 0 } },
      },
    });
  });

  test("by two keys of the same rows are kept apart", async () => {
    const desk = await openDesk([CHANGES, CHANGES, { kind: "changes", key: ["flights.count"] }]);
    const names = [];
    for (const index of [0, 1, 2])
      names.push(
        ...(await desk.show(flights({ AA: 1 }), { day: `2026-11-0${index + 1}`, index })).remembered,
      );
    expect(new Set(names.map((one) => ("name" in one ? one.name : ""))).size).toBe(3);
  });

  test("of more rows than can be kept say how many are compared", async () => {
    const desk = await openDesk([CHANGES]);
    expect(
      (await desk.show({ ...flights({ AA: 1 }), rowCount: 31_000 }, { day: "2026-11-02" })).notices,
    ).toEqual(["Only the first 1 of 31,000 rows are compared."]);
    expect(
      (await desk.show({ ...flights({ AA: 1 }), rowCountIsExact: false }, { day: "2026-11-09" })).notices[0],
    ).toContain("rows beyond it are not compared");
  });

  test("by a field that is not there fail the report", async () => {
    const desk = await openDesk([{ kind: "changes", key: ["flights.carier"] }]);
    await expect(desk.show(table([CARRIER, column("flights.x", "X")], []))).rejects.toMatchObject({
      advice: expect.stringContaining("flights.carrier"),
    });
  });
});
