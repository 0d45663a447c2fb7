import { ReportError } from "../core/error.ts";
import type { ChartOrder, DrawnChart } from "../core/model/picture.ts";
import type { Cell, Table } from "../core/model/table.ts";
import { isDateColumn, readDate } from "../core/rules/dates/date-value.ts";
import { numberOf } from "../core/rules/numbers/cell-number.ts";
import { phrasesIn } from "../core/words/phrases.ts";
import { described } from "./chart/alt.ts";
import { oneLine } from "./chart/axis.ts";
import { chartData } from "./chart/data.ts";
import { PAPER, SPEC_HEIGHT, WIDTH } from "./chart/style.ts";
import type { ChartProcess } from "./process/process.ts";
import { isObject, specRefusal, unknownField } from "./spec-rules.ts";

type Spec = Readonly<Record<string, unknown>>;

const ROWS_MAX = 10_000;

/** A column as a spec may name it. Pivoted tables are passed tidy: a row for each pivot value. */
interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: "quantitative" | "temporal" | "nominal";
  /** One for each row of the spec's data, in order. */
  readonly cells: readonly Cell[];
  /** Looker's type of the column. */
  readonly dateType: string | null;
}

/** A whole spec over the table's rows. Throws ReportError `config`; `invalid_query` if it draws nothing for these rows. */
export async function specChart(
  order: ChartOrder,
  spec: Spec,
  process: ChartProcess,
): Promise<DrawnChart | null> {
  const refusal = specRefusal(spec);
  if (refusal !== null)
    throw new ReportError(refusal, { code: "config", advice: "Take it out of the spec." });
  const fields = fieldsOf(order.table);
  const unknown = unknownField(
    spec,
    fields.map(({ name }) => name),
  );
  if (unknown !== null) throw new ReportError(unknown.message, { code: "config", advice: unknown.advice });
  const used = fields.filter(({ name }) => mentions(spec, name));
  const amounts = used.filter(({ type }) => type === "quantitative");
  if (order.table.rows.length === 0 || (amounts.length > 0 && amounts.every(isEmpty))) return null;
  const labels = Object.fromEntries(fields.map(({ name, label }) => [name, label]));
  const inColour = order.accent === undefined ? {} : { accent: order.accent };
  const request = {
    kind: "vega_lite",
    spec: withData(spec, used, rowsOf(fields)),
    labels,
    ...inColour,
  } as const;
  const drawn = await process.ask(request, order.signal);
  if (drawn === null) {
    throw new ReportError("Its spec draws no mark for these rows.", {
      code: "invalid_query",
      advice: "Look at its filters and transforms, and at the fields and types of its encoding.",
    });
  }
  const { png, width, height, missing } = drawn;
  return { png, width, height, alt: altOf(order, used), series: null, missing };
}

/** How many data there are, also for a spec that names none of their fields. */
function rowsOf(fields: readonly Field[]): number {
  return fields[0]?.cells.length ?? 0;
}

function fieldsOf(table: Table): Field[] {
  const rows = table.rows.slice(0, ROWS_MAX);
  const pivots = [
    ...new Set(
      table.columns.flatMap(({ pivot }) =>
        pivot === undefined || pivot.isRowTotal ? [] : [JSON.stringify(pivot.values)],
      ),
    ),
  ];
  const times = Math.max(1, pivots.length);
  const plain = table.columns.flatMap((column, at): Field[] => {
    if (column.pivot !== undefined) return [];
    const cells = rows.flatMap((row) => Array.from({ length: times }, () => row[at] ?? EMPTY));
    const type = typeOf(table, at);
    return [{ name: column.name, label: column.label, type, cells, dateType: column.type }];
  });
  const names = [
    ...new Set(
      table.columns.flatMap(({ name, pivot }) => (pivot === undefined || pivot.isRowTotal ? [] : [name])),
    ),
  ];
  const pivoted = names.map((name): Field => {
    const places = pivots.map((values) =>
      table.columns.findIndex(
        ({ name: own, pivot }) => own === name && JSON.stringify(pivot?.values) === values,
      ),
    );
    const label = table.columns[places[0] ?? -1]?.label.replace(/ – .*$/s, "") ?? name;
    const cells = rows.flatMap((row) => places.map((at) => row[at] ?? EMPTY));
    return { name, label, type: "quantitative", cells, dateType: null };
  });
  const across = table.pivotLabels.map((label, level): Field => {
    const words = pivots.map((values) => (JSON.parse(values) as string[])[level] ?? "");
    const cells = rows.flatMap(() => words.map((rendered) => ({ value: rendered, rendered })));
    return { name: label, label, type: "nominal", cells, dateType: null };
  });
  return [...plain, ...across, ...pivoted];
}

const EMPTY: Cell = { value: null, rendered: "" };

