/** One thing for which Slack would refuse a post. */
export interface SlackProblem {
  /** JSON pointer (RFC 6901) into the post: "/blocks/3/fields". */
  readonly pointer: string;
  readonly problem: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export type Problems = readonly SlackProblem[];

export function problem(pointer: string, words: string): Problems {
  return [{ pointer, problem: words }];
}

export function within(pointer: string, number: number, min: number, max: number, unit: string): Problems {
  return number >= min && number <= max
    ? []
    : problem(pointer, `${number} ${unit}, allowed are ${min} to ${max}`);
}

/** A required text. */
export function wordsWithin(pointer: string, value: unknown, max: number): Problems {
  return typeof value === "string"
    ? within(pointer, value.length, 1, max, "characters")
    : problem(pointer, "no text");
}

/** A text object: `{type, text}`. */
export function textObject(
  pointer: string,
  value: unknown,
  max: number,
  types: readonly string[] = ["plain_text", "mrkdwn"],
): Problems {
  const { type, text } = object(value);
  if (!types.includes(String(type))) return problem(`${pointer}/type`, `a text of type ${String(type)}`);
  return [
    ...wordsWithin(`${pointer}/text`, text, max),
    ...(type === "mrkdwn" ? mentions(`${pointer}/text`, String(text)) : []),
  ];
}

/** In text and mrkdwn, <…> is Slack's syntax: links are allowed, mentions (<!channel>, <@U1>, <#C1>) are not. */
export function mentions(pointer: string, text: string): Problems {
  const odd = text.replace(/<(?:https?:\/\/|mailto:)[^<>|\s]+(\|[^<>|]*)?>/g, "");
  return /[<>]/.test(odd) ? problem(pointer, "< or > that is not part of a link") : [];
}

export function object(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
