import type { SendIf } from "../model/report.ts";

/** Why a report is not sent this time, or null if it is. `rows` counts the rows of all its sections. */
export function reasonToSkip(sendIf: SendIf, rows: number): string | null {
  if (sendIf === "has_results" && rows === 0)
    return "No rows, and the report is sent only when there are some.";
  if (sendIf === "no_results" && rows > 0)
    return "There are rows, and the report is sent only when there are none.";
  return null;
}
