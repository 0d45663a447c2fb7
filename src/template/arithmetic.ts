import { filters as builtIn, type Liquid } from "liquidjs";
import { ReportError } from "../core/error.ts";
import { Moment } from "./moment.ts";
import { KpiValue } from "./scope.ts";

/** Liquid's filters of numbers, and how many numbers each needs after its colon. */
const NEEDED: Readonly<Record<string, number>> = {
  abs: 0,
  at_least: 1,
  at_most: 1,
  ceil: 0,
  divided_by: 1,
  floor: 0,
  minus: 1,
  modulo: 1,
  plus: 1,
  round: 0,
  times: 1,
};

type Handler = Parameters<Liquid["registerFilter"]>[1];

/**
 * The same filters, for numbers only: Liquid treats anything else as 0, and divides by it. A KPI counts as its number.
 * They throw ReportError `config`.
 */
export function arithmeticFilters(): Record<string, Handler> {
  return Object.fromEntries(
    Object.entries(NEEDED).map(([name, needed]): [string, Handler] => {
      const own = builtIn[name as keyof typeof builtIn] as (...numbers: unknown[]) => unknown;
      return [
        name,
        (value: unknown, ...args: unknown[]) => {
          if (args.length < needed)
            throw wrong(`${name} needs a number`, `Write it after a colon, as in ${name}: 2.`);
          // The third argument of divided_by says whether to round.
          const numbers = [value, ...args].map((one) =>
            typeof one === "boolean" ? one : numberIn(one, name),
          );
          if ((name === "divided_by" || name === "modulo") && numbers[1] === 0)
            throw wrong(
              `${name}: nothing can be divided by 0`,
              "Check first whether it is 0, with {% if %}.",
            );
          return own(...numbers);
        },
      ];
    }),
  );
}

function numberIn(value: unknown, name: string): number {
  const given = value instanceof KpiValue ? value.number : value;
  const number = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  if (given === null || given === undefined || given === "")
    throw wrong(
      `${name}: there is no value to calculate with`,
      "Give what may be missing a default, as in default: 0.",
    );
  const shown = given instanceof Moment || typeof given !== "object" ? String(given) : "that";
  throw wrong(
    `${name}: "${shown}" is not a number`,
    "Name a number: rows, a KPI as in kpi.view.field, or its number.",
  );
}

function wrong(message: string, advice: string): ReportError {
  return new ReportError(message, { code: "config", advice });
}
