export type Json = Record<string, unknown>;

export type Finding = { pointer: string; message: string };

/** What is wrong with a list of blocks: each with a JSON pointer (RFC 6901) to the place. */
export class Findings {
  readonly list: Finding[] = [];
  /** Whether a file of this id is a picture that a block may show. */
  readonly isPicture: (id: string) => boolean;

  constructor(isPicture: (id: string) => boolean = () => true) {
    this.isPicture = isPicture;
  }

  add(pointer: string, message: string): void {
    this.list.push({ pointer, message });
  }

  tooLong(pointer: string, charsMax: number): void {
    this.add(pointer, `must be less than ${charsMax + 1} characters`);
  }

  /** A text that has to be there, has at least one character and at most `charsMax`. */
  text(value: unknown, pointer: string, charsMax = Number.POSITIVE_INFINITY): void {
    if (value === undefined || value === null) {
      this.add(
        pointer.slice(0, pointer.lastIndexOf("/")),
        `missing required field: ${pointer.split("/").at(-1)}`,
      );
    } else if (typeof value !== "string") this.add(pointer, "must be a string");
    else if (value.length === 0) this.add(pointer, "must be more than 0 characters");
    else if (value.length > charsMax) this.tooLong(pointer, charsMax);
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text object (`{type, text}`) under `field`. */
export function textAt(
  findings: Findings,
  parent: Json,
  at: string,
  field: string,
  charsMax: number,
  types: readonly string[] = ["mrkdwn", "plain_text"],
): void {
  const value = parent[field];
  if (!isObject(value)) {
    findings.add(at, `missing required field: ${field}`);
    return;
  }
  if (!types.includes(String(value.type))) {
    findings.add(`${at}/${field}/type`, `unsupported type: ${value.type}`);
  }
  findings.text(value.text, `${at}/${field}/text`, charsMax);
}

/** The objects of a list that has to have at least one item, each with its pointer; other items are findings. */
export function listAt(
  findings: Findings,
  parent: Json,
  at: string,
  field: string,
  itemsMax = Number.POSITIVE_INFINITY,
): [Json, string][] {
  const list = parent[field];
  const pointer = `${at}/${field}`;
  if (!Array.isArray(list)) {
    findings.add(at, `missing required field: ${field}`);
    return [];
  }
  if (list.length === 0) findings.add(pointer, "must have at least 1 item");
  if (list.length > itemsMax) findings.add(pointer, `no more than ${itemsMax} items allowed`);
  const objects: [Json, string][] = [];
  for (const [index, item] of list.entries()) {
    if (isObject(item)) objects.push([item, `${pointer}/${index}`]);
    else findings.add(`${pointer}/${index}`, "must be an object");
  }
  return objects;
}