function typeOf(table: Table, at: number): Field["type"] {
  if (isDateColumn(table, at)) return "temporal";
  return table.columns[at]?.isNumeric === true ? "quantitative" : "nominal";
}

function isEmpty({ cells }: Field): boolean {
  return cells.every(({ value }) => numberOf(value) === null);
}

function mentions(spec: Spec, name: string): boolean {
  const text = JSON.stringify(spec).replaceAll("\\", "");
  return text.includes(name) || text.includes(name.slice(name.indexOf(".") + 1));
}

function withData(spec: Spec, fields: readonly Field[], count: number): Spec {
  const values = Array.from({ length: count }, (_, row) => datumOf(fields, row));
  const name = isObject(spec.data) && typeof spec.data.name === "string" ? { name: spec.data.name } : {};
  const types = new Map(fields.map((field) => [field.name, field.type]));
  const isOneView = !(
    "facet" in spec ||
    "repeat" in spec ||
    "hconcat" in spec ||
    "vconcat" in spec ||
    "concat" in spec
  );
  const size = isOneView
    ? { width: WIDTH, height: SPEC_HEIGHT, autosize: { type: "fit", contains: "padding" } }
    : {};
  const own = typed(spec, types) as Spec;
  return {
    // Colours that its author chose are for a light ground; ours are for a dark one too.
    ...(namesColours(spec) && { background: PAPER }),
    ...size,
    ...own,
    ...(own.width === "container" && { width: WIDTH }),
    ...(own.height === "container" && { height: SPEC_HEIGHT }),
    data: { ...name, values },
  };
}

const COLOUR_KEYS = new Set(["color", "fill", "stroke", "scheme", "labelColor", "titleColor", "background"]);
const COLOUR = /^(?:#[0-9a-f]{3,8}|(?:rgb|hsl)a?\(.*\))$/i;

function namesColours(value: unknown, key = ""): boolean {
  if (typeof value === "string") return COLOUR_KEYS.has(key) || COLOUR.test(value);
  if (Array.isArray(value)) return value.some((item) => namesColours(item, key));
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, item]) => name !== "data" && namesColours(item, name));
}

const UNSAFE = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Under its whole name and along its path: Vega-Lite reads "flights.count" as `count` within `flights`, and "flights\\.count" as one
 * name.
 */
function datumOf(fields: readonly Field[], row: number): Record<string, unknown> {
  const datum: Record<string, unknown> = {};
  for (const field of fields) {
    const value = drawnValue(field, field.cells[row] ?? EMPTY);
    const [view = "", ...rest] = field.name.split(".");
    if (UNSAFE.has(view) || rest.some((part) => UNSAFE.has(part))) continue;
    datum[field.name] = value;
    const last = rest.join(".");
    if (last === "") continue;
    const holder = isObject(datum[view]) ? datum[view] : {};
    datum[view] = { ...holder, [last]: value };
  }
  return datum;
}

function drawnValue({ type, dateType }: Field, { value, rendered }: Cell): unknown {
  if (type === "quantitative") return numberOf(value);
  if (type === "temporal") return readDate(value, dateType)?.iso ?? null;
  return value === null ? null : oneLine(rendered, 200);
}

/** An encoding without a type gets the one that Looker knows. */
function typed(value: unknown, types: ReadonlyMap<string, string>, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => typed(item, types, key));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (name === "data" || name === "datasets" || name === "config") return [name, item];
      const below = typed(item, types, name);
      return [name, key === "encoding" ? withType(below, types) : below];
    }),
  );
}

function withType(channel: unknown, types: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(channel)) return channel.map((item) => withType(item, types));
  if (!isObject(channel) || typeof channel.field !== "string") return channel;
  const type = types.get(channel.field.replaceAll("\\", ""));
  const isOwn = "type" in channel || "aggregate" in channel || "bin" in channel || "timeUnit" in channel;
  return isOwn || type === undefined ? channel : { ...channel, type };
}

/** What the chart looks like only its author knows; its figures are described. */
function altOf({ table, title, locale }: ChartOrder, used: readonly Field[]): string {
  const { charts } = phrasesIn(locale);
  const head = charts.ofSpec(oneLine(title, 120), table.rowCount);
  const place = table.columns.find(
    ({ kind, name }) => kind === "dimension" && used.some((field) => field.name === name),
  );
  const measured = table.columns.filter(
    ({ name, pivot }) =>
      pivot === undefined &&
      used.some((field) => field.name === name && field.type === "quantitative" && !isEmpty(field)),
  );
  if (place === undefined || measured.length === 0) return charts.specAlt(head, []);
  const plan = {
    kind: "fields",
    mark: "line",
    x: place.name,
    y: measured.slice(0, 3).map(({ name }) => name),
    color: null,
  } as const;
  const data = chartData(table, plan, null, locale);
  return charts.specAlt(
    head,
    data.series.map((series) => charts.ofSeries(series.name, described(series, data))),
  );
}
