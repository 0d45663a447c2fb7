import { html } from "hono/html";
import type { StoredMail } from "../../mail/store.ts";
import { fullTime, type Html, sizeText, timeElement } from "../shell.ts";
import type { MailAttachment, MailHeaders, ReadMail } from "./reader.ts";

export type MailView = "html" | "text" | "source";

export const sourceCharsMax = 200_000;

/** One line of the inbox. */
export function inboxRow(mail: StoredMail, headers: MailHeaders, isOpen: boolean): Html {
  const received = new Date(mail.receivedAt);
  return html`<a class="row" data-key="mail-${mail.id}" href="/mail/${mail.id}" ${current(isOpen)}>
<span class="row-top"><span class="who">${displayNames(headers.to) || mail.recipients.join(", ")}</span>${timeElement(received)}</span>
<span class="subject">${subjectOf(headers)}</span>
<span class="from">from ${displayNames(headers.from) || mail.from} · ${sizeText(mail.bytes)}</span>
</a>`;
}

/** An open mail: its headers, attachments, and one of its parts. */
export function mailPage(
  mail: StoredMail,
  read: ReadMail,
  view: MailView,
  isPhone: boolean,
  source: string,
): Html {
  const { headers, attachments } = read;
  return html`<article class="mail">
<header>
<a class="back" href="/">‹ All deliveries</a>
<h1>${subjectOf(headers)}</h1>
<dl class="envelope">
<dt>From</dt><dd>${headers.from || mail.from}</dd>
<dt>To</dt><dd>${headers.to}</dd>
${headers.cc === "" ? "" : html`<dt>Cc</dt><dd>${headers.cc}</dd>`}
${envelopeDiffers(mail, headers) ? html`<dt>Delivered to</dt><dd>${mail.recipients.join(", ")}</dd>` : ""}
<dt>Received</dt><dd>${fullTime(new Date(mail.receivedAt))}</dd>
</dl>
<details class="more"><summary>More headers</summary><dl class="envelope">${headers.lines
    .filter((line) => !shownAbove.has(line.name.toLowerCase()))
    .map((line) => html`<dt>${line.name}</dt><dd>${line.value}</dd>`)}</dl></details>
${attachmentList(mail, attachments)}
<div class="tabs" role="group" aria-label="Parts of the message">
${tab(mail, "html", "HTML", view)}${tab(mail, "text", "Text", view)}${tab(mail, "source", "Source", view)}
${view === "html" && read.html !== undefined ? widthSwitch(mail, isPhone) : ""}
</div>
</header>
${part(mail, read, view, isPhone, source)}
</article>`;
}

function part(mail: StoredMail, read: ReadMail, view: MailView, isPhone: boolean, source: string): Html {
  if (view === "html") {
    if (read.html === undefined) return html`<p class="empty">This message has no HTML part.</p>`;
    return html`<div class="stage ${isPhone ? "is-phone" : ""}"><iframe title="HTML part" src="/mail/${mail.id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe></div>`;
  }
  if (view === "text") {
    if (read.text === undefined) return html`<p class="empty">This message has no text part.</p>`;
    return html`<pre class="plain">${read.text}</pre>`;
  }
  const cut = mail.bytes > source.length;
  return html`<p class="note"><a href="/mail/${mail.id}/message.eml" download>Download the message (.eml, ${sizeText(mail.bytes)})</a>${
    cut ? html` · the first ${sizeText(sourceCharsMax)} are shown` : ""
  }</p><pre class="plain">${source}</pre>`;
}

function attachmentList(mail: StoredMail, attachments: readonly MailAttachment[]): Html {
  if (attachments.length === 0) return html``;
  const chips = attachments.map(
    (
      each,
    ) => html`<li><a class="chip" href="/mail/${mail.id}/attachments/${each.index}" download="${each.filename}">
<span class="chip-name">${each.filename}</span><span class="chip-note">${sizeText(each.bytes)}${each.isInline ? " · inline" : ""}</span></a></li>`,
  );
  return html`<ul class="chips" aria-label="Attachments">${chips}</ul>`;
}

function tab(mail: StoredMail, view: MailView, label: string, open: MailView): Html {
  return html`<a class="tab" href="/mail/${mail.id}?view=${view}" ${current(view === open)}>${label}</a>`;
}

function widthSwitch(mail: StoredMail, isPhone: boolean): Html {
  return html`<span class="width-switch"><a class="tab" href="/mail/${mail.id}" ${current(!isPhone)}>Full width</a><a class="tab" href="/mail/${mail.id}?width=phone" ${current(isPhone)}>Phone, 360 px</a></span>`;
}

function current(isCurrent: boolean): Html {
  return isCurrent ? html`aria-current="page"` : html``;
}

function subjectOf(headers: MailHeaders): string {
  return headers.subject === "" ? "(no subject)" : headers.subject;
}

/** `"Ana Ruiz" <ana@example.com>` is shown as its name in the list. */
function displayNames(addresses: string): string {
  return addresses.replace(/"?([^",<]+?)"?\s*<[^>]*>/g, "$1");
}

/** Bcc, and recipients that the server refused, make a difference. */
function envelopeDiffers(mail: StoredMail, headers: MailHeaders): boolean {
  const named = `${headers.to}, ${headers.cc}`.toLowerCase();
  const count = [...named.matchAll(/[^\s<>,"]+@[^\s<>,"]+/g)].length;
  return (
    count !== mail.recipients.length || mail.recipients.some((each) => !named.includes(each.toLowerCase()))
  );
}

const shownAbove = new Set(["from", "to", "cc", "subject"]);
