import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Chosen, SectionPlan } from "../../../src/core/model/report.ts";
import type { Result } from "../../../src/core/model/result.ts";
import type { Run } from "../../../src/core/model/run.ts";
import type { Format } from "../../../src/core/ports/adapter.ts";
import { makeArtifacts } from "../../../src/worker/message/attachments.ts";
import type { Part } from "../../../src/worker/run/parts.ts";
import { datesIn } from "../../dates.ts";
import { NEVER, pigeon, REPORT } from "../open-pipeline.ts";

const RESULT: Result = {
  title: null,
  table: { columns: [], pivotLabels: [], rows: [], rowCount: 3, rowCountIsExact: true },
  filters: {},
  ranAt: new Date(0),
  dates: datesIn("UTC"),
  fromCache: false,
  url: "https://looker.example.com/x",
  sql: null,
  tookMs: 1,
  warnings: [],
};
const RUN = { id: "run1", report: "weekly", dueAt: new Date("2026-11-16T13:00:00Z"), burst: "" } as Run;

/** A format that notes which sections each of its files was asked to hold. */
function note(per: Format<unknown>["per"]) {
  const asked: { sections: readonly number[]; stem: string; bytesMax: number }[] = [];
  const format: Format<unknown> = {
    kind: per,
    per,
    reads: () => "formatted",
    isWhole: () => false,
    async render({ sections, stem, spool, bytesMax }, options) {
      const indexes = sections.map(({ index }) => index);
      asked.push({ sections: indexes, stem, bytesMax });
      const filename = `${(options as { name?: string }).name ?? stem}.x`;
      const file = { path: spool.path(filename), bytes: 1 };
      return { filename, contentType: "text/x", file, rows: 1, sections: indexes };
    },
  };
  return { format, asked };
}

interface Given {
  /** Attached to each section of the report, by its place. */
  readonly sections: readonly (readonly Chosen[])[];
  readonly deliver: readonly (readonly Chosen[])[];
  /** The place of each part; a negative one has words alone. */
  readonly parts: readonly number[];
}

async function filesOf(format: Format<unknown>, given: Given, ensureRoom = async () => {}, result = RESULT) {
  const directory = mkdtempSync(join(tmpdir(), "lookpost-files-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [plan] = REPORT.sections;
  if (plan === undefined) throw new Error("The report has no section.");
  const sections: SectionPlan[] = given.sections.map((attach) => ({ ...plan, attach }));
  const [delivery] = REPORT.deliver;
  if (delivery === undefined) throw new Error("The report has no delivery.");
  const deliver = given.deliver.map((attach) => ({ ...delivery, attach }));
  const parts = given.parts.map((place): Part => {
    const isData = place >= 0;
    const at = Math.abs(place);
    const content = isData ? { source: plan.source, filters: {} } : null;
    return {
      sectionIndex: at,
      plan: sections[at] ?? plan,
      title: null,
      text: null,
      content,
      notice: null,
      isTile: false,
    };
  });
  const files = await makeArtifacts(
    {
      run: RUN,
      report: { ...REPORT, sections, deliver },
      parts,
      results: parts.map(({ content }) => (content === null ? null : result)),
      filters: [],
      shown: parts.map(({ content }) => (content === null ? null : result)),
      message: {
        key: "",
        run: { id: "run1", report: "weekly", title: "Weekly", owner: null, dueAt: "", timezone: "UTC" },
        purpose: "report",
        subject: "Weekly",
        intro: null,
        period: null,
        sections: [],
        notices: [],
        artifacts: [],
        downloads: [],
        pictures: [],
      },
      spool: { directory, path: (name) => join(directory, name), ensureRoom },
      signal: NEVER,
      draw: () => Promise.reject(new Error("Nothing is drawn here.")),
    },
    { format: () => format, destination: () => pigeon().destination },
  );
  return files.map((all) => all.map(({ filename, sections: held }) => ({ filename, sections: held })));
}

const CSV: Chosen = { kind: "csv", options: {} };

test("a format per section makes a file for each that has data, and none for words alone", async () => {
  const { format } = note("section");
  expect(await filesOf(format, { sections: [[], [], []], deliver: [[CSV]], parts: [0, -1, 2] })).toEqual([
    [
      { filename: "weekly-1-2026-11-16.x", sections: [0] },
      { filename: "weekly-3-2026-11-16.x", sections: [2] },
    ],
  ]);
});

test("a format per content makes one file of all tiles of a dashboard, and one of each other section", async () => {
  const { format } = note("content");
  expect(await filesOf(format, { sections: [[], []], deliver: [[CSV]], parts: [0, 1, 1, -1] })).toEqual([
    [
      { filename: "weekly-1-2026-11-16.x", sections: [0] },
      { filename: "weekly-2-2026-11-16.x", sections: [1, 2, 3] },
    ],
  ]);
});

test("a format over all makes one file, and what a section attaches holds that section alone", async () => {
  const { format } = note("all");
  expect(await filesOf(format, { sections: [[], [CSV]], deliver: [[CSV], []], parts: [0, 1, 1] })).toEqual([
    [
      { filename: "weekly-2026-11-16.x", sections: [1, 2] },
      { filename: "weekly-2026-11-16-2.x", sections: [0, 1, 2] },
    ],
    [{ filename: "weekly-2026-11-16.x", sections: [1, 2] }],
  ]);
});

test("what several deliveries ask for alike is made once, within the narrowest destination's limit", async () => {
  const { format, asked } = note("all");
  const named: Chosen = { kind: "csv", options: { name: "own" } };
  await filesOf(format, { sections: [[]], deliver: [[CSV], [CSV, named], [CSV]], parts: [0] });
  expect(asked.map(({ stem, bytesMax }) => ({ stem, bytesMax }))).toEqual([
    { stem: "weekly-2026-11-16", bytesMax: 1_000 },
    { stem: "weekly-2026-11-16", bytesMax: 1_000 },
  ]);
});

test("a file of a large result is not begun where the disk has no room for it", async () => {
  const { format, asked } = note("all");
  const full = new ReportError("The disk has 3 MB left.", { code: "local", retryable: true });
  const noRoom = () => Promise.reject(full);
  const given = { sections: [[]], deliver: [[CSV]], parts: [0] };
  const csv = { formatted: null, raw: null, headingRows: 1, labels: [] };
  await expect(filesOf(format, given, noRoom, { ...RESULT, csv })).rejects.toBe(full);
  expect(asked).toEqual([]);
  expect(await filesOf(format, given, noRoom)).toHaveLength(1);
});
