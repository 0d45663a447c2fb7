import type { IncomingMessage, ServerResponse } from "node:http";
import { html } from "hono/html";
import type { ReportRecipient } from "../core/model/unsubscription.ts";
import { type HourlyLimit, hourlyLimit } from "./hourly-limit.ts";
import { type LinkOrigin, OWN_FORMS, phrasesFor, questions, sendPage } from "./page.ts";
import { sendTooOften } from "./trouble-page.ts";

/** What the ledger does for a recipient who follows the link of a message. */
export interface UnsubscribeDeps {
  isUnsubscribed(who: ReportRecipient): Promise<boolean>;
  /** Each may be called twice in a row: a person may press a button twice, and a mail program ask again. */
  unsubscribe(who: ReportRecipient): Promise<void>;
  resubscribe(who: ReportRecipient): Promise<void>;
}

export interface UnsubscribeAsk {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly token: string;
  /** The part of the address after the token: the report is wanted again. */
  readonly isUndo: boolean;
  readonly who: ReportRecipient;
  readonly tokenHash: string;
  /** Resolves with what the page says of the report; null: no more than its name. */
  readonly origin: () => Promise<LinkOrigin | null>;
}

/** Through one link within an hour. A mail program asks once, a person may change their mind a few times. */
const CHANGES_PER_HOUR = 20;

export type Unsubscribing = (ask: UnsubscribeAsk, now: Date) => Promise<void>;

/**
 * Answers /unsubscribe/TOKEN and /unsubscribe/TOKEN/undo. A GET shows a page that asks and changes nothing, since mail scanners and
 * previews follow every link; a POST takes effect at once and answers without a redirect, as mail programs want it (RFC 8058, 3.1 and 3.2).
 * What the body says is not read: the address alone says who and what.
 */
export function openUnsubscribing(deps: UnsubscribeDeps): Unsubscribing {
  const hourly: HourlyLimit = hourlyLimit(CHANGES_PER_HOUR);
  return async (ask, now) => {
    const { request, response, who, tokenHash } = ask;
    if (request.method !== "POST") {
      const isStopped = await deps.isUnsubscribed(who);
      const origin = await ask.origin();
      return isStopped ? sendStopped(ask, origin) : sendQuestion(ask, origin);
    }
    response.setHeader("connection", "close");
    const taking = hourly.take(tokenHash, now);
    if (taking !== "taken") {
      const limit = { times: CHANGES_PER_HOUR, waitMs: taking.waitMs };
      return sendTooOften(response, await ask.origin(), "changed", limit);
    }
    if (ask.isUndo) await deps.resubscribe(who);
    else await deps.unsubscribe(who);
    const origin = await ask.origin();
    return ask.isUndo ? sendAgain(response, ask, origin) : sendStopped(ask, origin);
  };
}

function titleOf({ who }: UnsubscribeAsk, origin: LinkOrigin | null): string {
  return (origin?.title ?? who.report).toWellFormed();
}

/** A sentence around the address. */
function around([before, after]: readonly [string, string], { who }: UnsubscribeAsk) {
  return html`<p>${before}<b>${who.recipient}</b>${after}</p>`;
}

function sendQuestion(ask: UnsubscribeAsk, origin: LinkOrigin | null): void {
  const { pages } = phrasesFor(origin);
  const action = ask.isUndo ? `../${ask.token}` : ask.token;
  sendPage(
    ask.response,
    200,
    pages.stopTitle,
    [
      html`<h1>${pages.stopTitle}</h1>`,
      html`<p class="from">${titleOf(ask, origin)}</p>`,
      around(pages.sentTo, ask),
      html`<p>${pages.ifYouStop}</p>`,
      html`<form method="post" action="${action}"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button class="get" type="submit">${pages.stop}</button></form>`,
      html`<p class="small">${pages.othersStill}${questions(origin)}</p>`,
    ],
    { forms: OWN_FORMS, brand: origin?.brand },
  );
}

function sendStopped(ask: UnsubscribeAsk, origin: LinkOrigin | null): void {
  const { pages } = phrasesFor(origin);
  const action = ask.isUndo ? "undo" : `${ask.token}/undo`;
  sendPage(
    ask.response,
    200,
    pages.stopped,
    [
      html`<h1>${pages.stopped}</h1>`,
      html`<p class="from">${titleOf(ask, origin)}</p>`,
      around(pages.notSentTo, ask),
      html`<form method="post" action="${action}"><button class="get quiet" type="submit">${pages.getAgain}</button></form>`,
      html`<p class="small">${pages.othersStill}${questions(origin)}</p>`,
    ],
    { forms: OWN_FORMS, brand: origin?.brand },
  );
}

function sendAgain(response: ServerResponse, ask: UnsubscribeAsk, origin: LinkOrigin | null): void {
  const { pages } = phrasesFor(origin);
  const pieces = [
    html`<h1>${pages.again}</h1>`,
    html`<p class="from">${titleOf(ask, origin)}</p>`,
    around(pages.sentAgainTo, ask),
    html`<p class="small">${pages.linkStops}${questions(origin)}</p>`,
  ];
  sendPage(response, 200, pages.again, pieces, { brand: origin?.brand });
}
