import { type ChildProcess, fork } from "node:child_process";
import { extname } from "node:path";
import { ReportError } from "../../core/error.ts";
import type { Guard } from "./guard.ts";

/** What the child is asked for, and answers. */
export interface InspectRequest {
  readonly file: string;
  /** The log and its index alone, or all of the ledger. */
  readonly what: "log" | "all";
}

export type InspectReply =
  | { readonly kind: "sound"; readonly tookMs: number }
  | { readonly kind: "damaged"; readonly reason: string }
  /** It could not be found out now. */
  | { readonly kind: "failed"; readonly reason: string };

/** Starts inspect-child.ts, to be talked to over its channel. */
export type StartInspection = () => Promise<ChildProcess>;

export interface Inspector {
  /** Reads the ledger where that is due. Rejects where it could not be read. */
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
 * and once an hour; its log alone when something else has written into that, as commands do. In a process of its own: a ledger of 1 GB takes seconds, and beats must not wait.
 */
export function inspector(file: string, guard: Guard, start: StartInspection = fromFile): Inspector {
  const stopping = new AbortController();
  let underWay: Promise<void> | null = null;
  let dueAtMs = 0;
  let restsUntilMs = 0;
  let asked: "none" | InspectRequest["what"] = "none";

  async function read(what: InspectRequest["what"]): Promise<void> {
    // What is written from here on asks for another reading.
    asked = "none";
    const reply = await ask({ file, what }, start, stopping.signal);
    if (reply.kind === "damaged") throw guard.damaged(reply.reason);
    const nowMs = performance.now();
    if (reply.kind === "sound") {
      restsUntilMs = nowMs + reply.tookMs * REST;
      if (what === "all") dueAtMs = nowMs + EVERY_MS;
    } else if (!stopping.signal.aborted) {
      asked = what;
      restsUntilMs = nowMs + AFTER_FAILURE_MS;
      throw cannotInspect(file, reply.reason);
    }
  }

  const inspect = async () => {
    const written = guard.writtenByOthers();
    if (written === "all" || asked === "none") asked = written === "none" ? asked : written;
    const nowMs = performance.now();
    if (underWay !== null || stopping.signal.aborted || nowMs < restsUntilMs) return;
    const what = nowMs >= dueAtMs ? "all" : asked;
    if (what === "none") return;
    underWay = read(what).finally(() => {
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

async function ask(
  request: InspectRequest,
  start: StartInspection,
  stop: AbortSignal,
): Promise<InspectReply> {
  const child = await start().catch((thrown: Error) => thrown.message);
  if (typeof child === "string") return { kind: "failed", reason: child };
  const end = () => child.kill();
  stop.addEventListener("abort", end);
  if (stop.aborted) end();
  const reply = await new Promise<InspectReply>((resolve) => {
    let said: InspectReply | null = null;
    child.once("message", (message) => {
      said = message as InspectReply;
    });
    child.once("error", ({ message }) => resolve({ kind: "failed", reason: message }));
    child.once("close", (code, signal) =>
      resolve(said ?? { kind: "failed", reason: `its process ended with ${signal ?? code}` }),
    );
    child.send(request, () => undefined);
  });
  stop.removeEventListener("abort", end);
  return reply;
}

/** As this file is named: .ts in a checkout, .js in the package. */
async function fromFile(): Promise<ChildProcess> {
  const entry = new URL(`./inspect-child${extname(import.meta.filename)}`, import.meta.url);
  // Ctrl-C is for the service to handle. It needs no secret.
  return fork(entry, { stdio: ["ignore", "ignore", "ignore", "ipc"], detached: true, env: {}, execArgv: [] });
}

function cannotInspect(file: string, reason: string): ReportError {
  return new ReportError(`Whether the ledger ${file} is sound could not be found out: ${reason}.`, {
    code: "local",
    advice: "It is looked at again. Reports go on meanwhile.",
    retryable: true,
  });
}
