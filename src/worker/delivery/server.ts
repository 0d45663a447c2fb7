import type { DeliverTo } from "../../core/model/report.ts";
import { heldWords } from "../process/circuits.ts";
import type { WorkerContext } from "../process/context.ts";

/** The server that a delivery goes through, among the circuits: one that is out holds back no other. */
export interface DeliveryServer {
  /** Null: there is none. */
  readonly circuit: string | null;
  /** Until when it is left alone, and why in a sentence; null: it may be asked. */
  held(): Promise<{ readonly until: Date; readonly reason: string } | null>;
  /** It answered. */
  succeeded(): Promise<void>;
  /** It was not reached, or said that it is out. */
  failed(reason: string): Promise<void>;
}

export function serverOf(
  { destination: { kind, options } }: DeliverTo,
  { adapters, circuits, redact }: Pick<WorkerContext, "adapters" | "circuits" | "redact">,
): DeliveryServer {
  const destination = adapters.destination(kind);
  const server = destination.server(options);
  if (server === null) return noServer;
  const name = `${kind} ${redact(server)}`;
  return {
    circuit: name,
    async held() {
      const held = await circuits.held(name);
      return held === null
        ? null
        : { until: held.until, reason: heldWords(destination.words.server(redact(server)), held.reason) };
    },
    succeeded: () => circuits.succeeded(name),
    failed: (reason) => circuits.failed(name, redact(reason)),
  };
}

const noServer: DeliveryServer = {
  circuit: null,
  held: async () => null,
  succeeded: async () => undefined,
  failed: async () => undefined,
};
