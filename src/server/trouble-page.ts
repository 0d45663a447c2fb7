import type { ServerResponse } from "node:http";
import { html } from "hono/html";
import type { TroublePhrases } from "../core/words/en/troubles.ts";
import { type LinkOrigin, phrasesFor, sendPage } from "./page.ts";

/** Pages that say what is wrong, and what to do. Those that know the run are its brand's, and in its language. */

interface Trouble {
  readonly status: number;
  readonly title: string;
  readonly sentences: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

function sendTrouble(response: ServerResponse, origin: LinkOrigin | null, trouble: Trouble): void {
  const { status, title, sentences, headers = {} } = trouble;
  const words = sentences.map((sentence) => html`<p>${sentence}</p>`);
  sendPage(response, status, title, [html`<h1>${title}</h1>`, ...words], { headers, brand: origin?.brand });
}

/** `what`: what has been done `times` times within an hour. */
export function sendTooOften(
  response: ServerResponse,
  origin: LinkOrigin | null,
  what: keyof TroublePhrases["tooOften"],
  { times, waitMs }: { readonly times: number; readonly waitMs: number },
): void {
  const { troubles } = phrasesFor(origin);
  const { title, sentence } = troubles.tooOften[what];
  sendTrouble(response, origin, {
    status: 429,
    title,
    sentences: [sentence(times), troubles.tryAgainIn(Math.ceil(waitMs / 60_000))],
    headers: { "retry-after": String(Math.ceil(waitMs / 1_000)) },
  });
}

/** One answer for all that leads nowhere, in English: nothing is known of it, or may be said. */
export function sendUnknown(response: ServerResponse): void {
  const { unknown, unknownWhy, askForNewLink } = phrasesFor(null).troubles;
  sendTrouble(response, null, { status: 404, title: unknown, sentences: [unknownWhy, askForNewLink] });
}

export function sendGone(response: ServerResponse, origin: LinkOrigin | null): void {
  const { gone, goneWhy, askForFile } = phrasesFor(origin).troubles;
  const ask = askForFile(origin?.owner || null, origin?.title ?? null);
  sendTrouble(response, origin, { status: 404, title: gone, sentences: [goneWhy, ask] });
}

export function sendNotSetUp(response: ServerResponse, origin: LinkOrigin | null): void {
  const { notSetUp, notSetUpWhy, askSender } = phrasesFor(origin).troubles;
  sendTrouble(response, origin, { status: 404, title: notSetUp, sentences: [notSetUpWhy, askSender] });
}

export function sendNoSession(response: ServerResponse, origin: LinkOrigin | null, isPassing: boolean): void {
  const { noSession, noAnswer, refused, reportIsWhole } = phrasesFor(origin).troubles;
  sendTrouble(response, origin, {
    status: isPassing ? 503 : 502,
    title: noSession,
    sentences: [isPassing ? noAnswer : refused, reportIsWhole],
  });
}

export function sendBusy(response: ServerResponse, origin: LinkOrigin | null): void {
  const { busy, tryAgainIn } = phrasesFor(origin).troubles;
  sendTrouble(response, origin, {
    status: 503,
    title: busy,
    sentences: [tryAgainIn(1)],
    headers: { "retry-after": "30" },
  });
}
