import { toReportError } from "../core/error.ts";
import { readReports } from "./reports-file.ts";
import type { ReadReply, ReadRequest } from "./reports-reader.ts";

/* The process that reports-reader starts: it reads one file, says what it found, and ends. */

process.once("message", (order: ReadRequest) => {
  // The service may have ended meanwhile: then there is no one to tell.
  process.send?.(read(order), undefined, {}, () => process.connected && process.disconnect());
});

function read({ file, env, before }: ReadRequest): ReadReply {
  try {
    const { config, ...rest } = readReports(file, env, { before });
    if (config === null) return { kind: "read", config, ...rest };
    const { locate: _, ...plain } = config;
    return { kind: "read", config: plain, ...rest };
  } catch (thrown) {
    const { code, message, advice, retryable } = toReportError(thrown);
    return { kind: "failed", code, message, advice, retryable };
  }
}
