import { html } from "hono/html";
import type { Look } from "./looks.ts";
import type { QueryStore } from "./query-store.ts";
import { page, type Reply } from "./reply.ts";

export interface WebSide {
  note: string;
  looks: readonly Look[];
  queries: QueryStore;
}

/** The pages that links in a digest lead to. `path` is the pathname, still percent-encoded. */
export async function webPage(path: string, { note, looks, queries }: WebSide): Promise<Reply> {
  const [, first = "", second = "", third = ""] = path.split("/").map(safelyDecoded);
  if (path === "/") return frontPage(note, looks);
  if (path === "/alive") return page("alive");
  if (first === "looks") {
    const look = looks.find(({ shelved }) => shelved.id === second && !shelved.forbidden);
    return look === undefined ? notFoundPage() : linkPage(`Look ${second}: ${look.shelved.title}`, note);
  }
  if (first === "x") {
    const query = queries.findBySlug(second);
    return query === null
      ? notFoundPage()
      : linkPage(`Query ${query.id} on ${query.body.model}.${query.body.view}`, note);
  }
  if (first === "explore" && second !== "") return linkPage(`Explore ${second} ${third}`.trimEnd(), note);
  if (first === "dashboards" && second === "7") return linkPage("Dashboard 7: Flight operations", note);
  return notFoundPage();
}

/** Looker's own answer to an address that it does not have: a page, even to a program. */
export function notFoundPage(): Reply {
  return page(
    "<!DOCTYPE html><html><head><title>Looker Not Found (404)</title></head><body><h1>The page you requested was not found.</h1></body></html>",
    404,
  );
}

async function linkPage(title: string, note: string): Promise<Reply> {
  return document(
    title,
    html`<h1>${title}</h1>
<p>In a real Looker this link opens the content itself, to look at and to explore. This is the sandbox, which only has the data.</p>
<p>${note}</p>`,
  );
}

async function frontPage(note: string, looks: readonly Look[]): Promise<Reply> {
  const items = looks
    .filter(({ shelved }) => !shelved.forbidden && !shelved.deleted)
    .map(
      ({ shelved }) =>
        html`<li><a href="/looks/${shelved.id}">${shelved.id}</a> ${shelved.title}: ${shelved.description}</li>`,
    );
  return document(
    "Sandbox Looker",
    html`<h1>Sandbox Looker</h1>
<p>A stand-in for a Looker, API 4.0, at <code>/api/4.0</code>. ${note}</p>
<ul>${items}</ul>`,
  );
}

async function document(title: string, body: ReturnType<typeof html>): Promise<Reply> {
  const text = await html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<style>body{font:16px/1.5 system-ui;max-width:44rem;margin:3rem auto;padding:0 1rem}</style></head>
<body>${body}</body></html>`;
  return page(text.toString());
}

function safelyDecoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
