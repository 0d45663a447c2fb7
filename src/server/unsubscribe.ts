import type { IncomingMessage, ServerResponse } from "node:http";
import { html } from "hono/html";
import type { ReportRecipient } from "../core/model/unsubscription.ts";
import { type HourlyLimit, hourlyLimit } from "./hourly-limit.ts";
import { type LinkOrigin, OWN_FORMS, questions, sendPage, sendTooOften } from "./page.ts";

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
    if (taking !== "taken")
      return sendTooOften(
        response,
        "Changed too often",
        `This was changed ${CHANGES_PER_HOUR} times`,
        taking.waitMs,
      );
    if (ask.isUndo) await deps.resubscribe(who);
    else await deps.unsubscribe(who);
    const origin = await ask.origin();
    return ask.isUndo ? sendAgain(response, ask, origin) : sendStopped(ask, origin);
  };
}

function titleOf({ who }: UnsubscribeAsk, origin: LinkOrigin | null): string {
  return (origin?.title ?? who.report).toWellFormed();
}

function sendQuestion(ask: UnsubscribeAsk, origin: LinkOrigin | null): void {
  const action = ask.isUndo ? `../${ask.token}` : ask.token;
  sendPage(
    ask.response,
    200,
    "Stop this report?",
    [
      html`<h1>Stop this report?</h1>`,
      html`<p class="from">${titleOf(ask, origin)}</p>`,
      html`<p>It is sent to <b>${ask.who.recipient}</b></p>`,
      html`<p>If you stop it, it is not sent to this address any more.</p>`,
      html`<form method="post" action="${action}"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button class="get" type="submit">Stop it</button></form>`,
      html`<p class="small">Everyone else who gets it still does.${questions(origin)}</p>`,
    ],
    { forms: OWN_FORMS, brand: origin?.brand },
  );
}

function sendStopped(ask: UnsubscribeAsk, origin: LinkOrigin | null): void {
  const action = ask.isUndo ? "undo" : `${ask.token}/undo`;
  sendPage(
    ask.response,
    200,
    "Stopped",
    [
      html`<h1>Stopped</h1>`,
      html`<p class="from">${titleOf(ask, origin)}</p>`,
      html`<p>It is not sent to <b>${ask.who.recipient}</b> any more. One that is on its way may still arrive.</p>`,
      html`<form method="post" action="${action}"><button class="get quiet" type="submit">Get it again</button></form>`,
      html`<p class="small">Everyone else who gets it still does.${questions(origin)}</p>`,
    ],
    { forms: OWN_FORMS, brand: origin?.brand },
  );
}

function sendAgain(response: ServerResponse, ask: UnsubscribeAsk, origin: LinkOrigin | null): void {
  const pieces = [
    html`<h1>You get it again</h1>`,
    html`<p class="from">${titleOf(ask, origin)}</p>`,
    html`<p>From the next one on, it is sent to <b>${ask.who.recipient}</b>.</p>`,
    html`<p class="small">The link in any of its messages stops it.${questions(origin)}</p>`,
  ];
  sendPage(response, 200, "You get it again", pieces, { brand: origin?.brand });
}
