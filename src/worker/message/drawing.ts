import { ReportError } from "../../core/error.ts";
import type { DrawnFile, DrawOrder } from "../../core/ports/adapter.ts";
import type { WorkerContext } from "../process/context.ts";
import type { AttemptContext } from "../run/attempt.ts";
import { type Part, requestOf } from "../run/parts.ts";
import { type IndexedPart, sourceContext } from "../run/sections.ts";

/** How much of the time that is left a drawing may take, so that its own words come before those of the report's timeout. */
const SHARE = 0.9;

/** A report's whole content (a dashboard with all its tiles) as Looker draws it, for a file: one that hangs may do better at the next try. */
export async function drawContent(
  indexed: IndexedPart,
  { maxMs, ...how }: DrawOrder,
  attempt: AttemptContext,
  worker: WorkerContext,
): Promise<DrawnFile> {
  const { source, filters } = indexed.part.plan;
  const order = { ...how, maxMs: Math.min(maxMs, attempt.deadline.leftMs() * SHARE) };
  try {
    return await draw(indexed, { content: { source, filters }, order }, attempt, worker);
  } catch (thrown) {
    if (attempt.signal.aborted || !(thrown instanceof ReportError) || thrown.code !== "timeout") throw thrown;
    const { message, advice, limitMs } = thrown;
    throw new ReportError(`The ${how.format} to be attached could not be had. ${message}`, {
      code: "timeout",
      retryable: true,
      cause: thrown,
      ...(advice !== null && { advice }),
      ...(limitMs !== null && { limitMs }),
    });
  }
}

interface Drawn {
  readonly content: NonNullable<Part["content"]>;
  readonly order: DrawOrder;
}

/** Throws as `Source.draw`, and ReportError `config` where the source draws nothing. */
export async function draw(
  indexed: IndexedPart,
  { content, order }: Drawn,
  attempt: AttemptContext,
  worker: WorkerContext,
): Promise<DrawnFile> {
  const { adapters } = worker;
  const source = adapters.source(content.source.kind);
  if (source.draw === undefined) {
    throw new ReportError(`Looker draws no ${order.format} of ${source.describe(content.source.options)}.`, {
      code: "config",
    });
  }
  const request = {
    ...requestOf(indexed.part.plan, attempt.report, adapters.format),
    filters: content.filters,
  };
  const { format, width, height } = order;
  const context = await sourceContext(indexed, attempt, worker, `${format}-${width}x${height}-`);
  return source.draw(content.source.options, request, order, context);
}
