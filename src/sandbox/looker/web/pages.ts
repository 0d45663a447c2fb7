import { html, raw } from "hono/html";
import { page, type Reply } from "../http/reply.ts";
import { findContent, safelyDecoded, type WebContent, type WebPage } from "./content.ts";
import type { EmbedUrls, Opened } from "./embed.ts";

export interface WebSide {
  note: string;
  content: WebContent;
  embeds: EmbedUrls;
}

/** The pages that links in a digest lead to. */
export async function webPage(url: URL, web: WebSide): Promise<Reply> {
  const { pathname, searchParams } = url;
  if (pathname === "/") return frontPage(web);
  if (pathname === "/alive") return page("alive");
  if (pathname.startsWith("/login/embed/")) return embedPage(pathname, searchParams, web);
  if (pathname.startsWith("/embed/")) {
    return refusal("401: there is no embed session", "An embedded page opens only by a signed URL.", 401);
  }
  const found = findContent(pathname, searchParams, web.content);
  return found === null ? notFoundPage() : contentPage(found, web.note);
}

/** Looker's own answer to an address that it does not have: a page, even to a program. */
export function notFoundPage(): Reply {
  return page(
    "<!DOCTYPE html><html><head><title>Looker Not Found (404)</title></head><body><h1>The page you requested was not found.</h1></body></html>",
    404,
  );
}

/** A signed URL opens its page once. What the user was not given the right to see is named. */
async function embedPage(pathname: string, query: URLSearchParams, web: WebSide): Promise<Reply> {
  const path = safelyDecoded(pathname.slice("/login/embed/".length));
  const opened = web.embeds.open(path, query);
  if (typeof opened === "string") return refusal(...refusals[opened]);
  const target = new URL(opened.path, "http://sandbox");
  const found = findContent(target.pathname, target.searchParams, web.content);
  if (found === null) return notFoundPage();
  const { permissions, models, groups } = opened;
  if (groups.length === 0) {
    const lacking = ["access_data", found.permission].filter((one) => !permissions.includes(one));
    const unknown = found.models.filter((one) => !models.includes(one));
    if (lacking.length > 0 || unknown.length > 0) {
      const what = [...lacking.map((one) => `permission ${one}`), ...unknown.map((one) => `model ${one}`)];
      return refusal("403: not for this user", `The signed URL does not grant: ${what.join(", ")}.`, 403);
    }
  }
  return contentPage(found, `Embedded, for one opening. ${web.note}`);
}

const refusals: Record<Extract<Opened, string>, [title: string, words: string, status: number]> = {
  used: ["401: this link was used already", "A signed embed URL opens once. Ask for a new one.", 401],
  expired: ["401: this link has expired", "A signed embed URL is to be opened within five minutes.", 401],
  wrong: ["401: the signature is not right", "A signed embed URL has to be opened as it was made.", 401],
};

function refusal(title: string, words: string, status: number): Promise<Reply> {
  return document(title, html`<main><h1>${title}</h1><p>${words}</p></main>`, status);
}

function contentPage({ title, wide, narrow }: WebPage, note: string): Promise<Reply> {
  return document(
    title,
    html`<main><h1>${title}</h1>
<div class="content wide">${raw(wide)}</div><div class="content narrow">${raw(narrow)}</div>
<p>In a real Looker this link opens the content itself, to look at and to explore. This is the sandbox, which draws it from the same data. ${note}</p></main>`,
  );
}

async function frontPage({ note, content: { looks, dashboards } }: WebSide): Promise<Reply> {
  const shownLooks = looks
    .filter(({ fixture }) => !fixture.forbidden && !fixture.deleted)
    .map(
      ({ fixture }) =>
        html`<li><a href="/looks/${fixture.id}">${fixture.id}</a> ${fixture.title}: ${fixture.description}</li>`,
    );
  const shownDashboards = dashboards.map(
    ({ fixture }) =>
      html`<li><a href="/dashboards/${encodeURIComponent(fixture.id)}">${fixture.id}</a> ${fixture.title}: ${fixture.description}</li>`,
  );
  return document(
    "Sandbox Looker",
    html`<main><h1>Sandbox Looker</h1>
<p>A stand-in for a Looker, API 4.0, at <code>/api/4.0</code>. ${note}</p>
<h2>Dashboards</h2><ul>${shownDashboards}</ul><h2>Looks</h2><ul>${shownLooks}</ul></main>`,
  );
}

async function document(title: string, body: ReturnType<typeof html>, status = 200): Promise<Reply> {
  const text = await html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>body{font:15px/1.5 Inter,system-ui,sans-serif;color:#262d33;background:#f2f4f6;margin:0}
main{max-width:70rem;margin:1.5rem auto;padding:0 1rem}h1{font-size:1rem;font-weight:500;color:#57606a}h2{font-size:1rem}p,li{color:#57606a}
.content svg{width:100%;height:auto;border-radius:4px}
.narrow{display:none}@media(max-width:700px){.wide{display:none}.narrow{display:block}main{padding:0 .5rem}}</style></head>
<body>${body}</body></html>`;
  return page(text.toString(), status);
}
