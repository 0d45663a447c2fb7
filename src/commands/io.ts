import type { ReportError } from "../core/error.ts";
import { plainLine, plainText } from "../core/rules/plain-text.ts";

/** Done. */
export const DONE = 0;
/** Something failed. */
export const FAILED = 1;
/** The configuration or the call is wrong. */
export const WRONG = 2;

/** Where a command reads and writes: the process's own, or a test's. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly err: Output;
  /** Aborts when the person or the system asks the process to end. */
  readonly stop: AbortSignal;
  /** Writes the commands in a text as they are called here. What goes to `out` and `err` has been through it. */
  readonly spell?: (text: string) => string;
  /** `out` for a text that is the same wherever it is made, commands in it included. Absent: `out` writes as it is given. */
  readonly verbatim?: Output;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** For a worker, whose notices name commands. */
export function spelling({ spell }: Io): Pick<Io, "spell"> {
  return spell === undefined ? {} : { spell };
}

/** Prints an error as people should see one: what, and what to do, each on a line. A list of problems keeps its lines and colours. */
export function printError(
  {
    message,
    advice,
    isList = false,
  }: Pick<ReportError, "message" | "advice"> & { readonly isList?: boolean },
  io: Io,
): void {
  io.err.write(`${isList ? safe(message, io.err) : plainLine(message)}\n`);
  if (advice !== null) io.err.write(`  ${plainLine(advice)}\n`);
}

/** Colours, a carriage return and an erased line, as we write them to a terminal. */
const ESCAPE = String.fromCharCode(0x1b);
const OWN_SEQUENCES = new RegExp(`(${ESCAPE}\\[(?:\\d{0,2}m|\\d?K)|\\r)`);

/** What a terminal may be given: without any control character but ours, wherever else one was let through. */
export function safe(text: string, { isTTY }: Pick<Output, "isTTY">): string {
  if (isTTY !== true) return plainText(text);
  return text
    .split(OWN_SEQUENCES)
    .map((part, index) => (index % 2 === 1 ? part : plainText(part)))
    .join("");
}

/** Resolves once the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
