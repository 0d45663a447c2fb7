import { parseExactly } from "../http/loose-json.ts";
import { judge } from "../query/verdict.ts";

/** What Looker says in JSON in place of a CSV is short. */
const JSON_BYTES_MAX = 1_000_000;
const BRACKETS: ReadonlySet<string> = new Set(["{", "["]);

/**
 * The bytes of a CSV as they come; or "task" where they are the query task in its place, as JSON. Throws what else Looker says in JSON. A
 * CSV may begin with a bracket too: such a beginning is held back until it is too long for JSON, or turns out to be none.
 */
export async function* unlessTask(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer | "task"> {
  let first = "";
  let held: Buffer[] = [];
  let bytes = 0;
  let isHeld = false;
  for await (const chunk of chunks) {
    if (first === "") {
      first = chunk.toString("latin1").trimStart().charAt(0);
      isHeld = BRACKETS.has(first);
    }
    if (!isHeld) {
      yield chunk;
      continue;
    }
    held.push(chunk);
    bytes += chunk.length;
    if (bytes <= JSON_BYTES_MAX) continue;
    isHeld = false;
    yield* held;
    held = [];
  }
  if (held.length > 0 && isTask(Buffer.concat(held))) yield "task";
  else yield* held;
}

function isTask(bytes: Buffer): boolean {
  const body = parsed(bytes.toString("utf8"));
  return body !== undefined && judge(body).kind === "task";
}

function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}
