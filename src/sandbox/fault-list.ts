import { z } from "zod";
import { seededRandom } from "./seeded-random.ts";

/** How often a fault strikes; spread into the schema of each. */
export const limits = {
  /** How many times it strikes, or "always" until it is cleared. */
  times: z.union([z.int().positive(), z.literal("always")]).optional(),
  /** How likely it strikes each time that it could, 0 to 1 (default 1). */
  chance: z.number().min(0).max(1).optional(),
  /** What the chances are drawn from: with the same seed, the same ones strike. Default: the fault's own number. */
  seed: z.int().optional(),
};

type Limits = z.infer<z.ZodObject<typeof limits>>;

/** A fault that can still strike, as it is listed. */
export type ActiveFault<F> = { readonly id: string; readonly fault: F; readonly left: number | "always" };

/** Faults that can still strike, in the order in which they were asked for. */
export type FaultList<F> = {
  /** Throws TypeError that names what is wrong with the fault. */
  add(fault: F): ActiveFault<F>;
  /** One by its id, or all. */
  clear(id?: string): void;
  list(): readonly ActiveFault<F>[];
  /** Uses up one strike of every delay, and of the first other fault, that fits and is drawn. */
  strike(fits: (fault: F) => boolean): { delayMs: number; fault?: F };
};

type Entry<F> = { readonly id: string; readonly fault: F; left: number; readonly isDrawn: () => boolean };

/** One with `delayMs` adds to whatever else strikes. `usualTimes` is how often a fault strikes that does not say it. */
export function faultList<F extends object>(
  schema: z.ZodType<F>,
  initial: readonly F[] = [],
  usualTimes: (fault: F & Limits) => number = () => Number.POSITIVE_INFINITY,
): FaultList<F> {
  let active: Entry<F>[] = [];
  let lastId = 0;
  const add = (given: F) => {
    const read = schema.safeParse(given);
    if (!read.success) throw new TypeError(`Not a fault: ${z.prettifyError(read.error)}`);
    lastId += 1;
    const entry = entryOf(read.data, lastId, usualTimes);
    active.push(entry);
    return shown(entry);
  };
  for (const fault of initial) add(fault);
  return {
    add,
    clear(id) {
      active = id === undefined ? [] : active.filter((entry) => entry.id !== id);
    },
    list: () => active.map(shown),
    strike(fits) {
      const struck: { delayMs: number; fault?: F } = { delayMs: 0 };
      for (const entry of active.filter(({ fault }) => fits(fault))) {
        const delayMs = delayOf(entry.fault);
        if (delayMs === null && struck.fault !== undefined) continue;
        if (!entry.isDrawn()) continue;
        if (delayMs !== null) struck.delayMs += delayMs;
        else struck.fault = entry.fault;
        entry.left -= 1;
      }
      active = active.filter(({ left }) => left > 0);
      return struck;
    },
  };
}

/** One fault, or an array of them, as they came from outside: the schema in `add` checks them. */
export function addFaults<F>(faults: Pick<FaultList<F>, "add">, given: unknown): ActiveFault<F>[] {
  const list = Array.isArray(given) ? given : [given];
  return list.map((fault: F) => faults.add(fault));
}

function entryOf<F extends object>(
  fault: F & Limits,
  number: number,
  usualTimes: (fault: F & Limits) => number,
): Entry<F> {
  const { times = usualTimes(fault), chance = 1, seed = number } = fault;
  const random = seededRandom(seed);
  const left = times === "always" ? Number.POSITIVE_INFINITY : times;
  return { id: String(number), fault, left, isDrawn: () => chance === 1 || random() < chance };
}

function shown<F>({ id, fault, left }: Entry<F>): ActiveFault<F> {
  return { id, fault, left: left === Number.POSITIVE_INFINITY ? "always" : left };
}

function delayOf(fault: object): number | null {
  return "delayMs" in fault && typeof fault.delayMs === "number" ? fault.delayMs : null;
}
