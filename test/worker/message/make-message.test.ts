import { readdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Message } from "../../../src/core/model/message.ts";
import type { Chosen, Report, SectionPlan, ShowPlan } from "../../../src/core/model/report.ts";
import type { Format, Source, SourceContext } from "../../../src/core/ports/adapter.ts";
import { hashOf, openLinkStore } from "../../../src/server/link-store.ts";
import { amount, CARRIER, COUNT, fields, table, words } from "../../draw/samples.ts";
import {
  CLAIM,
  DUE,
  type Given,
  NEVER,
  type Opened,
  openPipeline,
  pigeon,
  present,
  REPORT,
  SENT,
  well,
} from "../open-pipeline.ts";

const DAY_MS = 86_400_000;
const IMAGE: ShowPlan = { kind: "image", width: 100, height: 100 };
const NO_SUCH: ShowPlan = { kind: "kpi", field: "no.such", compare: "none", partial: "hide", history: null };
const FLIGHTS = table(
  [CARRIER, COUNT],
  [
    [words("AA"), amount(1)],
    [words("DL"), amount(2)],
  ],
);

function section(show: ShowPlan, more: Partial<SectionPlan> = {}): SectionPlan {
  const [plan] = REPORT.sections;
  if (plan === undefined) throw new Error("The report has no section.");
  return { ...plan, show, ...more };
}

function reportOf(shows: readonly ShowPlan[], more: Partial<Report> = {}): Report {
  return { ...REPORT, sections: shows.map((show) => section(show)), ...more };
}

type Draw = NonNullable<Source<unknown>["draw"]>;

function drawing(draw: Draw, of = FLIGHTS): Source<unknown> {
  return { ...well(async () => ({ table: of })), draw };
}

