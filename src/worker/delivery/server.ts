import type { DeliverTo } from "../../core/model/report.ts";
import { heldWords } from "../process/circuits.ts";
import type { WorkerContext } from "../process/context.ts";

/** The server that a delivery goes through, among the circuits: one that is out holds back no other. */
export interface DeliveryServer {
  /** Null: there is none. */
  readonly circuit: string | null;
  /** Until when it is left alone, and why in a sentence; null: it may be asked. */
  held(): Promise<{ readonly until: Date; readonly reason: string } | null>;
  /** It took a message. */
  succeeded(): Promise<void>;
  /** It was too busy for this one. Whether it has its hands full with others, of this worker or another, and is not out. */
  servesOthers(owner: string): Promise<boolean>;
  /** It was not reached, or said that it is out. */
  failed(reason: string): Promise<void>;
}

export function serverOf(
  { destination: { kind, options } }: DeliverTo,
  {
    adapters,
    circuits,
    traffic,
    redact,
  }: Pick<WorkerContext, "adapters" | "circuits" | "traffic" | "redact">,
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
    async succeeded() {
      await circuits.succeeded(name);
      await traffic.taken(name);
    },
    servesOthers: (owner) => traffic.servesOthers(name, kind, owner),
    failed: (reason) => circuits.failed(name, redact(reason)),
  };
}

const noServer: DeliveryServer = {
  circuit: null,
  held: async () => null,
  succeeded: async () => undefined,
  servesOthers: async () => false,
  failed: async () => undefined,
};
