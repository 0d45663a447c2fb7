import { fork } from "node:child_process";
import { extname } from "node:path";
import { ReportError } from "../../core/error.ts";
import type { Guard } from "./guard.ts";

/** What the child is asked for, and answers. */
export interface InspectRequest {
  readonly file: string;
}

export type InspectReply =
  | { readonly kind: "sound"; readonly tookMs: number }
  | { readonly kind: "damaged"; readonly reason: string }
  /** It could not be found out now. */
  | { readonly kind: "failed"; readonly reason: string };

export interface Inspector {
  /** Reads the whole ledger where that is due. Rejects where it could not be read. */
  (): Promise<void>;
  stop(): Promise<void>;
}

/** A disk that forgets changes no file's time. */
const EVERY_MS = 60 * 60_000;
const AFTER_FAILURE_MS = 60_000;
/** Reading takes at most so much of the time, whatever writes into the file. */
const REST = 20;

/**
 * Reads the whole ledger (PRAGMA integrity_check) soon after it was opened, when something other than this process has written into its file,
 * and once an hour. In a process of its own: a ledger of 1 GB takes seconds, and beats must not wait.
 */
export function inspector(file: string, guard: Guard): Inspector {
  const stopping = new AbortController();
  let underWay: Promise<void> | null = null;
  let dueAtMs = 0;
  let restsUntilMs = 0;
  let isAsked = false;

  async function read(): Promise<void> {
    // What is written from here on asks for another reading.
    isAsked = false;
    const reply = await ask({ file }, stopping.signal);
    if (reply.kind === "damaged") throw guard.damaged(reply.reason);
    const nowMs = performance.now();
    if (reply.kind === "sound") {
      restsUntilMs = nowMs + reply.tookMs * REST;
      dueAtMs = nowMs + EVERY_MS;
    } else if (!stopping.signal.aborted) {
      isAsked = true;
      restsUntilMs = nowMs + AFTER_FAILURE_MS;
      throw cannotInspect(file, reply.reason);
    }
  }

  const inspect = async () => {
    if (guard.wasWrittenByOthers()) isAsked = true;
    const nowMs = performance.now();
    if (underWay !== null || stopping.signal.aborted || nowMs < restsUntilMs) return;
    if (!isAsked && nowMs < dueAtMs) return;
    underWay = read().finally(() => {
      underWay = null;
    });
    await underWay;
  };
  return Object.assign(inspect, {
    async stop() {
      stopping.abort();
      await underWay?.catch(() => undefined);
    },
  });
}

function ask(request: InspectRequest, stop: AbortSignal): Promise<InspectReply> {
  // As this file is named: .ts in a checkout, .js in the package.
  const entry = new URL(`./inspect-child${extname(import.meta.filename)}`, import.meta.url);
  const child = fork(entry, {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // Ctrl-C is for the service to handle. It needs no secret.
    detached: true,
    env: {},
    execArgv: [],
    signal: stop,
  });
  return new Promise((resolve) => {
    let reply: InspectReply | null = null;
    child.once("message", (said) => {
      reply = said as InspectReply;
    });
    child.once("error", ({ message }) => resolve({ kind: "failed", reason: message }));
    child.once("close", (code, signal) =>
      resolve(reply ?? { kind: "failed", reason: `its process ended with ${signal ?? code}` }),
    );
    child.send(request, () => undefined);
  });
}

function cannotInspect(file: string, reason: string): ReportError {
  return new ReportError(`Whether the ledger ${file} is sound could not be found out: ${reason}.`, {
    code: "local",
    advice: "It is looked at again. Reports go on meanwhile.",
    retryable: true,
  });
}
