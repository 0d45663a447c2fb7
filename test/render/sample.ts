import type { Artifact } from "../../src/core/model/artifact.ts";
import type { Message, MessageSection, SectionData } from "../../src/core/model/message.ts";
import type { Cell, Column, Table } from "../../src/core/model/table.ts";

/** Builders for the messages that the tests of this folder render. */

export function text(rendered: string, href?: string): Cell {
  return href === undefined ? { value: rendered, rendered } : { value: rendered, rendered, href };
}

export function number(value: number, rendered = value.toLocaleString("en-US")): Cell {
  return { value, rendered };
}

export const NULL: Cell = { value: null, rendered: "" };

export function column(label: string, isNumeric = false, pivot?: readonly string[]): Column {
  const bare: Column = {
    name: `flights.${label.toLowerCase().replaceAll(" ", "_")}`,
    label: pivot === undefined ? label : `${label} – ${pivot.join(" – ")}`,
    kind: isNumeric ? "measure" : "dimension",
    isNumeric,
    valueFormat: null,
    type: isNumeric ? "count" : "string",
  };
  return pivot === undefined ? bare : { ...bare, pivot: { values: pivot, isRowTotal: false } };
}

export function rowTotal(label: string): Column {
  return {
    ...column(label, true),
    label: `${label} – Row total`,
    pivot: { values: [], isRowTotal: true },
  };
}

export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  more: Partial<Table> = {},
): Table {
  return { columns, rows, pivotLabels: [], rowCount: rows.length, rowCountIsExact: true, ...more };
}

/** A section that shows a table, unless `data` says otherwise. */
export function section(
  title: string,
  shown: Table,
  data: Partial<SectionData> = {},
  more: Partial<Omit<MessageSection, "data">> = {},
): MessageSection {
  return {
    title,
    text: null,
    data: {
      table: shown,
      rowsShown: 50,
      show: { kind: "table", emphasis: [] },
      url: "https://looker.example.com/explore/faa/flights?qid=abc&toggle=dat",
      ranAt: "2026-11-16T13:00:41.000Z",
      fromCache: false,
      ...data,
    },
    notices: [],
    ...more,
  };
}

/** A section of words alone. */
export function words(title: string, text: string | null, notices: readonly string[] = []): MessageSection {
  return { title, text, data: null, notices };
}

/** A file of the first section, unless it says which. */
export function artifact(
  filename: string,
  rows: number | null,
  { bytes = 1_100_000, section = 0 }: { bytes?: number; section?: number } = {},
): Artifact {
  return {
    filename,
    contentType: "text/csv; charset=utf-8",
    file: { path: `/nowhere/${filename}`, bytes },
    rows,
    sections: [section],
  };
}

export function message(sections: readonly MessageSection[], more: Partial<Message> = {}): Message {
  return {
    key: "k1",
    purpose: "report",
    run: {
      id: "run-7f3a",
      report: "weekly-delays",
      title: "Weekly flight delays",
      owner: "flight-ops@example.com",
      dueAt: "2026-11-16T13:00:00.000Z",
      timezone: "America/New_York",
    },
    subject: "Weekly flight delays",
    intro: null,
    period: null,
    sections,
    notices: [],
    artifacts: [],
    downloads: [],
    pictures: [],
    ...more,
  };
}

/** What tells of a run that went wrong: words and commands, and no data. */
export function notice(more: Partial<Message> = {}): Message {
  return message([], {
    purpose: "notice",
    subject: "Failed: Weekly flight delays",
    intro: [
      "weekly-delays, due Mon 2026-11-16 08:00 EST, was not delivered.",
      "Section 2, “Delay by carrier”: Looker has no field flights.carier in faa/flights.",
      "Did you mean flights.carrier? Correct it in reports.yaml.",
      "    lookpost retry 0k3x9f2m7q1a",
      "    lookpost history --run 0k3x9f2m7q1a",
    ].join("\n\n"),
    ...more,
  });
}

/** `count` rows of the same shape: a route, its flights and its delay. */
export function routes(count: number, columns = 3): Table {
  const heads = Array.from({ length: columns }, (_, index) =>
    index === 0 ? column("Route") : column(`Measure ${index}`, true),
  );
  const rows = Array.from({ length: count }, (_, row) =>
    heads.map((_, index) =>
      index === 0 ? text(`ATL-${String(row).padStart(5, "0")}`) : number(row * index * 17 - 300),
    ),
  );
  return table(heads, rows);
}

/** Cells that mean something to some program on the way to the reader. */
export const HOSTILE: readonly string[] = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "</td></table><h1>Gone",
  "<!channel> <@U123> <#C1|general>",
  '=HYPERLINK("http://evil.example","x")',
  "\u202Egnp.exe",
  "שלום, עולם",
  "nul\u0000byte and bell\u0007",
  "line\nbreak\r\nand\ttab",
  "x".repeat(40_000),
  "long words ".repeat(4_000),
  "lone \ud800 surrogate",
  "👩‍👩‍👧‍👦 family, 日本語の文字, é, 🇩🇪",
  "",
  "   ",
  "*bold* _italic_ `code` &amp; & <b>",
];
