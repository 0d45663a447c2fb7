import { filters as builtIn, type Liquid } from "liquidjs";
import { ReportError } from "../core/error.ts";
import { arithmeticFilters } from "./arithmetic.ts";
import { strftime, timeDirective } from "./date-format.ts";
import { Moment } from "./moment.ts";
import { daysAgo, lookerPeriod, lookerPeriods, type PeriodUnit } from "./periods.ts";

/** Liquid's own filters for text and numbers. Those for HTML, JSON and random values do not belong in a subject or a filter. */
const OF_LIQUID = [
  "abs",
  "append",
  "at_least",
  "at_most",
  "capitalize",
  "ceil",
  "default",
  "divided_by",
  "downcase",
  "first",
  "floor",
  "join",
  "last",
  "lstrip",
  "minus",
  "modulo",
  "plus",
  "prepend",
  "remove",
  "remove_first",
  "remove_last",
  "replace",
  "replace_first",
  "replace_last",
  "round",
  "rstrip",
  "size",
  "slice",
  "split",
  "strip",
  "times",
  "truncate",
  "truncatewords",
  "upcase",
] as const;

const PERIODS: Readonly<Record<string, PeriodUnit>> = {
  looker_day: "day",
  looker_week: "week",
  looker_month: "month",
  looker_quarter: "quarter",
  looker_year: "year",
};

/** The filters of a template, in the order in which they are documented. */
export const FILTERS: readonly string[] = [
  "date",
  ...Object.keys(PERIODS),
  ...Object.keys(PERIODS).map((name) => `${name}s`),
  "days_ago",
  ...OF_LIQUID,
];

type Handler = Parameters<Liquid["registerFilter"]>[1];
type Implementation = Extract<Handler, (...args: never[]) => unknown>;
type Call = ThisParameterType<Implementation>;

/** Removes all filters from the engine except these. */
export function setFilters(engine: Liquid): void {
  const own: Record<string, Handler> = Object.fromEntries(
    OF_LIQUID.map((name) => [name, builtIn[name] as Handler]),
  );
  for (const name of Object.keys(engine.filters)) delete engine.filters[name];
  // A filter called "constructor" would be found on the prototype.
  Object.setPrototypeOf(engine.filters, null);
  for (const [name, handler] of Object.entries({ ...own, ...arithmeticFilters(), ...dateFilters() }))
    engine.registerFilter(name, handler);
}

function dateFilters(): Record<string, Handler> {
  const periods = Object.entries(PERIODS).map(([name, unit]): [string, Handler] => [
    name,
    function (this: Call, value: unknown, ...args: unknown[]) {
      const { numbers, ...week } = weekArguments(name, args, unit);
      const [offset = 0] = numbers;
      return lookerPeriod(dayOf(this, value), unit, { offset, ...week });
    },
  ]);
  const spans = Object.entries(PERIODS).map(([singular, unit]): [string, Handler] => {
    const name = `${singular}s`;
    return [
      name,
      function (this: Call, value: unknown, ...args: unknown[]) {
        const { numbers, ...week } = weekArguments(name, args, unit);
        return lookerPeriods(dayOf(this, value), unit, { times: the(numbers, name, `${unit}s`), ...week });
      },
    ];
  });
  return {
    date(this: Call, value: unknown, format: unknown) {
      if (value === null || value === undefined || value === "") return "";
      const moment = Moment.from(value, zoneOf(this));
      if (format === undefined) return moment.toString();
      const asked = moment.isDay ? timeDirective(String(format)) : null;
      if (asked !== null)
        throw wrong(
          `"${asked}" asks for a time, and ${moment.toString()} is a day without one`,
          "Write run.due_at, which has one, in place of run.date.",
        );
      return strftime(moment.at, String(format));
    },
    ...Object.fromEntries([...periods, ...spans]),
    days_ago(this: Call, value: unknown, ...args: unknown[]) {
      return daysAgo(dayOf(this, value), the(argumentsOf("days_ago", args, []).numbers, "days_ago", "days"));
    },
  };
}

function dayOf(call: Call, value: unknown) {
  return Moment.from(value, zoneOf(call)).day;
}

/** The report's zone, or UTC if a template has assigned something else to `run`. */
function zoneOf({ context }: Call): string {
  const environments: object = context.environments;
  const run: unknown = "run" in environments ? environments.run : null;
  return typeof run === "object" && run !== null && "zone" in run ? String(run.zone) : "UTC";
}

function the([number]: readonly number[], name: string, units: string): number {
  if (number === undefined)
    throw wrong(`${name} needs a number of ${units}`, `Write it after a colon, as in ${name}: 28.`);
  return number;
}

function weekArguments(name: string, args: readonly unknown[], unit: PeriodUnit) {
  const { numbers, named } = argumentsOf(name, args, ["week_start"]);
  const weekStart = named.get("week_start");
  if (weekStart !== undefined && unit !== "week")
    throw wrong(`week_start is for looker_week, not for ${name}`, "Leave it out.");
  return { numbers, ...(weekStart !== undefined && { weekStart: String(weekStart) }) };
}

/** Liquid passes `week_start: "sunday"` as a pair. */
function argumentsOf(name: string, args: readonly unknown[], known: readonly string[]) {
  const named = new Map(
    args.filter((one) => Array.isArray(one)).map(([key, value]) => [String(key), value as unknown]),
  );
  const unknown = [...named.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw wrong(
      `${name} does not take "${unknown}"`,
      known.length > 0 ? `Known here: ${known.join(", ")}.` : "Leave it out.",
    );
  const numbers = args
    .filter((one) => !Array.isArray(one))
    .map((one) => {
      const number = typeof one === "number" ? one : Number(String(one).trim() || Number.NaN);
      if (Number.isInteger(number)) return number;
      throw wrong(`${name}: "${String(one)}" is not a whole number`, `Write one, as in ${name}: -1.`);
    });
  if (numbers.length > 1)
    throw wrong(`${name} takes one number, not ${numbers.length}`, `Write ${name}: ${numbers[0]}.`);
  return { numbers, named };
}

function wrong(message: string, advice: string): ReportError {
  return new ReportError(message, { code: "config", advice });
}
