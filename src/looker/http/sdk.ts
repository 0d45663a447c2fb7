import { type ILooker40SDK, Looker40SDK } from "@looker/sdk";
import { NodeSession } from "@looker/sdk-node";
import {
  ApiSettings,
  type AuthToken,
  type IApiSection,
  type ITransportSettings,
  type SDKResponse,
} from "@looker/sdk-rtl";
import { ReportError } from "../../core/error.ts";
import { type Redact, redact } from "../../core/rules/redact.ts";
import { NEW_SECRET_ADVICE } from "../../core/rules/secure-transport.ts";
import type { Connection } from "../connection/connection.ts";
import type { Exchange } from "./exchange.ts";
import { type Incoming, LookerTransport } from "./transport.ts";

const LOGOUT_TIMEOUT_MS = 3_000;
const SECRETS_MAX = 20;

export type Send<T> = (
  sdk: ILooker40SDK,
  options: Partial<ITransportSettings>,
) => Promise<SDKResponse<T, unknown>>;

/** Looker's SDK over our own transport and session. Only `client.ts` imports this, when something is first asked of Looker. */
export interface Sdk {
  call<T>(send: Send<T>, signal?: AbortSignal): Promise<T>;
  reach(path: string, signal: AbortSignal): Promise<void>;
  download(path: string, signal: AbortSignal): Promise<Incoming>;
  /** Another API key: the next call logs in with it. */
  renew(key: Pick<Connection, "clientId" | "clientSecret">): void;
  /** Logs out where it is logged in. Never rejects. */
  logOut(): Promise<void>;
}

export interface SdkDeps {
  /** Told each access token. */
  readonly seen: (secret: string) => void;
  readonly redact: Redact;
}

export function openSdk(connection: Connection, exchange: Exchange, { seen, redact: clean }: SdkDeps): Sdk {
  const secrets = [connection.clientSecret];
  const settings = new LookerSettings(connection);
  const transport = new LookerTransport(settings, exchange, connection, (text) =>
    clean(redact(text, secrets)),
  );
  const session = new LookerSession(settings, transport, (token) => {
    secrets.push(token);
    // The latest: those of an hour ago are of no use to anyone.
    if (secrets.length > SECRETS_MAX) secrets.splice(0, secrets.length - SECRETS_MAX);
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
    renew(key) {
      secrets.push(key.clientSecret);
      settings.renew(key);
      const { access_token: token } = session.renew();
      if (token === "") return;
      const withToken = async (props: Parameters<typeof session.authenticate>[0]) => {
        props.headers.Authorization = `Bearer ${token}`;
        return props;
      };
      const options = { signal: AbortSignal.timeout(LOGOUT_TIMEOUT_MS) };
      // Best effort: it expires by itself.
      transport
        .request("DELETE", `${apiPath}/logout`, undefined, undefined, withToken, options)
        .catch(() => undefined);
    },
    async logOut() {
      if (!session.isAuthenticated()) return;
      const signal = AbortSignal.timeout(LOGOUT_TIMEOUT_MS);
      // A token that is not given back expires by itself.
      await sdk.ok(sdk.logout({ signal })).catch(() => undefined);
      session.reset();
    },
  };
}

/** The SDK's settings, from the connection and nothing else: neither the environment nor an ini file is read. */
class LookerSettings extends ApiSettings {
  // Private, because the SDK copies every other property into the options of each request.
  #credentials: IApiSection;

  constructor(connection: Connection) {
    const settings: ITransportSettings = {
      base_url: connection.baseUrl,
      verify_ssl: true,
      timeout: Math.ceil(connection.requestTimeoutMs / 1000),
      agentTag: "lookpost",
    };
    super(settings);
    this.#credentials = { client_id: connection.clientId, client_secret: connection.clientSecret };
  }

  renew({ clientId, clientSecret }: Pick<Connection, "clientId" | "clientSecret">): void {
    this.#credentials = { client_id: clientId, client_secret: clientSecret };
  }

  override readConfig(): IApiSection {
    return this.#credentials;
  }
}

/** The SDK's session with one login for all who need it at once, and a new one after Looker has refused a token. */
class LookerSession extends NodeSession {
  #login: Promise<AuthToken> | null = null;
  /** How often the key was replaced: a login that was under way then is made again. */
  #keys = 0;
  readonly #seen: (token: string) => void;

  /** `seen` is told each access token, so that no log repeats it. */
  constructor(settings: LookerSettings, transport: LookerTransport, seen: (token: string) => void) {
    super(settings, transport);
    this.#seen = seen;
    transport.onRefused = (authorization) => this.#forget(authorization);
  }

  override login(): Promise<AuthToken> {
    this.#login ??= this.#logIn().finally(() => {
      this.#login = null;
    });
    return this.#login;
  }

  async #logIn(): Promise<AuthToken> {
    const keys = this.#keys;
    const isStale = () => keys !== this.#keys;
    try {
      const token = await super.login();
      this.#seen(token.access_token);
      if (!isStale()) return token;
      this.reset();
    } catch (error) {
      if (!isStale()) throw isRefusal(error) ? refused(error) : withoutStatus(error);
    }
    return this.#logIn();
  }

  /** Forgets the token of the key before, and returns it. */
  renew(): { readonly access_token: string } {
    this.#keys += 1;
    const access_token = this.isAuthenticated() ? this.activeToken.access_token : "";
    this.reset();
    return { access_token };
  }

  /** Many calls may come back refused with the token that one of them has already replaced. */
  #forget(authorization: string): void {
    if (authorization.endsWith(` ${this.activeToken.access_token}`)) this.reset();
  }
}

/** Looker answers bad credentials with 404 "Not found"; gateways before it with 401 or 403. */
function isRefusal(error: unknown): error is ReportError {
  return error instanceof ReportError && (error.code === "not_found" || error.code === "auth");
}

function refused(cause: ReportError): ReportError {
  return new ReportError("Looker refuses the login with this client id and secret.", {
    code: "auth",
    advice: `Check looker.client_id and looker.client_secret: both belong to one API key of one user (Admin > Users > Edit keys), who must not be disabled. ${NEW_SECRET_ADVICE}`,
    cause,
  });
}

/**
 * A login happens within another call, whose caller would take a 404, say, for an answer about what it asked for: so a
 * failed login has no status.
 */
function withoutStatus(error: unknown): unknown {
  if (!(error instanceof ReportError) || error.status === null) return error;
  const { message, code, advice, retryable, retryAfterMs } = error;
  return new ReportError(message, {
    code,
    retryable,
    cause: error,
    ...(advice !== null && { advice }),
    ...(retryAfterMs !== null && { retryAfterMs }),
  });
}
