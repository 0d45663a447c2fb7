import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { hasOffice } from "../render/xlsx/office.ts";
import { hasPython } from "../render/xlsx/read.ts";
import { run } from "./program.ts";

// The whole way: the program runs a report, the mail server keeps the email, Python reads it and asks Looker itself what should be in
// each cell. Nothing here reads a file by lookpost's own code.

if (!hasPython) console.warn("Skipped: there is no python3 to read the files with");
const skipped = hasPython ? "" : " (SKIPPED: there is no python3)";
const HEAD = `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
`;

type Query = Readonly<Record<string, unknown>>;

const flights = (fields: readonly string[], limit: number, more: object = {}): Query => {
  return { model: "faa", explore: "flights", fields, limit, ...more };
};
const odd = (explore: string, names: readonly string[], limit: number, more: object = {}): Query => {
  return { model: "sandbox", explore, fields: names.map((name) => `${explore}.${name}`), limit, ...more };
};

const TYPED = [
  ...["id", "date_time", "date_date", "date_week", "date_month", "date_year", "date_day_of_week"],
  ...["date_hour_of_day", "is_delayed", "delay_tier", "distance", "delay"],
].map((field) => `flights.${field}`);
const BY_ID = { sorts: ["flights.id"] };
const PIVOT = ["flights.date_month", "flights.delay_tier"];
const PIVOTED = [...PIVOT, "flights.count", "flights.average_delay", "flights.fuel_cost"];
const HOSTILE = ["id", "kind", "text", "amount"];
const HOSTILE_ORDER = { sorts: ["hostile.id"] };
const generated = (rows: number, limit: number) =>
  odd("generated", ["id", "name", "amount", "day", "note"], limit, {
    filters: { "generated.rows": String(rows) },
  });

/** The sections of the reports, by their titles. Above 5,000 rows asked for, a result comes as CSV and is held nowhere. */
const REPORTS: Readonly<Record<string, Readonly<Record<string, Query>>>> = {
  ordinary: {
    Totals: flights(
      ["flights.origin", "origin.city", "flights.count", "flights.delayed_rate", "flights.average_delay"],
      500,
      { totals: true, sorts: ["flights.average_delay"] },
    ),
    Pivot: flights(["origin.state", ...PIVOTED], 100, {
      pivots: PIVOT,
      sorts: [...PIVOT, "origin.state"],
      column_limit: 5,
      totals: true,
      row_totals: true,
    }),
    Types: flights([...TYPED, "origin.latitude"], 300, BY_ID),
    Repeated: flights(["flights.route", "origin.country", "destination.country", "flights.count"], 50, {
      sorts: ["flights.count desc", "flights.route"],
    }),
    Nothing: odd("empty", ["id", "name"], 500),
    Generated: generated(450, 5_000),
  },
  hostile: {
    Small: odd("hostile", HOSTILE, 500, HOSTILE_ORDER),
    Large: odd("hostile", HOSTILE, 6_000, HOSTILE_ORDER),
    Sums: odd("hostile", ["kind", "text", "count", "total_amount", "average_amount"], 500, {
      sorts: ["hostile.kind", "hostile.text"],
    }),
  },
  large: {
    Generated: generated(9_000, -1),
    Types: flights(TYPED, 6_000, BY_ID),
    Pivot: flights(["flights.route", ...PIVOTED], 6_000, {
      pivots: PIVOT,
      sorts: [...PIVOT, "flights.route"],
      column_limit: 4,
    }),
  },
};

const ATTACH = [
  { csv: { filename: "shown.csv" } },
  { csv: { raw: true, filename: "raw.csv" } },
  { csv: { bom: true, delimiter: ";", headers: "names", formulas: "raw", filename: "semicolon.csv" } },
  { json: { filename: "raw.json" } },
  { json: { values: "formatted", lines: true, filename: "shown.jsonl" } },
  ...["xlsx", "html", "zip"].map((kind) => ({ [kind]: { filename: `book.${kind}` } })),
];

