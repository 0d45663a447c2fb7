import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { reorders } from "./cell-text.ts";

/** A piece of HTML in which everything that came from outside is escaped. */
export type Markup = HtmlEscapedString;

/** hono's escaping template, for pieces that are ready at once: a promise among the values is a bug. */
export function markup(strings: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  const made = html(strings, ...values);
  if (made instanceof Promise) throw new TypeError("A piece of markup was a promise.");
  return made;
}

type Piece = string | number | null | Markup | readonly Markup[];

const SPECIAL = /[&<>"']/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an element or a quoted attribute. */
export function escaped(text: string): string {
  return text.replace(SPECIAL, (special) => ENTITIES[special] ?? "");
}

/** Escaped text that does not affect the direction of its surroundings. */
export function isolated(text: string): Markup {
  return raw(reorders(text) ? `<bdi>${escaped(text)}</bdi>` : escaped(text));
}

/** Bytes it takes in UTF-8. */
export function sizeOf(piece: Markup): number {
  return Buffer.byteLength(piece.toString());
}
