import { request } from "node:http";
import { z } from "zod";
import type { Message } from "../../src/core/model/message.ts";
import { commitment, type Outcome } from "../../src/core/model/outcome.ts";
import {
  type DeliveryTerms,
  type Destination,
  type DestinationSchemas,
  defineDestination,
} from "../../src/core/ports/destination.ts";
import { secret } from "../../src/core/rules/secret.ts";

/*
 * The least that a destination can be: it posts the subject to an address of its options. The contract suite and the guide
 * (docs/development/add-a-destination.md) are held against it; it is no part of lookpost.
 */

export interface WebhookOptions {
  readonly url: string;
}

export const webhookSchemas: DestinationSchemas<null, WebhookOptions> = {
  description: "A POST to an address of yours.",
  connection: null,
  options: z.strictObject({ url: secret("Where to post.") }).meta({ description: "An address." }),
};

const host = ({ url }: WebhookOptions) => new URL(url).host;

export const webhook = defineDestination({
  kind: "webhook",
  open: (_connection: null): Destination<WebhookOptions> => openWebhook(),
  needsConnection: false,
  describe: host,
  identity: ({ url }) => url,
  recipients: (options) => [host(options)],
  server: host,
  onSandbox: { connection: () => null, options: () => null },
  words: { server: (server) => server, refusals: "recipients", looksUp: false },
});

function openWebhook(): Destination<WebhookOptions> {
  const closing = new AbortController();
  return {
    attachmentBytesMax: 10_000_000,
    deliver: (message, { url }, terms) =>
      post(url, message, { ...terms, signal: AbortSignal.any([terms.signal, closing.signal]) }),
    close: () => closing.abort(new Error("the webhook destination was closed")),
  };
}

async function post(url: string, message: Message, { signal, commit }: DeliveryTerms): Promise<Outcome> {
  const body = JSON.stringify({ key: message.key, subject: message.subject });
  if (signal.aborted) return { kind: "again", reason: "Stopped before anything was sent." };
  const connected = await connect(url, body.length, signal).catch((cause: Error) => cause);
  if (connected instanceof Error)
    return { kind: "again", reason: `${connected.message}.`, isServerOut: !signal.aborted };
  const committed = await commit().catch((cause: Error) => cause);
  if (committed instanceof Error) {
    connected.destroy();
    return { kind: "again", reason: `Held back: ${committed.message}` };
  }
  try {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    connected.on("response", (answer) => resolve(answer.resume().statusCode ?? 0));
    connected.on("error", reject);
    connected.end(body);
    const status = await promise;
    if (status < 300) return committed.sent(message.key);
    if (status < 500) return { kind: "refused", reason: `HTTP ${status}`, advice: "Check the address." };
    return committed.unknown(`HTTP ${status}`);
  } catch (thrown) {
    return committed.unknown(`No answer: ${String(thrown)}`);
  }
}

/** A request whose head has left: its body, without which it is none, has not. */
function connect(url: string, bytes: number, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof request>>();
  const headers = { "content-type": "application/json", "content-length": bytes };
  const sending = request(url, { method: "POST", headers, signal });
  sending.on("error", reject);
  sending.on("socket", (socket) => socket.once("connect", () => resolve(sending)));
  sending.flushHeaders();
  return promise;
}

/*
 * What the compiler refuses. Each of these lines fails `npm run check` as soon as it would compile.
 */
const options = { url: "https://hooks.example.com/" };
const complete: Destination<WebhookOptions> = openWebhook();
const { close: _close, ...withoutClose } = complete;
// @ts-expect-error a destination can be closed
export const neverClosed: Destination<WebhookOptions> = withoutClose;
// @ts-expect-error only what commit resolves with says that a message is out
export const sentWithoutCommit: Outcome = { kind: "sent", externalId: "1", refused: [] };
// @ts-expect-error or that it may be
export const unknownWithoutCommit: Outcome = { kind: "unknown", reason: "" };
export const sentAfterCommit: Outcome = commitment.sent("1");
const { identity: _identity, ...anonymous } = webhook;
// @ts-expect-error what tells its entries apart is the destination's to say
export const withoutIdentity = defineDestination(anonymous);
const { onSandbox: _onSandbox, ...real } = webhook;
// @ts-expect-error and what the demo reaches in its place
export const withoutSandbox = defineDestination(real);
export const example = options;
