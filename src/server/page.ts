import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { html, raw } from "hono/html";
import type { Brand } from "../core/model/brand.ts";
import { darkAccent, ON_DARK_ACCENT } from "../core/rules/brand/accent.ts";
import type { Hex } from "../core/rules/brand/colour.ts";
import { showLocal } from "../core/rules/due.ts";
import { timeOn } from "../core/words/moments.ts";
import { type Phrases, phrasesIn } from "../core/words/phrases.ts";
import { asPathPart, GUARDED } from "./headers.ts";

/** What a page shows of a brand, and the language it is in. */
export type PageBrand = Pick<Brand, "name" | "accent" | "language">;

/** The run that a link belongs to, in the words that its recipients know. */
export interface LinkOrigin {
  readonly title: string;
  readonly dueAt: Date;
  readonly timezone: string;
  /** Who to ask: an address or a name. */
  readonly owner: string | null;
  /** Of its report; absent: lookpost's own. */
  readonly brand?: PageBrand;
}

export interface FilePage {
  readonly filename: string;
  readonly bytes: number;
  readonly rows: number | null;
  readonly expiresAt: Date;
  readonly origin: LinkOrigin | null;
  /** The last part of the page's own address. */
  readonly token: string;
}

export interface OpenPage {
  /** Looker's page that it leads to. */
  readonly url: string;
  readonly expiresAt: Date;
  readonly origin: LinkOrigin | null;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--dim:#5c6675;--page:#f1f3f6;--card:#fff;--hair:#e4e8ed;--accent:#1d6b72;--on:#fff;--press:#155258}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf1;--dim:#9eabba;--page:#12161b;--card:#1a2027;--hair:#2f3842;--accent:#3a9aa2;--on:#0c1114;--press:#55b6be}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;padding:clamp(16px,6vh,72px) 16px 24px;background:var(--page);color:var(--ink);font:16px/1.5 -apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
main{max-width:520px;margin:0 auto;padding:28px 32px 32px;background:var(--card);border:1px solid var(--hair);border-top:4px solid var(--accent);border-radius:6px}
h1{margin:0 0 4px;font-size:22px;line-height:1.3;font-weight:650;unicode-bidi:isolate}
p{margin:0 0 12px}
.from,.small{color:var(--dim);font-size:14px}
dl{display:grid;grid-template-columns:auto 1fr;gap:8px 20px;margin:20px 0 24px;padding:16px 0;border:1px solid var(--hair);border-width:1px 0;font-size:15px}
dt{color:var(--dim)}
dd{margin:0;font-variant-numeric:tabular-nums;unicode-bidi:isolate}
.get{display:block;margin:0 0 16px;padding:12px 20px;border-radius:6px;background:var(--accent);color:var(--on);font-weight:600;text-align:center;text-decoration:none}
button.get{width:100%;border:0;font:inherit;font-weight:600;cursor:pointer}
.get:hover{background:var(--press)}
.quiet,.quiet:hover{background:transparent;color:var(--ink);box-shadow:inset 0 0 0 1px var(--dim)}
.get:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
.small{margin:0}
@media (max-width:420px){main{padding:22px 20px 24px}}
`;

/** Nothing but its own style may be loaded or run, and no page may frame it. `forms`: where its form may lead. */
const policy = (style: string, forms: string) =>
  `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action ${forms}; frame-ancestors 'none'`;

function styleOf(accent: Hex | undefined): string {
  if (accent === undefined) return STYLE;
  const dark = darkAccent(accent);
  return `${STYLE}:root{--accent:${accent};--press:${accent}}@media (prefers-color-scheme:dark){:root{--accent:${dark};--press:${dark};--on:${ON_DARK_ACCENT}}}`;
}

export interface PageOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Where its form may lead, as a Content-Security-Policy has it. Absent: it has none. */
  readonly forms?: string;
  /** Whose page it is. Absent: lookpost's own. */
  readonly brand?: PageBrand | undefined;
}

/** For a page whose forms lead to this server. */
export const OWN_FORMS = "'self'";

/** In English where nothing is known of the run. */
export function phrasesFor(origin: LinkOrigin | null): Phrases {
  return phrasesIn(origin?.brand?.language);
}

export function sendFilePage(response: ServerResponse, page: FilePage): void {
  const { filename, origin, token, expiresAt } = page;
  const { pages, numbers } = phrasesFor(origin);
  const facts = [
    [pages.size, numbers.bytes(page.bytes)],
    ...(page.rows === null ? [] : [[pages.rows, numbers.count(page.rows)] as const]),
    ...dates(expiresAt, origin),
  ] as const;
  const pieces = [
    html`<h1>${filename.toWellFormed()}</h1>`,
    origin === null ? "" : html`<p class="from">${origin.title}</p>`,
    html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
    html`<a class="get" href="${token}/${asPathPart(filename)}">${pages.download}</a>`,
    html`<p class="small">${pages.anyoneCanDownload}${questions(origin)}</p>`,
  ];
  sendPage(response, 200, filename, pieces, { brand: origin?.brand });
}

/** A form and no script: what follows links without a person does not press buttons. */
export function sendOpenPage(response: ServerResponse, { url, expiresAt, origin }: OpenPage): void {
  const { pages } = phrasesFor(origin);
  const title = origin?.title ?? pages.openInLooker;
  const facts = dates(expiresAt, origin);
  sendPage(
    response,
    200,
    title,
    [
      html`<h1>${title.toWellFormed()}</h1>`,
      html`<p class="from">${pages.opensWithoutAccount}</p>`,
      html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
      html`<form method="post"><button class="get" type="submit">${pages.openInLooker}</button></form>`,
      html`<p class="small">${pages.anyoneCanOpen}${questions(origin)}</p>`,
    ],
    // Chromium applies it to where the answer leads as well, which is Looker; over http only on this machine.
    { forms: `'self' https: ${URL.parse(url)?.origin ?? ""}`, brand: origin?.brand },
  );
}

/** When the report was due, where that is known, and until when the link works. */
function dates(
  expiresAt: Date,
  origin: LinkOrigin | null,
): readonly (readonly [name: string, value: string])[] {
  const { pages } = phrasesFor(origin);
  return [
    ...(origin === null ? [] : [[pages.due, moment(origin.dueAt, origin)] as const]),
    [pages.until, moment(expiresAt, origin)],
  ];
}

/** An English page has a moment as commands and notices do, any other as the language writes it. */
function moment(at: Date, origin: LinkOrigin | null): string {
  const timezone = origin?.timezone ?? "UTC";
  const { locale } = phrasesFor(origin);
  return locale === "en" ? showLocal(at, timezone) : timeOn(at, { timezone, locale });
}

/** Who to ask, as the last sentence of a page; "" where that is not known. */
export function questions(origin: LinkOrigin | null): string {
  return origin?.owner ? ` ${phrasesFor(origin).pages.questions(origin.owner)}` : "";
}

type Html = ReturnType<typeof html> | string;

export function sendPage(
  response: ServerResponse,
  status: number,
  title: string,
  pieces: readonly Html[],
  { headers = {}, forms = "'none'", brand }: PageOptions = {},
): void {
  const style = styleOf(brand?.accent);
  const name = brand?.name === undefined ? "" : html`<p class="from"><b>${brand.name}</b></p>`;
  const page = html`<!doctype html>
<html lang="${phrasesIn(brand?.language).locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer"><title>${title.toWellFormed()}</title><style>${raw(style)}</style></head>
<body><main>${name}${pieces}</main></body></html>
`;
  const text = String(page);
  response.writeHead(status, {
    ...GUARDED,
    "content-type": "text/html; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "content-security-policy": policy(style, forms),
    ...headers,
  });
  response.end(text);
}
