import { html, raw } from "hono/html";
import type { Report } from "../../core/model/report.ts";
import { showLocal } from "../../core/rules/due.ts";
import { bytes, rows } from "../../core/rules/quantity.ts";
import { PREVIEW_STYLE } from "./style.ts";

/** By this, a folder is known to hold a preview. */
export const PREVIEW_MARK = `<meta name="generator" content="lookpost preview">`;

/** What one delivery looks like, as it lies in the folder. Paths are relative to the folder and fit for an address once encoded. */
export interface ShownDelivery {
  readonly kind: string;
  readonly target: string;
  readonly subject: string;
  readonly notices: readonly string[];
  /** "1-email" */
  readonly folder: string;
  /** What the destination makes of the message: names in the folder. */
  readonly forms: readonly { readonly name: string; readonly text: string | null }[];
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly rows: number | null }[];
  /** Files too large to be attached: recipients fetch them. */
  readonly downloads: readonly { readonly filename: string; readonly bytes: number }[];
}

export interface PreviewPage {
  readonly report: Report;
  readonly dueAt: Date;
  readonly deliveries: readonly ShownDelivery[];
}

type Piece = ReturnType<typeof html> | string;

/** The overview: what each recipient would get, side by side with how it looks on a phone and in the dark. */
export function previewPage({ report, dueAt, deliveries }: PreviewPage): string {
  const { name, schedule } = report;
  const due = showLocal(dueAt, schedule.timezone);
  return String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
${raw(PREVIEW_MARK)}
<title>${name}, a preview</title><style>${raw(PREVIEW_STYLE)}</style></head>
<body>
<header><h1>${deliveries[0]?.subject ?? report.title}</h1>
<p>A preview of <b>${name}</b>, due ${due}. Nothing was sent.</p>
${deliveries.length > 1 ? contents(deliveries) : ""}</header>
<input type="radio" name="width" id="wide" checked><input type="radio" name="width" id="narrow"><input type="radio" name="light" id="day" checked><input type="radio" name="light" id="night">
<fieldset class="switches"><legend>View as</legend><span><label for="wide">Desktop</label><label for="narrow">Phone</label></span><span><label for="day">Light</label><label for="night">Dark</label></span></fieldset>
<main>${deliveries.map(section)}</main>
</body></html>
`);
}

function contents(deliveries: readonly ShownDelivery[]): Piece {
  return html`<nav aria-label="Deliveries"><ul>${deliveries.map(
    ({ kind, target, folder }) => html`<li><a href="#${folder}"><b>${kind}</b> ${target}</a></li>`,
  )}</ul></nav>`;
}

function section(delivery: ShownDelivery): Piece {
  const { kind, target, subject, folder, forms, notices } = delivery;
  const page = forms.find(({ name }) => name.endsWith(".html"));
  const text = forms.find(({ name }) => name.endsWith(".txt"))?.text ?? null;
  return html`<section id="${folder}">
<p class="kind">${kind}</p><h2>${target}</h2>
<dl><dt>Subject</dt><dd>${subject}</dd>${filesRow(delivery)}${downloadsRow(delivery)}${
    notices.length === 0
      ? ""
      : html`<dt>Notices</dt><dd>${notices.map((notice) => html`<p>${notice}</p>`)}</dd>`
  }${formsRow(delivery)}</dl>
${page === undefined ? html`<p class="none">It has no page: it consists of its files.</p>` : frame(folder, page.name, `${kind} to ${target}`)}
${text === null ? "" : html`<details><summary>The text part</summary><pre>${text}</pre></details>`}
</section>`;
}

/** Nothing in it may run, and a link opens in a tab of its own. */
function frame(folder: string, name: string, title: string): Piece {
  return html`<div class="frame"><iframe src="${address(folder, name)}" title="${title}" sandbox="allow-popups allow-popups-to-escape-sandbox" loading="lazy"></iframe></div>`;
}

function filesRow({ folder, files }: ShownDelivery): Piece {
  if (files.length === 0) return "";
  const list = files.map(({ name, bytes: size, rows: count }) => {
    const facts = [bytes(size), ...(count === null ? [] : [rows(count)])].join(", ");
    return html`<li><a href="${address(folder, "files", name)}">${name}</a> <span>${facts}</span></li>`;
  });
  return html`<dt>Files</dt><dd><ul>${list}</ul></dd>`;
}

function downloadsRow({ downloads }: ShownDelivery): Piece {
  if (downloads.length === 0) return "";
  const list = downloads.map(
    ({ filename, bytes: size }) => html`<li>${filename} <span>${bytes(size)}</span></li>`,
  );
  return html`<dt>Downloads</dt><dd><ul>${list}</ul></dd>`;
}

function formsRow({ folder, forms }: ShownDelivery): Piece {
  if (forms.length === 0) return "";
  const list = forms.map(({ name }) => html`<li><a href="${address(folder, name)}">${name}</a></li>`);
  return html`<dt>As sent</dt><dd><ul class="row">${list}</ul></dd>`;
}

function address(...parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part.toWellFormed())).join("/");
}
