import { readFile } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import { bytes as bytesInWords } from "../../core/rules/quantity.ts";
import { type JsonObject, parseExactly } from "../http/loose-json.ts";
import type { Incoming } from "../http/transport.ts";
import { judge, unexplainedFailure } from "../query/verdict.ts";
import { writeSpoolFile } from "./spool-file.ts";

/** A result of at most 5,000 rows; larger ones are fetched as CSV. */
const DETAIL_BYTES_MAX = 256_000_000;

export interface ReceivedDetail {
  readonly detail: JsonObject;
  readonly warnings: readonly string[];
}

/**
 * Takes a json_detail result in, by way of a file at `path`, which stays. "pending": the body was the task itself. Throws
 * ReportError for what Looker reports in place of a result.
 */
export async function receiveDetail(
  incoming: Incoming,
  path: string,
  failed: boolean,
  progress: (bytes: number) => void,
): Promise<ReceivedDetail | "pending"> {
  await writeSpoolFile(limited(incoming.bytes, progress), path);
  const verdict = judge(parse(await readFile(path, "utf8")));
  if (verdict.kind === "task") return "pending";
  const { detail, warnings } = verdict;
  // Mere notices can turn a task to "error"; without any there is no telling what is wrong with the data.
  if (failed && warnings.length === 0) throw unexplainedFailure(null);
  return { detail, warnings };
}

async function* limited(
  source: AsyncIterable<Buffer>,
  progress: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > DETAIL_BYTES_MAX) {
      throw new ReportError(
        `The result is larger than ${bytesInWords(DETAIL_BYTES_MAX)} although it has few rows.`,
        {
          code: "invalid_query",
          advice: "Ask for fewer columns or pivots, or set a limit above 5000 so that it is fetched as CSV.",
        },
      );
    }
    yield chunk;
    progress(bytes);
  }
}

function parse(text: string): unknown {
  try {
    return parseExactly(text);
  } catch (cause) {
    throw new ReportError("The result from Looker breaks off: it is not whole JSON.", {
      code: "protocol",
      retryable: true,
      advice: "Run the report again. If it lasts, check whether a proxy cuts Looker's answers.",
      cause,
    });
  }
}
