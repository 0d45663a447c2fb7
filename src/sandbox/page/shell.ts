import type { Context } from "hono";
import { html } from "hono/html";

export type Html = ReturnType<typeof html>;

/** Answers a request with a whole page around `main`; `isList` where a phone is to show the list. */
export type RenderPage = (c: Context, title: string, main: Html, isList?: boolean) => Promise<Response>;

/** One page: the list at the side, what is open next to it. On a phone only one of the two is seen. */
export function shell(page: {
  title: string;
  path: string;
  sidebar: Html;
  main: Html;
  isList?: boolean;
}): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · lookpost sandbox</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
<script src="/live.js" defer></script>
</head>
<body class="${page.isList ? "at-list" : "at-item"}">
<nav class="side" aria-label="Deliveries">
<a class="brand" href="/"><span class="mark" aria-hidden="true"></span>lookpost <small>sandbox</small></a>
<div class="lists" data-live="/live/sidebar?at=${encodeURIComponent(page.path)}">${page.sidebar}</div>
</nav>
<main>${page.main}</main>
</body>
</html>`;
}

/** `2.4 MB`, in steps of 1,000 as mail programs and Slack count. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  if (bytes < 999_500_000) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** The time of day if that was today, else the day; the exact time as a tooltip. */
export function timeElement(at: Date, now: Date = new Date()): Html {
  const isToday = at.toDateString() === now.toDateString();
  const short = isToday ? timeOfDay.format(at) : day.format(at);
  return html`<time datetime="${at.toISOString()}" title="${fullTime(at)}">${short}</time>`;
}

export function fullTime(at: Date): string {
  return full.format(at);
}

const timeOfDay = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});
