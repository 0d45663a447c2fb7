import { ReportError } from "../../core/error.ts";
import type { Clock } from "../../core/ports/clock.ts";

export interface HeartbeatOptions {
  /** Where to ping; its path is a secret, since anyone who knows it can ping too. */
  readonly url: string;
  readonly clock: Clock;
  readonly everyMs?: number;
  /** How long an answer may take. */
  readonly waitMaxMs?: number;
  /** Null: all is well. Else what is wrong, in words free of secrets. */
  readonly well: () => Promise<string | null>;
  /** Told once of each outage of the address itself. */
  readonly trouble: (thrown: unknown) => void;
}

export interface Heartbeat {
  /** Pings without waiting for the minute to be over: something has gone wrong. */
  now(): void;
  stop(): void;
}

const EVERY_MS = 60_000;
const WAIT_MAX_MS = 10_000;
/** Healthchecks keeps the first 100 kB of a body. */
const WORDS_MAX = 10_000;

/**
 * Tells a watcher outside that the worker is well, so that people are told when the pings stop: GET on the address, and
 * POST on address/fail with what is wrong (https://healthchecks.io/docs/http_api/). The first ping is made at once. Never throws.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const stop = new AbortController();
  let endWait = new AbortController();
  /** Ends with the wait, or with all of it. */
  const wait = () => {
    endWait = new AbortController();
    return AbortSignal.any([stop.signal, endWait.signal]);
  };
  void beatOn(options, stop.signal, wait);
  return { stop: () => stop.abort(), now: () => endWait.abort() };
}

async function beatOn(
  options: HeartbeatOptions,
  signal: AbortSignal,
  wait: () => AbortSignal,
): Promise<void> {
  const { clock, everyMs = EVERY_MS, trouble } = options;
  let isOut = false;
  while (!signal.aborted) {
    const waiting = wait();
    const failure = await ping(options, signal);
    if (signal.aborted) return;
    if (failure !== null && !isOut) trouble(failure);
    isOut = failure !== null;
    // It rejects only when it is stopped, or is to beat at once.
    await clock.sleep(everyMs, waiting).catch(() => undefined);
  }
}

/** Why the ping did not arrive, or null. */
async function ping(options: HeartbeatOptions, signal: AbortSignal): Promise<ReportError | null> {
  const waitMaxMs = options.waitMaxMs ?? WAIT_MAX_MS;
  const wrong = await whatIsWrong(options.well, waitMaxMs);
  const address = addressOf(options.url, wrong === null ? "" : "/fail");
  if (address === null) return cannotPing("its address is not an http(s) URL");
  try {
    const either = AbortSignal.any([signal, AbortSignal.timeout(waitMaxMs)]);
    const status = await statusOf(address, wrong?.slice(0, WORDS_MAX) ?? null, either);
    // An address that moved is a thing to correct; its new one could be anyone's.
    return status >= 200 && status < 300 ? null : cannotPing(`${address.url.host} answers ${status}`);
  } catch (thrown) {
    return cannotPing(`${address.url.host} ${failureWords(thrown)}`);
  }
}

/**
 * The status that the address answers with; null: GET, else POST of the words. Not by fetch, which takes 17 MB of memory, nor by an
 * import of node:http, which loads as much.
 */
function statusOf({ url, headers }: Address, words: string | null, signal: AbortSignal): Promise<number> {
  const isTls = url.protocol === "https:";
  const { request } = isTls ? process.getBuiltinModule("node:https") : process.getBuiltinModule("node:http");
  return new Promise((resolve, reject) => {
    const method = words === null ? "GET" : "POST";
    const type = words === null ? {} : { "content-type": "text/plain; charset=utf-8" };
    const outgoing = request(url, { method, headers: { ...headers, ...type }, signal, agent: false });
    outgoing.once("response", (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    // Stays: an abort after the answer came ends up here too, and must not end the process.
    outgoing.on("error", (thrown) => reject(signal.aborted ? signal.reason : thrown));
    outgoing.end(words ?? undefined);
  });
}

/** A check that fails or hangs is a worker that is not well. */
async function whatIsWrong(well: HeartbeatOptions["well"], waitMaxMs: number): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("Whether the worker is well could not be checked in time."), waitMaxMs);
  });
  try {
    return await Promise.race([well(), tooLate]);
  } catch (thrown) {
    return thrown instanceof ReportError
      ? thrown.message
      : "Whether the worker is well could not be checked.";
  } finally {
    clearTimeout(timer);
  }
}

interface Address {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** With its credentials in a header, and none left in the address. */
function addressOf(text: string, suffix: string): Address | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const { username, password } = url;
  const pair = Buffer.from(`${decoded(username)}:${decoded(password)}`);
  url.username = "";
  url.password = "";
  url.hash = "";
  url.pathname = url.pathname.replace(/\/$/, "") + suffix;
  if (username === "" && password === "") return { url, headers: {} };
  return { url, headers: { authorization: `Basic ${pair.toString("base64")}` } };
}

/** As it is where it is not percent-encoded after all. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Only the code of what was thrown: its message may hold the address. */
function failureWords(thrown: unknown): string {
  if (thrown instanceof Error && thrown.name === "TimeoutError") return "does not answer in time";
  const code = thrown instanceof Error && "code" in thrown ? ` (${String(thrown.code)})` : "";
  return `is not reached${code}`;
}

function cannotPing(why: string): ReportError {
  return new ReportError(`The heartbeat did not arrive: ${why}.`, {
    code: "unavailable",
    advice: "Check the heartbeat address, and that this machine reaches it. Reports go on meanwhile.",
  });
}
