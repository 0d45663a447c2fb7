import { type ILooker40SDK, Looker40SDK } from "@looker/sdk";
import type { ITransportSettings, SDKResponse } from "@looker/sdk-rtl";
import type { Connection } from "../connection/connection.ts";
import type { Exchange } from "./exchange.ts";
import { LookerSession, LookerSettings } from "./session.ts";
import { type Incoming, LookerTransport } from "./transport.ts";

const LOGOUT_TIMEOUT_MS = 3_000;

export type Send<T> = (
  sdk: ILooker40SDK,
  options: Partial<ITransportSettings>,
) => Promise<SDKResponse<T, unknown>>;

/** Looker's SDK over our own transport and session. Only `client.ts` imports this, when something is first asked of Looker. */
export interface Sdk {
  call<T>(send: Send<T>, signal?: AbortSignal): Promise<T>;
  reach(path: string, signal: AbortSignal): Promise<void>;
  download(path: string, signal: AbortSignal): Promise<Incoming>;
  /** Logs out where it is logged in. Never rejects. */
  logOut(): Promise<void>;
}

export function openSdk(connection: Connection, exchange: Exchange, seen: (secret: string) => void): Sdk {
  const secrets = [connection.clientSecret];
  const settings = new LookerSettings(connection);
  const transport = new LookerTransport(settings, exchange, connection, secrets);
  const session = new LookerSession(settings, transport, (token) => {
    secrets.splice(1, secrets.length, token);
    seen(token);
  });
  const sdk = new Looker40SDK(session);
  const apiPath = `${connection.baseUrl}/api/4.0`;

  return {
    call: (send, signal) => sdk.ok(send(sdk, signal === undefined ? {} : { signal })),
    async reach(path, signal) {
      await transport.request("GET", apiPath + path, undefined, undefined, undefined, { signal });
    },
    download: (path, signal) =>
      transport.download(
        apiPath + path,
        (props: Parameters<typeof session.authenticate>[0]) => session.authenticate(props),
        signal,
      ),
    async logOut() {
      if (!session.isAuthenticated()) return;
      const signal = AbortSignal.timeout(LOGOUT_TIMEOUT_MS);
      // A token that is not given back expires by itself.
      await sdk.ok(sdk.logout({ signal })).catch(() => undefined);
      session.reset();
    },
  };
}
