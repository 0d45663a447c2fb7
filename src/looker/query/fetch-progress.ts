import type { SourceContext } from "../../core/ports/adapter.ts";
import type { Looker } from "../http/client.ts";

const PROGRESS_BYTES = 1_000_000;

/** Tells of the bytes that come in, once for each megabyte. */
export function fetching(looker: Looker, context: SourceContext): (bytes: number) => void {
  const startedAt = looker.clock.now().getTime();
  let toldAt = -PROGRESS_BYTES;
  return (bytes) => {
    if (bytes < toldAt + PROGRESS_BYTES) return;
    toldAt = bytes;
    const elapsedMs = looker.clock.now().getTime() - startedAt;
    context.progress({ status: "fetching", elapsedMs, bytes });
  };
}