/** How Python reads each of those, for the section at `index`. */
function filesOf(index: number): Record<string, object> {
  const name = (stem: string, ending: string) => `${stem}${index === 0 ? "" : `-${index + 1}`}.${ending}`;
  const semicolon = { semicolon: true, bom: true, names: true, guard: false };
  return {
    [name("shown", "csv")]: { kind: "csv" },
    [name("raw", "csv")]: { kind: "csv", options: { raw: true } },
    [name("semicolon", "csv")]: { kind: "csv", options: semicolon },
    [name("raw", "json")]: { kind: "json" },
    [name("shown", "jsonl")]: { kind: "json", options: { formatted: true } },
    ...Object.fromEntries(["xlsx", "html", "zip"].map((kind) => [`book.${kind}`, { kind }])),
  };
}

let sandbox: Sandbox;
let folder = "";
beforeAll(async () => {
  sandbox = await startSandbox({ queryMs: 5 });
  folder = mkdtempSync(join(tmpdir(), "lookpost-files-"));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(sandbox.outbox, { recursive: true, force: true });
});

/** Runs a report as a process and returns the file of its email. JSON is YAML. */
async function deliver(name: string, report: object, attachMax = "18MB"): Promise<string> {
  const cwd = join(folder, name);
  mkdirSync(cwd, { recursive: true });
  const to = `${name}@example.com`;
  const email = { smtp: "${SMTP_URL}", from: "reports@example.com", attach_max: attachMax };
  const whole = { schedule: { cron: "0 8 * * mon", timezone: "UTC" }, ...report };
  const yaml = `${HEAD}email: ${JSON.stringify(email)}\nreports:\n  ${name}: ${JSON.stringify(whole)}\n`;
  writeFileSync(join(cwd, "reports.yaml"), yaml.replace('"TO"', JSON.stringify(to)));
  expect(await run(["run", name], sandbox.env, cwd)).toMatchObject({ code: 0 });
  const mails = (await sandbox.smtp.messages()).filter(({ recipients }) => recipients.includes(to));
  expect(mails).toHaveLength(1);
  return mails[0]?.file ?? "";
}

const sent = new Map<string, Promise<string>>();

/** As `deliver`, once: tests may read the same email. */
function mailOf(name: string, report: object): Promise<string> {
  const mail = sent.get(name) ?? deliver(name, report);
  sent.set(name, mail);
  return mail;
}

interface Compared {
  readonly wrong: readonly string[];
  /** Cells and facts that were looked at, by file. */
  readonly compared: Readonly<Record<string, number>>;
  readonly attached: readonly string[];
  /** The sections whose tables the body has. */
  readonly shown: readonly string[];
}

async function compare(mail: string, sections: readonly object[], more: object = {}): Promise<Compared> {
  const { url, clientId, clientSecret } = sandbox.looker;
  const order = { api: `${url}/api/4.0`, id: clientId, secret: clientSecret, mail, sections, ...more };
  const script = join(import.meta.dirname, "compare_files.py");
  const running = promisify(execFile)("python3", ["-B", script], { maxBuffer: 100_000_000 });
  running.child.stdin?.end(JSON.stringify(order));
  return JSON.parse((await running).stdout) as Compared;
}

/** A report of these sections with every kind of file that is made of their rows, and what Python is to find in its email. */
function wholeReport(sections: Readonly<Record<string, Query>>): [report: object, asked: object[]] {
  const titled = Object.entries(sections);
  const report = {
    sections: titled.map(([title, query]) => ({ title, query, rows: 60 })),
    deliver: [{ email: "TO", attach: ATTACH }],
  };
  const asked = titled.map(([title, query], index) => ({
    title,
    query,
    files: filesOf(index),
  }));
  return [report, asked];
}

