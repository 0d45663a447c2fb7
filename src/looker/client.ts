import { type ILooker40SDK, Looker40SDK } from "@looker/sdk";
import type { ITransportSettings, SDKResponse } from "@looker/sdk-rtl";
import type { Clock } from "../core/clock.ts";
import { createSlots, type Slots } from "../core/slots.ts";
import { webUrl } from "./base-url.ts";
import type { Connection } from "./connection.ts";
import { openExchange } from "./exchange.ts";
import type { KnownQuery } from "./query-body.ts";
import { LookerSession, LookerSettings } from "./session.ts";
import { type Incoming, LookerTransport } from "./transport.ts";

const LOGOUT_TIMEOUT_MS = 3_000;

export interface LookerDeps {
  readonly clock: Clock;
  /** From 0 up to 1: spreads polls and retries. Default: Math.random. */
  readonly random?: () => number;
  /** Told every secret that comes up (the client secret, access tokens), for logs to leave out. */
  readonly secretsSeen?: (secret: string) => void;
}

/** One Looker, logged in when first needed. Every method rejects with ReportError. */
export interface Looker {
  /** Address of the API, without `/api/4.0`. */
  readonly baseUrl: string;
  /** Where people open it, as far as the API's address tells. */
  readonly webUrl: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Places for queries under way. */
  readonly slots: Slots;
  /** Queries known in this process: those made, by the digest of their body; those read, by `name:` and id or slug. */
  readonly queries: Map<string, KnownQuery>;
  call<T>(send: Send<T>, signal?: AbortSignal): Promise<T>;
  /** GET of a path below `/api/4.0` without a login: says whether an API is there at all. */
  reach(path: string, signal: AbortSignal): Promise<void>;
  /** GET of a path below `/api/4.0` as a stream. */
  download(path: string, signal: AbortSignal): Promise<Incoming>;
  /** Logs out, for no longer than a few seconds, and lets go of the connections. */
  close(): Promise<void>;
}

export type Send<T> = (
  sdk: ILooker40SDK,
  options: Partial<ITransportSettings>,
) => Promise<SDKResponse<T, unknown>>;

/** Throws ReportError `config` when the file of `ca` cannot be read; nothing is sent yet. */
export function openLooker(connection: Connection, deps: LookerDeps): Looker {
  const seen = deps.secretsSeen ?? (() => undefined);
  const secrets = [connection.clientSecret];
  seen(connection.clientSecret);
  const exchange = openExchange(connection.ca);
  const settings = new LookerSettings(connection);
  const transport = new LookerTransport(settings, exchange, connection, secrets);
  const session = new LookerSession(settings, transport, (token) => {
    secrets.splice(1, secrets.length, token);
    seen(token);
  });
  const sdk = new Looker40SDK(session);
  const apiPath = `${connection.baseUrl}/api/4.0`;

  return {
    baseUrl: connection.baseUrl,
    webUrl: webUrl(connection.baseUrl),
    clock: deps.clock,
    random: deps.random ?? Math.random,
    slots: createSlots(connection.maxConcurrentQueries),
    queries: new Map(),
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
    async close() {
      if (session.isAuthenticated()) {
        const signal = AbortSignal.timeout(LOGOUT_TIMEOUT_MS);
        // A token that is not given back expires by itself.
        await sdk.ok(sdk.logout({ signal })).catch(() => undefined);
        session.reset();
      }
      exchange.close();
    },
  };
}
