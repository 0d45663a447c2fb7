import { NodeTransport } from "@looker/sdk-node";
import type {
  Authenticator,
  HttpMethod,
  IRawRequest,
  IRawResponse,
  IRequestProps,
  ITransportSettings,
  SDKResponse,
  Values,
} from "@looker/sdk-rtl";
import { ReportError } from "../../core/error.ts";
import { abortable } from "../../core/rules/abortable.ts";
import { type Redact, redactedBeginning } from "../../core/rules/redact.ts";
import type { Exchange, HttpAnswer, HttpRequest } from "./exchange.ts";
import { BODY_CHARS_MAX, type Call, failedAnswer, htmlText, retryAfter } from "./failure.ts";
import { arriving, beginningOf, wholeText } from "./incoming.ts";
import { failedSocket, timedOut } from "./socket-failure.ts";

export interface TransportLimits {
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** An answer whose bytes are still to come. */
export interface Incoming {
  readonly status: number;
  readonly contentType: string;
  /** How long Looker asks to wait before the next try, in milliseconds; null where it does not. */
  readonly retryAfterMs: number | null;
  readonly bytes: AsyncIterable<Buffer>;
  /** Throws away what comes, so that the connection is free for the next request. Not for results, which may be large. */
  discard(): void;
}

/**
 * The SDK's transport with what it lacks: timeouts and abort signals that work, a 401 that leads to one new login, errors
 * that keep status, call and Retry-After (every failure is thrown as ReportError), and nothing printed.
 */
export class LookerTransport extends NodeTransport {
  readonly #exchange: Exchange;
  readonly #limits: TransportLimits;
  /** For what an error repeats. */
  readonly #redact: Redact;
  /** Told which Authorization header Looker refused, so that the next one is a new login. */
  onRefused: (authorization: string) => void = () => undefined;

  constructor(settings: ITransportSettings, exchange: Exchange, limits: TransportLimits, redact: Redact) {
    super(settings);
    this.#exchange = exchange;
    this.#limits = limits;
    this.#redact = redact;
  }

  override async request<TSuccess, TError>(
    method: HttpMethod,
    path: string,
    queryParams?: Values,
    body?: unknown,
    authenticator?: Authenticator,
    options?: Partial<ITransportSettings>,
  ): Promise<SDKResponse<TSuccess, TError>> {
    return this.parseResponse(await this.rawRequest(method, path, queryParams, body, authenticator, options));
  }

  /** One exchange with the whole answer in memory. The SDK's own retries are not used. */
  override async retry(request: IRawRequest): Promise<IRawResponse> {
    const signal = request.options?.signal ?? new AbortController().signal;
    const requestStarted = Date.now();
    const { answer, call, url } = await this.#send(request, signal, async (received, sent) => ({
      answer: {
        ...received,
        body: await (isSuccess(received) ? wholeText(received.body, sent) : beginningOf(received.body)),
      },
      call: sent,
      url: sent.path,
    }));
    const ok = isSuccess(answer);
    if (!ok || htmlText(answer) !== null) throw this.#failed(call, answer);
    return {
      method: request.method,
      url,
      ok,
      body: answer.body,
      statusCode: answer.status,
      statusMessage: "",
      contentType: answer.headers["content-type"] ?? "text/plain",
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
      ),
      requestStarted,
      responseCompleted: Date.now(),
    };
  }

  override async parseResponse<TSuccess, TError>(raw: IRawResponse): Promise<SDKResponse<TSuccess, TError>> {
    const parsed = await super.parseResponse<TSuccess, TError>(raw);
    if (parsed.ok) return parsed;
    throw new ReportError(`${raw.method} ${raw.url}: Looker's answer is not the JSON that it claims to be.`, {
      code: "protocol",
      advice:
        "Check that looker.base_url is the address of Looker's API, and that no proxy changes its answers.",
      cause: parsed.error,
    });
  }

  /**
   * An answer as a stream: as soon as it begins (within the request's timeout), and then only limited by how long it may
   * pause. Throws ReportError for an answer that is not 2xx; breaks off with one when the connection drops.
   */
  async download(path: string, authenticator: Authenticator, signal: AbortSignal): Promise<Incoming> {
    const request: IRawRequest = { method: "GET", path, authenticator, options: { signal } };
    const { received, call } = await this.#send(request, signal, async (received, call) => {
      const isPage = /\bhtml\b/.test(received.headers["content-type"] ?? "");
      if (isSuccess(received) && !isPage) return { received, call };
      throw this.#failed(call, { ...received, body: await beginningOf(received.body) });
    });
    return {
      status: received.status,
      contentType: received.headers["content-type"] ?? "",
      retryAfterMs: retryAfter(received.headers["retry-after"], new Date()),
      bytes: arriving(received.body, call, this.#limits.idleTimeoutMs, signal),
      discard: () => void received.body.resume(),
    };
  }

  /** Without a signal the base class prints on stdout; with one it drops it. So it is given one, which is put back after. */
  protected override async initRequest(
    method: HttpMethod,
    path: string,
    body?: unknown,
    authenticator?: Authenticator,
    options?: Partial<ITransportSettings>,
  ): Promise<IRequestProps> {
    const signal = options?.signal ?? new AbortController().signal;
    const given = { ...options, signal, verify_ssl: true };
    const props = await super.initRequest(method, path, body, authenticator, given);
    return { ...props, signal, headers: { ...props.headers, "user-agent": "lookpost" } };
  }

  async #send<T>(
    request: IRawRequest,
    outer: AbortSignal,
    receive: (answer: HttpAnswer, call: Call) => Promise<T>,
  ): Promise<T> {
    const url = this.makeUrl(request.path, { ...this.options, ...request.options }, request.queryParams);
    const call = callOf(request.method, url);
    for (let attempt = 1; ; attempt += 1) {
      const init = this.initRequest(
        request.method,
        url,
        request.body,
        request.authenticator,
        request.options,
      );
      // A login may be under way for others too: this call's own signal ends only its waiting for it.
      const props = await abortable(init, outer);
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(), this.#limits.requestTimeoutMs);
      try {
        const signal = AbortSignal.any([outer, deadline.signal]);
        const answer = await this.#exchange.send(asRequest(props), signal);
        if (answer.status === 401 && request.authenticator && attempt === 1) {
          answer.body.resume();
          this.onRefused(String(props.headers.Authorization));
          continue;
        }
        return await receive(answer, call);
      } catch (error) {
        if (outer.aborted) throw outer.reason;
        if (error instanceof ReportError) throw error;
        if (deadline.signal.aborted) throw timedOut(call, this.#limits.requestTimeoutMs);
        throw failedSocket(call, error);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  #failed(call: Call, answer: Omit<HttpAnswer, "body"> & { body: string }): ReportError {
    return failedAnswer(
      call,
      { ...answer, body: redactedBeginning(answer.body, BODY_CHARS_MAX, this.#redact) },
      new Date(),
    );
  }
}

function isSuccess({ status }: Pick<HttpAnswer, "status">): boolean {
  return status >= 200 && status < 300;
}

function callOf(method: string, address: string): Call {
  const url = new URL(address);
  return { method, path: url.pathname.replace(/^.*?\/api\/\d\.\d(?=\/)/, ""), host: url.host };
}

function asRequest(props: IRequestProps): HttpRequest {
  const { url, method, headers } = props;
  return typeof props.body === "string"
    ? { url, method, headers, body: props.body }
    : { url, method, headers };
}
