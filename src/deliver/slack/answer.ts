/**
 * What is read of Slack's answers. Not zod: it takes 20 MB once loaded, a third of what a delivery may take, for a dozen shapes of
 * two or three keys.
 */

/** AnswerReader a value of unknown shape. Throws UnreadableAnswer. */
export type AnswerReader<T> = (value: unknown) => T;

/** The type that a reader reads. */
export type ReadBy<R> = R extends AnswerReader<infer T> ? T : never;

/** Slack, or what is between, answered in an undocumented way. */
export class UnreadableAnswer extends Error {
  constructor(wanted: string) {
    super(`Slack's answer lacks ${wanted}.`);
    this.name = "UnreadableAnswer";
  }
}

export const text: AnswerReader<string> = (value) => {
  if (typeof value !== "string") throw new UnreadableAnswer("a text");
  return value;
};

export const flag: AnswerReader<boolean> = (value) => {
  if (typeof value !== "boolean") throw new UnreadableAnswer("a yes or no");
  return value;
};

export function optional<T>(read: AnswerReader<T>): AnswerReader<T | undefined> {
  return (value) => (value === undefined ? undefined : read(value));
}

/** What cannot be read counts as absent: other apps put what they like there. */
export function foreign<T>(read: AnswerReader<T>): AnswerReader<T | undefined> {
  return (value) => {
    try {
      return read(value);
    } catch (thrown) {
      if (thrown instanceof UnreadableAnswer) return undefined;
      throw thrown;
    }
  };
}

/** One text alone. */
export function exactly<const T extends string>(wanted: T): AnswerReader<T> {
  return (value) => {
    if (value !== wanted) throw new UnreadableAnswer(`"${wanted}"`);
    return wanted;
  };
}

export function list<T>(read: AnswerReader<T>): AnswerReader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new UnreadableAnswer("a list");
    return value.map(read);
  };
}

/** A mapping with these keys; others are left out. */
export function shape<F extends Readonly<Record<string, AnswerReader<unknown>>>>(
  fields: F,
): AnswerReader<{ readonly [K in keyof F]: ReadBy<F[K]> }> {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new UnreadableAnswer("a mapping");
    const given = new Map(Object.entries(value));
    const entries = Object.entries(fields).map(([key, read]) => [key, named(key, read)(given.get(key))]);
    return Object.fromEntries(entries);
  };
}

function named<T>(key: string, read: AnswerReader<T>): AnswerReader<T> {
  return (value) => {
    try {
      return read(value);
    } catch (thrown) {
      throw thrown instanceof UnreadableAnswer
        ? new UnreadableAnswer(`what is documented at "${key}"`)
        : thrown;
    }
  };
}
