import { type App, startHeartbeat } from "../../app/app.ts";
import { type ServiceState, whatIsWrong } from "./state.ts";

/** The pings of the heartbeat, from when there is something to say. */
export interface ServiceHeartbeat {
  start(): void;
  /** The file names another address now, or none. */
  follow(url: string | null): void;
  /** Says at once what has gone wrong. */
  now(): void;
  stop(): void;
}

export function heartbeatOf(
  app: App,
  state: ServiceState,
  trouble: (thrown: unknown) => void,
): ServiceHeartbeat {
  let { heartbeat: url } = app.config;
  const well = async () => whatIsWrong(state);
  let heartbeat: ReturnType<typeof startHeartbeat> | null = null;
  let isStarted = false;
  const start = () => {
    isStarted = true;
    if (url !== null) heartbeat ??= startHeartbeat({ url, clock: app.clock, well, trouble });
  };
  const stop = () => {
    heartbeat?.stop();
    heartbeat = null;
  };
  return {
    start,
    follow(next) {
      if (next === url) return;
      url = next;
      stop();
      if (isStarted) start();
    },
    now: () => heartbeat?.now(),
    stop,
  };
}