/** Hangs until it is aborted, as a renderer that is out; `seen`: the signal it hears. */
function hanging() {
  const seen: AbortSignal[] = [];
  const draw: Draw = (_options, _request, _order, { signal }) => {
    seen.push(signal);
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  return { seen, draw };
}

function sectionOf(message: Message | undefined, index = 0) {
  const found = message?.sections[index];
  if (found === undefined) throw new Error(`There is no section ${index}.`);
  return found;
}

describe("once an attempt has ended", () => {
  test("nothing of it goes on: what others draw is given up with the first failure, and has ended by then", async () => {
    const { seen, draw } = hanging();
    const house = await openPipeline({
      source: drawing(draw),
      report: () => reportOf([IMAGE, NO_SUCH]),
    });
    const run = await house.run();
    expect(run).toMatchObject({ state: "failed", reason: expect.stringContaining("no.such") });
    expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test("of several files, one that cannot be made ends the others", async () => {
    const { seen, draw } = hanging();
    const house = await openPipeline({
      source: drawing(draw),
      report: () => reportOf([{ kind: "none" }], { deliver: [attached("png", "broken")] }),
    });
    const broken: Format<unknown> = {
      kind: "broken",
      per: "all",
      reads: () => null,
      isWhole: () => false,
      render: async () => {
        throw new ReportError("This file cannot be made.", { code: "config" });
      },
    };
    const formats = { png: drawn("png"), broken } as Record<string, Format<unknown>>;
    const run = await withFormats(house, formats).run();
    expect(run).toMatchObject({ state: "failed", reason: "This file cannot be made." });
    expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test("its signal is aborted, though it ended well", async () => {
    const seen: AbortSignal[] = [];
    const source = well(async ({ signal }) => {
      seen.push(signal);
      return {};
    });
    const house = await openPipeline({ source });
    expect((await house.run()).state).toBe("delivered");
    expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test("a chart that is being drawn is let go", async () => {
    const heard: (AbortSignal | undefined)[] = [];
    const house = await openPipeline({
      source: well(async () => ({ table: FLIGHTS })),
      report: () =>
        reportOf([{ kind: "chart", chart: fields("bar", "flights.carrier", "flights.count") }, NO_SUCH]),
      chartRenderer: {
        chart: ({ signal }) => {
          heard.push(signal);
          return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
        },
        sparkline: async () => null,
      },
    });
    expect((await house.run()).state).toBe("failed");
    expect(heard.map((signal) => signal?.aborted)).toEqual([true]);
  });
});

function attached(...kinds: readonly string[]) {
  const [delivery] = REPORT.deliver;
  if (delivery === undefined) throw new Error("The report has no delivery.");
  return { ...delivery, attach: kinds.map((kind): Chosen => ({ kind, options: {} })) };
}

/** A file as Looker draws it. */
function drawn(format: "png" | "pdf"): Format<unknown> {
  return {
    kind: format,
    per: "content",
    reads: () => null,
    isWhole: () => false,
    draws: format,
    async render({ draw, stem }) {
      const { file, contentType } = await draw({ format, width: 100, height: 100, maxMs: 600_000 });
      return { filename: `${stem}.${format}`, contentType, file, rows: null, sections: [] };
    },
  };
}

/** A text of so many bytes for each section. */
function filler(bytes: number): Format<unknown> {
  return {
    kind: "file",
    per: "section",
    reads: () => "formatted",
    isWhole: () => false,
    async render({ stem, spool, sections }) {
      const path = spool.path(`${stem}.csv`);
      await writeFile(path, "a".repeat(bytes));
      const indexes = sections.map(({ index }) => index);
      const filename = `${stem}.csv`;
      return { filename, contentType: "text/csv", file: { path, bytes }, rows: 1, sections: indexes };
    },
  };
}

function withFormats(house: Opened, formats: Record<string, Format<unknown>>): Opened {
  const { adapters } = house.worker;
  Object.assign(adapters, {
    format: (kind: string) => formats[kind] ?? formats.file ?? adapters.format(kind),
  });
  return house;
}

describe("a renderer that hangs", () => {
  const hangs: Draw = async (_options, _request, { maxMs }, { signal }) => {
    await sleep(maxMs, undefined, { signal });
    throw new ReportError("Looker did not draw Look 1: it hung at looker.internal.", {
      code: "timeout",
      limitMs: maxMs,
    });
  };

  test("leaves a report its time, however many pictures it has, and however much its queries took", async () => {
    const { destination, carried } = pigeon();
    const report = reportOf(
      Array.from({ length: 7 }, () => IMAGE),
      { timeoutMs: 5_000 },
    );
    const slow = well(async ({ signal }) => {
      await sleep(3_000, undefined, { signal });
      return { table: FLIGHTS };
    });
    const house = await openPipeline({ destination, source: { ...slow, draw: hangs }, report: () => report });
    expect(await house.run()).toMatchObject({ state: "delivered", reason: null });
    const notices = carried[0]?.message.sections.flatMap((one) => one.notices) ?? [];
    expect(notices).toHaveLength(7);
    for (const notice of notices) expect(notice).toMatch(/here is its table: Looker was not done within/);
  });

  test("at a file that was promised is tried again, and fails in the end with words about the drawing", async () => {
    const report = reportOf([{ kind: "none" }], {
      timeoutMs: 2_000,
      retry: { triesMax: 2, overMs: 60_000 },
      deliver: [attached("png")],
    });
    const house = await openPipeline({ source: drawing(hangs), report: () => report });
    withFormats(house, { png: drawn("png") });
    expect(await house.run()).toMatchObject({ state: "waiting", tries: 1 });
    for (let tries = 0; tries < 6; tries += 1) {
      const run = present(await house.ledger.run("run1"));
      if (run.endedAt === null) await house.next();
    }
    const run = present(await house.ledger.run("run1"));
    expect(run.state).toBe("failed");
    expect(run.reason).toMatch(/^The png to be attached could not be had\. Looker did not draw/);
    expect(run.reason).not.toContain("queries");
  });

  test("that heeds no limit is told as what was under way, not as queries", async () => {
    const { draw } = hanging();
    const report = reportOf([IMAGE], { timeoutMs: 2_000, retry: { triesMax: 1, overMs: 0 } });
    const house = await openPipeline({ source: drawing(draw), report: () => report });
    const run = await house.run();
    expect(run).toMatchObject({
      state: "failed",
      reason: expect.stringContaining("pictures were not drawn within"),
    });
  });
});

describe("recipients", () => {
  test("read in plain words why a picture is missing; its details are an event, without secrets", async () => {
    const { destination, carried } = pigeon();
    const draw: Draw = async () => {
      throw new ReportError("GET /render_tasks: nothing listens at looker.internal:19999 for hunter2", {
        code: "unavailable",
      });
    };
    const house = await openPipeline({ destination, source: drawing(draw), report: () => reportOf([IMAGE]) });
    await house.run();
    expect(sectionOf(carried[0]?.message).notices).toEqual([
      "Looker could not draw this, so here is its table: Looker was not reached.",
    ]);
    expect(house.events.filter(({ kind }) => kind === "section_incomplete")).toMatchObject([
      { section: 0, reason: "GET /render_tasks: nothing listens at looker.internal:19999 for [hidden]" },
    ]);
  });

  test("are spared what Looker warns of, and the ledger gets no secret out of it", async () => {
    const { destination, carried } = pigeon();
    const source = well(async () => ({ warnings: ["In development mode as hunter2."] }));
    const house = await openPipeline({ destination, source });
    await house.run();
    expect(sectionOf(carried[0]?.message).notices).toEqual([]);
    expect((await house.ledger.sections("run1"))[0]?.warnings).toEqual(["In development mode as [hidden]."]);
  });

  test.each([
    ["a pie of zeros", [0, 0], /^A pie of zeros has no parts\. Draw it with mark: bar/],
    ["a pie of losses", [-1, 2], /^A pie cannot show negative values\./],
    ["a pie of eight parts", [1, 2, 3, 4, 5, 6, 7, 8], /^The pie would have 8 parts, and is drawn as bars\./],
    ["a pie without values", [null, null], /^The chart has nothing to draw: none of its 2 rows has a value/],
  ])("are spared the advice that %s needs, which history has", async (_, counts, advice) => {
    const { destination, carried } = pigeon();
    const rows = counts.map((count, index) => [words(`C${index}`), amount(count)]);
    const source = well(async () => ({ table: table([CARRIER, COUNT], rows), warnings: ["Of its own."] }));
    const chart = fields("arc", "flights.carrier", "flights.count");
    const report = reportOf([{ kind: "chart", chart }]);
    const house = await openPipeline({ destination, source, report: () => report });
    await house.run();
    expect(sectionOf(carried[0]?.message).notices).toEqual([]);
    const [recorded] = await house.ledger.sections("run1");
    expect(recorded?.warnings).toEqual(["Of its own.", expect.stringMatching(advice)]);
    expect(recorded?.rows).toBe(counts.length);
  });

  test("of a report sent again late get links that still open", async () => {
    const { destination, carried } = pigeon();
    const opened: Opened[] = [];
    const offers = () => {
      const [house] = opened;
      if (house === undefined) throw new Error("It is not open yet.");
      let bytes = carried.length;
      return openLinkStore({
        ledger: house.ledger,
        spoolRoot: join(house.folder, "spool"),
        baseUrl: "https://lookpost.example.com",
        keepMs: () => 7 * DAY_MS,
        clock: house.clock,
        randomBytes: (length) => {
          bytes += 1;
          return new Uint8Array(length).fill(bytes);
        },
      });
    };
    const given: Given = {
      destination,
      report: () => reportOf([{ kind: "none" }], { link: "embed" }),
      links: {
        file: (file, run) => offers().file(file, run),
        embed: (url, run) => offers().embed(url, run),
        unsubscribe: (who, run) => offers().unsubscribe(who, run),
      },
    };
    const house = await openPipeline(given);
    opened.push(house);
    await house.run();
    for (const days of [6.9, 1]) {
      house.clock.advance(days * DAY_MS);
      await house.ledger.resendDelivery((await house.only()).id, null, house.clock.now());
      await house.settle();
      const url = sectionOf(carried.at(-1)?.message).data?.url ?? "";
      const link = await house.ledger.link(hashOf(url.split("/").at(-1) ?? ""), house.clock.now());
      expect(link?.target).toEqual({ kind: "embed", url: "https://looker.example.com/x" });
    }
  });
});

describe("what one section asks for besides its query", () => {
  const history = { source: { kind: "well", options: {} }, date: "flights.carrier", value: "flights.count" };
  const report = reportOf([
    { kind: "kpi", field: "flights.count", compare: "previous", partial: "hide", history },
  ]);
  const figures = table([COUNT], [[amount(3)]]);

  test("is not told as the section's own task, nor expected to take as long", async () => {
    const expected = new Map<string, number | null>();
    const source = well(async ({ prefix, tasks, signal, expectedMs }: SourceContext) => {
      expected.set(prefix, expectedMs);
      await tasks.find(prefix, signal);
      await tasks.created(prefix, `task of ${prefix}`);
      return { table: figures };
    });
    const house = await openPipeline({ source, report: () => report });
    await house.run();
    expect((await house.ledger.sections("run1")).map(({ taskId }) => taskId)).toEqual(["task of section-1-"]);
    await house.ledger.claimRun({
      ...CLAIM,
      id: "next",
      dueAt: new Date(DUE.getTime() + 7 * DAY_MS),
      at: house.clock.now(),
    });
    await house.settle();
    expect(expected.get("section-1-")).toBe(10);
    expect([...expected].filter(([prefix]) => prefix.includes("history"))).toEqual([
      ["section-1-history-", null],
    ]);
  });
});

test("what is said of a tile that cannot be run is told without secrets too", async () => {
  const { destination, carried } = pigeon();
  const expand = async () => [
    { title: "Flights", text: null, content: null, notice: "The tile has no query that hunter2 may see." },
  ];
  const house = await openPipeline({ destination, source: { ...well(), expand } });
  await house.run();
  expect(sectionOf(carried[0]?.message).notices).toEqual(["The tile has no query that [hidden] may see."]);
});

describe("a tile of one number", () => {
  const tiles = (show: ShowPlan) => {
    const { destination, carried } = pigeon();
    const source: Source<unknown> = {
      ...well(async () => ({ table: table([COUNT], [[amount(7)]]) })),
    };
    const dashboard: Source<unknown> = {
      ...source,
      expand: async () => [
        {
          title: "Flights",
          text: null,
          content: { source: { kind: "tile", options: {} }, filters: {} },
          notice: null,
        },
      ],
    };
    const report = reportOf([show]);
    return { destination, carried, source, dashboard, report };
  };

  test.each([
    ["is shown as a figure", [], "kpi"],
    [
      "is shown as a table where its cells are highlighted",
      [{ field: "flights.count", when: { operator: ">", value: 5 } }],
      "table",
    ],
  ] as const)("%s", async (_name, highlight, kind) => {
    const { destination, carried, source, dashboard, report } = tiles({
      kind: "table",
      highlight: highlight as (ShowPlan & { kind: "table" })["highlight"],
    });
    const house = await openPipeline({ destination, report: () => report });
    Object.assign(house.worker.adapters, {
      source: (word: string) => (word === "tile" ? source : dashboard),
    });
    await house.run();
    expect(sectionOf(carried[0]?.message).data?.show.kind).toBe(kind);
  });
});

describe("one delivery's message", () => {
  test("has the filled title in its own words, and only as many rows as are shown", async () => {
    const { destination, carried } = pigeon();
    const told: unknown[] = [];
    const many = table(
      [COUNT],
      Array.from({ length: 30 }, (_, index) => [amount(index)]),
    );
    const report: Report = {
      ...reportOf([{ kind: "table", highlight: [] }]),
      title: "Weekly of {{ run.date }}",
      deliver: [
        {
          destination: { kind: "pigeon", options: { to: "Ana", subject: "{{ report.title }}" } },
          attach: [],
        },
      ],
    };
    const keeping = {
      ...destination,
      deliver: (...given: Parameters<typeof destination.deliver>) => {
        told.push(given[1]);
        return destination.deliver(...given);
      },
    };
    const house = await openPipeline({
      destination: keeping,
      source: well(async () => ({ table: many })),
      report: () => report,
    });
    await house.run();
    expect(told).toEqual([{ to: "Ana", subject: "Weekly of 2026-11-16" }]);
    expect(sectionOf(carried[0]?.message).data?.table).toMatchObject({ rowCount: 30 });
    expect(sectionOf(carried[0]?.message).data?.table.rows).toHaveLength(10);
  });

  test("counts its pictures among what may be attached, and says what was done to the files", async () => {
    const { destination, carried } = pigeon();
    const report = reportOf([{ kind: "chart", chart: fields("bar", "flights.carrier", "flights.count") }], {
      deliver: [attached("file")],
    });
    const house = await openPipeline({
      destination,
      report: () => report,
      source: well(async () => ({ table: FLIGHTS })),
      chartRenderer: {
        chart: async () => ({
          png: new Uint8Array(400),
          width: 10,
          height: 10,
          alt: "A chart.",
          series: null,
          missing: [],
        }),
        sparkline: async () => null,
      },
    });
    await withFormats(house, { file: filler(700) }).run();
    const message = carried[0]?.message;
    // 700 bytes would fit below 1,000 by themselves.
    expect(message?.artifacts.map(({ filename }) => filename)).toEqual(["weekly-2026-11-16.csv.gz"]);
    expect(message?.notices).toEqual([expect.stringContaining("is compressed to stay below 1 kB")]);
    expect((await house.only()).bytes).toBe(400 + (message?.artifacts[0]?.file.bytes ?? 0));
  });

  test("shows its tables where its pictures would take the room of the files, and says so", async () => {
    const { destination, carried } = pigeon();
    const report = reportOf([{ kind: "chart", chart: fields("bar", "flights.carrier", "flights.count") }], {
      deliver: [attached("file")],
    });
    const chart = {
      png: new Uint8Array(600),
      width: 10,
      height: 10,
      alt: "A chart.",
      series: null,
      missing: [],
    };
    const house = await openPipeline({
      destination,
      report: () => report,
      source: well(async () => ({ table: FLIGHTS })),
      chartRenderer: { chart: async () => chart, sparkline: async () => null },
    });
    await withFormats(house, { file: filler(700) }).run();
    const message = carried[0]?.message;
    expect(message?.pictures).toEqual([]);
    expect(message?.artifacts.map(({ filename }) => filename)).toEqual(["weekly-2026-11-16.csv"]);
    expect([...(message?.notices ?? []), ...(message?.sections[0]?.notices ?? [])].join(" ")).toMatch(
      /picture/i,
    );
  });

  test("is made again and again without leaving more files behind", async () => {
    let tries = 0;
    const { destination } = pigeon(async () => {
      tries += 1;
      return tries < 4 ? { kind: "again", reason: "busy", retryAfterMs: null } : SENT;
    });
    const house = await openPipeline({
      destination,
      report: () => ({ ...REPORT, deliver: [attached("file")] }),
    });
    await withFormats(house, { file: filler(5_000) }).run();
    const folder = join(house.folder, "spool", "run1-1");
    const first = readdirSync(folder);
    for (let more = 0; more < 3; more += 1) await house.next();
    expect((await house.only()).state).toBe("sent");
    expect(readdirSync(folder)).toEqual(first);
  });

  test("knows of two figures of one field the first", async () => {
    const { destination } = pigeon();
    const told: unknown[] = [];
    const keeping = {
      ...destination,
      deliver: (...given: Parameters<typeof destination.deliver>) => {
        told.push(given[1]);
        return destination.deliver(...given);
      },
    };
    const kpi: ShowPlan = {
      kind: "kpi",
      field: "flights.count",
      compare: "none",
      partial: "hide",
      history: null,
    };
    const report: Report = {
      ...REPORT,
      sections: [section(kpi, { limit: 1 }), section(kpi, { limit: 2 })],
      deliver: [
        {
          destination: { kind: "pigeon", options: { to: "Ana", subject: "{{ kpi.flights.count }}" } },
          attach: [],
        },
      ],
    };
    const base = well();
    const source: Source<unknown> = {
      ...base,
      run: async (options, request, context) => ({
        ...(await base.run(options, request, context)),
        table: table([COUNT], [[amount(request.limit ?? 0)]]),
      }),
    };
    const house = await openPipeline({ destination: keeping, source, report: () => report });
    await house.run();
    expect(told).toEqual([{ to: "Ana", subject: "1" }]);
  });
});

test("two workers on one disk that make a run's files once more at the same time both have them whole", async () => {
  let asked = 0;
  let open: () => void = () => undefined;
  const both = new Promise<void>((resolve) => {
    open = resolve;
  });
  const source = well(async () => {
    asked += 1;
    // The first of all is the run itself; then the two wait for each other.
    if (asked === 3) open();
    if (asked > 1) await both;
    return { table: FLIGHTS };
  });
  const house = await openPipeline({ source, report: () => ({ ...REPORT, deliver: [attached("file")] }) });
  withFormats(house, { file: filler(50) });
  const run = await house.run();
  await rm(join(house.folder, "spool"), { recursive: true });
  const making = { run, report: present(house.worker.report("weekly")), owner: "me", signal: NEVER };
  // What a process knows of its own work, the other does not.
  const workers = [];
  for (let number = 1; number <= 2; number += 1) {
    vi.resetModules();
    workers.push((await import("../../../src/worker/run/make.ts")).madeBefore);
  }
  const made = await Promise.all(workers.map((madeBefore) => madeBefore(making, house.worker)));
  for (const { stored } of made) {
    const [files = []] = Object.values(stored.attached);
    expect(
      files.map(({ file }) =>
        readdirSync(join(house.folder, "spool", "run1-1")).includes(file.path.split("/").at(-1) ?? ""),
      ),
    ).toEqual([true]);
  }
  expect(readdirSync(join(house.folder, "spool"))).toEqual(["run1-1"]);
});
