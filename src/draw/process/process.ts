import type { ChildProcess } from "node:child_process";
import { type ErrorCode, ReportError } from "../../core/error.ts";
import { abortable } from "../../core/rules/abortable.ts";
import type { Hex } from "../../core/rules/brand/colour.ts";
import type { ChartData } from "../chart/data.ts";

/** No useful chart takes this long: a usual one takes 0.1 s, and 1 s with everything that has to be loaded first. */
const DRAW_MS_MAX = 30_000;
/** It uses 170 MB while it is idle, and starts within 0.4 s. */
const IDLE_MS_MAX = 5_000;
const HEAP_MB_MAX = 512;
const TRIES_MAX = 3;
const NEVER = new AbortController().signal;

/** The first message that the chart process is sent: fonts besides Inter. */
export interface FontsOrder {
  readonly fonts: readonly string[];
}

/** What it is sent then. */
export type DrawRequest =
  | {
      readonly id: number;
      readonly kind: "vega_lite";
      readonly spec: unknown;
      readonly labels: Readonly<Record<string, string>>;
      /** A brand's colour. */
      readonly accent?: Hex;
    }
  /** `title`: of the section, whose words a chart does not repeat. */
  | { readonly id: number; readonly kind: "fields"; readonly data: ChartData; readonly title: string }
  | { readonly id: number; readonly kind: "svg"; readonly svg: string; readonly density: number }
  | { readonly id: number; readonly kind: "check"; readonly spec: unknown };

/** What it answers. An error would lose its fields on the way. */
export type DrawAnswer =
  | {
      readonly id: number;
      readonly kind: "drawn";
      readonly png: Uint8Array;
      /** In CSS pixels. */
      readonly width: number;
      readonly height: number;
      /** Letters that are drawn as boxes. */
      readonly missing: readonly string[];
    }
  | { readonly id: number; readonly kind: "fine" }
  | {
      readonly id: number;
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly advice: string | null;
      readonly retryable: boolean;
    };

type NewRequest = DrawRequest extends infer R ? (R extends DrawRequest ? Omit<R, "id"> : never) : never;
type Drawn = DrawAnswer & { kind: "drawn" };

/** Starts the chart process (child.ts) with `drawingFiles` as its arguments. Rejects with ReportError. */
export type StartChartProcess = (options: {
  readonly env: Readonly<Record<string, string>>;
  readonly execArgv: readonly string[];
}) => Promise<ChildProcess>;

export interface ChartProcess {
  /**
   * Rejects with ReportError `config` if the request is wrong or too large, and `local` if no process can be started; with the signal's
   * reason if that aborts, which ends the process that is drawing.
   */
  ask(request: NewRequest, signal?: AbortSignal): Promise<Drawn | null>;
}

/**
 * Draws in a separate process, which starts with the first request and ends after a while without any. A spec may run forever or need
 * more memory than there is: then that process ends, and not the worker. It sees no secrets, and its time zone is UTC, so
 * that a date is the same day on every machine.
 */
export function chartProcess(start: StartChartProcess, fonts: readonly string[]): ChartProcess {
  let child: ChildProcess | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  let id = 0;

  async function ready(): Promise<ChildProcess> {
    if (child?.connected === true) return child;
    const started = await start({
      execArgv: [`--max-old-space-size=${HEAP_MB_MAX}`],
      env: { TZ: "UTC" },
    });
    // What is asked of it reports it.
    started.on("error", () => undefined);
    const order: FontsOrder = { fonts };
    started.send(order, () => undefined);
    started.once("close", () => {
      if (child === started) child = null;
    });
    child = started;
    return started;
  }

  /** At once, so that the next request goes to a new one. */
  function end(process: ChildProcess): void {
    if (child === process) child = null;
    process.kill("SIGKILL");
  }

  async function one(request: NewRequest, signal: AbortSignal): Promise<Drawn | null> {
    signal.throwIfAborted();
    clearTimeout(idle);
    const process = await ready();
    hold(process, true);
    try {
      id += 1;
      const answer = await answered(process, { ...request, id }, signal, () => end(process));
      if (answer.kind !== "failed") return answer.kind === "drawn" ? answer : null;
      const { code, message, advice, retryable } = answer;
      throw new ReportError(message, { code, retryable, advice });
    } finally {
      hold(process, false);
      idle = setTimeout(() => end(process), IDLE_MS_MAX).unref();
    }
  }

  /** A process that somebody has ended says nothing about the chart. */
  async function drawn(request: NewRequest, signal: AbortSignal): Promise<Drawn | null> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await one(request, signal);
      } catch (thrown) {
        const mayPass = thrown instanceof ReportError && thrown.code === "local" && thrown.retryable;
        if (!mayPass || tries >= TRIES_MAX) throw thrown;
      }
    }
  }

  return {
    ask(request, signal = NEVER) {
      const asked = last.then(() => drawn(request, signal));
      last = asked.catch(() => undefined);
      return abortable(asked, signal);
    },
  };
}

/** An idle process must not keep a command from ending. */
function hold(child: ChildProcess, isHeld: boolean): void {
  const [process, channel] = [child, child.channel];
  if (isHeld) {
    process.ref();
    channel?.ref();
  } else {
    process.unref();
    channel?.unref();
  }
}

function answered(
  child: ChildProcess,
  request: DrawRequest,
  signal: AbortSignal,
  end: () => void,
): Promise<DrawAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      end();
      settle(() => reject(tooMuch("took longer than 30 s")));
    }, DRAW_MS_MAX);
    const received = (said: unknown) => {
      const answer = said as DrawAnswer;
      if (answer.id === request.id) settle(() => resolve(answer));
    };
    const aborted = () => {
      end();
      settle(() => reject(signal.reason));
    };
    const closed = (code: number | null, by: NodeJS.Signals | null) =>
      settle(() =>
        reject(by === "SIGABRT" ? tooMuch("needed more memory than it may have") : died(by ?? code)),
      );
    child.on("message", received);
    child.once("close", closed);
    signal.addEventListener("abort", aborted, { once: true });
    // If it has ended already, `close` reports it.
    child.send(request, () => undefined);

    function settle(how: () => void): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
      child.off("message", received).off("close", closed);
      how();
    }
  });
}

function tooMuch(what: string): ReportError {
  return new ReportError(`Drawing the chart ${what} and was stopped.`, {
    code: "config",
    advice: "Draw fewer rows, or take out of its spec what makes so many marks.",
  });
}

/** V8 aborts where the heap is full (above). What else ends it comes from outside: the next one may live. */
function died(how: NodeJS.Signals | number | null): ReportError {
  return new ReportError(`The process that draws charts ended in the middle of one (${how}).`, {
    code: "local",
    advice: "Check whether the machine has free memory.",
    retryable: true,
  });
}
