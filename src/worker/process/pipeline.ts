import type { Work } from "../../core/model/work.ts";
import type { Pipeline } from "../../core/ports/engine.ts";
import { carryOutDelivery } from "../delivery/delivery.ts";
import { carryOutNotice } from "../delivery/notice.ts";
import { carryOutRun } from "../run/run.ts";
import type { WorkerContext } from "./context.ts";

/** How long after a failure of the ledger itself what is in hand is taken up again. */
const TAKE_UP_MS = 5_000;

/**
 * What fails in a run or a delivery is written into the ledger. Where that itself fails for good, `trouble` is told, and what
 * is in hand here is taken up again by this process: no other process would look after it.
 */
export function createPipeline(worker: WorkerContext): Pipeline {
  const { inHand } = worker.underWay;
  const again = new Set<string>();
  const carry: Pipeline["carryOut"] = (work, stop) =>
    carryOut(work, stop, worker).catch((thrown) => {
      worker.trouble(thrown);
      if (inHand.has(work.id) && !again.has(work.id)) {
        again.add(work.id);
        setTimeout(() => {
          again.delete(work.id);
          if (!stop.aborted) void carry(work, stop);
        }, TAKE_UP_MS).unref();
      }
      return "busy";
    });
  return { carryOut: carry };
}

function carryOut(
  { kind, id }: Pick<Work, "kind" | "id">,
  stop: AbortSignal,
  worker: WorkerContext,
): Promise<"done" | "busy"> {
  switch (kind) {
    case "run":
      return carryOutRun(id, stop, worker);
    case "delivery":
      return carryOutDelivery(id, stop, worker);
    default:
      return carryOutNotice(id, kind, worker);
  }
}
