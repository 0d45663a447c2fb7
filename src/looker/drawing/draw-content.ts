import { ReportError } from "../../core/error.ts";
import type { DrawnFile, DrawOrder, SourceContext } from "../../core/ports/adapter.ts";
import type { Looker } from "../http/client.ts";
import { createQuery, forgetQuery, type QueryBody } from "../query/body.ts";
import { explained } from "../query/explain-failure.ts";
import { runRenderTask } from "./task.ts";

/** Has a query drawn that is given by its body. Where Looker has forgotten the one it made of it, it is made once more. */
export async function drawBody(
  looker: Looker,
  body: QueryBody,
  drawn: string,
  order: DrawOrder,
  context: SourceContext,
): Promise<DrawnFile> {
  for (let round = 1; ; round += 1) {
    const query = await createQuery(looker, body, context.signal).catch(async (error: unknown) => {
      throw await explained(looker, body, error, context.signal);
    });
    try {
      return await runRenderTask(looker, { kind: "query", id: query.id }, drawn, order, context);
    } catch (error) {
      const isGone = error instanceof ReportError && error.status === 404;
      if (round === 2 || !isGone || !forgetQuery(looker, query.id)) throw error;
    }
  }
}
