/**
 * What is read of Slack's answers. Not zod: it takes 20 MB once loaded, a third of what a delivery may take, for a dozen shapes of
 * two or three keys.
 */

/** Reads a value of unknown shape. Throws UnreadableAnswer. */
export type Reads<T> = (value: unknown) => T;

/** The type that a reader reads. */
export type ReadBy<R> = R extends Reads<infer T> ? T : never;

/** Slack, or what stands between, answered with something else than is documented. */
export class UnreadableAnswer extends Error {
  constructor(wanted: string) {
    super(`Slack's answer lacks ${wanted}.`);
    this.name = "UnreadableAnswer";
  }
}

export const text: Reads<string> = (value) => {
  if (typeof value !== "string") throw new UnreadableAnswer("a text");
  return value;
};

export const flag: Reads<boolean> = (value) => {
  if (typeof value !== "boolean") throw new UnreadableAnswer("a yes or no");
  return value;
};

export function optional<T>(reads: Reads<T>): Reads<T | undefined> {
  return (value) => (value === undefined ? undefined : reads(value));
}

/** What cannot be read counts as absent: other apps put what they like there. */
export function foreign<T>(reads: Reads<T>): Reads<T | undefined> {
  return (value) => {
    try {
      return reads(value);
    } catch (thrown) {
      if (thrown instanceof UnreadableAnswer) return undefined;
      throw thrown;
    }
  };
}

/** One text alone. */
export function exactly<const T extends string>(wanted: T): Reads<T> {
  return (value) => {
    if (value !== wanted) throw new UnreadableAnswer(`"${wanted}"`);
    return wanted;
  };
}

export function list<T>(reads: Reads<T>): Reads<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new UnreadableAnswer("a list");
    return value.map(reads);
  };
}

/** A mapping with these keys; others are left out. */
export function shape<F extends Readonly<Record<string, Reads<unknown>>>>(
  fields: F,
): Reads<{ readonly [K in keyof F]: ReadBy<F[K]> }> {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new UnreadableAnswer("a mapping");
    const given = new Map(Object.entries(value));
    const read = Object.entries(fields).map(([key, reads]) => [key, named(key, reads)(given.get(key))]);
    return Object.fromEntries(read);
  };
}

function named<T>(key: string, reads: Reads<T>): Reads<T> {
  return (value) => {
    try {
      return reads(value);
    } catch (thrown) {
      throw thrown instanceof UnreadableAnswer
        ? new UnreadableAnswer(`what is documented at "${key}"`)
        : thrown;
    }
  };
}