for (const [name, sections] of Object.entries(REPORTS))
  test.skipIf(!hasPython)(
    `every cell of the ${name} report's files is Looker's, as Python reads them${skipped}`,
    async () => {
      const [report, asked] = wholeReport(sections);
      const { wrong, compared, attached, shown } = await compare(await mailOf(name, report), asked);
      expect(wrong).toEqual([]);
      expect(attached.filter((file) => !file.endsWith(".zip"))).toHaveLength(asked.length * 5 + 2);
      // That nothing is wrong would be easy with nothing looked at.
      const files = new Set(Object.keys(compared).map((file) => file.split(/[/ ]/)[0]));
      expect(attached.filter((file) => !files.has(file))).toEqual([]);
      expect(shown).toEqual(Object.keys(sections).filter((title) => title !== "Nothing"));
      expect(Object.values(compared).reduce((sum, count) => sum + count)).toBeGreaterThan(3_000);
    },
  );

test.skipIf(!hasPython)(
  `a file that was compressed to fit an email holds the same cells${skipped}`,
  async () => {
    const query = generated(9_000, -1);
    const attach = [{ csv: { filename: "shown.csv" } }];
    const report = { query, title: "Generated", deliver: [{ email: "TO", attach }] };
    const mail = await deliver("tight", report, "300kB");
    const files = { "shown.csv": { kind: "csv" } };
    const asked = [{ title: "Generated", query, files }];
    const { wrong, compared, attached } = await compare(mail, asked);
    expect(wrong).toEqual([]);
    expect(attached).toEqual([expect.stringMatching(/^shown\.csv\.(?:gz|zip)$/)]);
    expect(compared["shown.csv"]).toBeGreaterThan(9_000 * 5);
  },
);

test.skipIf(!hasPython)(
  `a dashboard's tiles are in its archive, and its page and pictures are Looker's own${skipped}`,
  async () => {
    const days = { filters: { "flights.date_date": "28 days ago for 28 days" } };
    const byDay = flights(["flights.date_date", "flights.count", "flights.delayed_count"], 500, {
      ...days,
      sorts: ["flights.date_date"],
    });
    const tiers = flights(["flights.delay_tier", "flights.count"], 10, {
      ...days,
      sorts: ["flights.delay_tier"],
    });
    const report = {
      sections: [
        { dashboard: 7, attach: [{ pdf: { filename: "board.pdf" } }, { zip: { filename: "board.zip" } }] },
        {
          title: "Drawn",
          query: byDay,
          show: "image",
          attach: { png: { filename: "drawn.png", width: 900, height: 500 } },
        },
      ],
      deliver: [{ email: "TO" }],
    };
    const asked = [
      { title: "Flights by day", query: byDay, files: { "board.zip": { kind: "zip" } } },
      { title: "How late they came in", query: tiers, files: { "board.zip": { kind: "zip" } } },
      { title: "Drawn", query: byDay, files: { "drawn.png": { kind: "png", size: [900, 500] } } },
    ];
    const boards = { "board.pdf": { content: "dashboards/7", size: [1_200, 1_600], body: {} } };
    const { wrong, attached } = await compare(await deliver("board", report), asked, { boards });
    expect(wrong).toEqual([]);
    expect(attached).toEqual(["board.pdf", "board.zip", "drawn.png"]);
  },
);

test.skipIf(!hasPython || !hasOffice)(
  `LibreOffice shows the cells of workbook and page as Looker does${hasOffice ? skipped : " (SKIPPED: there is no soffice)"}`,
  async () => {
    const [report, asked] = wholeReport(REPORTS.ordinary ?? {});
    // What Python reads in its files is compared above.
    const sections = asked.map((section) => ({ ...section, files: {} }));
    const { wrong, compared } = await compare(await mailOf("ordinary", report), sections, { office: true });
    expect(wrong).toEqual([]);
    expect(Object.keys(compared).filter((file) => file.startsWith("office"))).toHaveLength(11);
  },
);
