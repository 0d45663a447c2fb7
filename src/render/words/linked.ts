import { safeHref } from "./cell-text.ts";
import { isolated, type Markup, markup } from "./markup.ts";

/** A line of plain text in which web addresses are links. */
export function linkedLine(line: string, link: (href: string, words: string) => Markup): Markup {
  // A full stop or bracket at its end is the sentence's.
  const pieces = line.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/);
  return markup`${pieces.map((piece, index) => {
    const href = index % 2 === 1 ? safeHref(piece, 500) : null;
    return href === null ? isolated(piece) : link(href, piece);
  })}`;
}
