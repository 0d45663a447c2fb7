import { caniemail } from "caniemail";
import { expect, test } from "vitest";
import { renderMail } from "../../src/render/mail/mail.ts";
import { LINTED } from "./samples.ts";

/**
 * What some of Gmail, Outlook and Apple Mail read not at all or in part, and why the digest is whole without it. By the names of
 * caniemail.com.
 */
const ACCEPTED: Readonly<Record<string, string>> = {
  // Phones and dark screens: the inline styles alone make a light digest that fits.
  "@media": "only makes a phone's margins finer and a dark screen dark",
  "<style> element":
    "only holds what is an extra: media queries, dark colours, the shade at a wide table's edge",
  "Class selector": "goes with the style element",
  "Type selector": "goes with the style element",
  "Descendant combinator": "goes with the style element",
  ":first-child": "only takes the outer padding off a table's first column",
  ":last-child": "only takes the outer padding off a table's last column",
  "color-scheme CSS property": "without it a client darkens colours by its own lights",
  "color-scheme meta tag": "the same",
  // Outlook for Windows, which lays out by Word.
  "max-width": "a ghost table sets Outlook's width; pictures have width attributes",
  "min-width property":
    "a ghost table sets the figures side by side; columns of tables are wide enough there",
  "table-layout": "only keeps one long word from widening the card",
  overflow: "a table wider than the card makes Outlook's window scroll, and the digest says that it is wide",
  "overflow-wrap": "a long word then widens its column",
  "border-radius": "corners are square",
  "white-space": "a date may break at its hyphens; lines of cells run on",
  "max-height property": "mso-hide hides the preheader from Outlook",
  "display:none": "mobile webmail shows the preheader: a summary ahead of the digest",
  display: "figures are below each other; in Outlook the ghost table puts them side by side",
  margin: "positive ones are read; nothing relies on others",
  padding: "read on cells, which is where it is used",
  "letter-spacing": "headings are a hair wider",
  "line-height": "Outlook rounds it",
  "font-size": "Outlook rounds it",
  "font-weight": "600 is bold there",
  background: "bgcolor attributes accompany it",
  border: "Outlook draws it on cells, which is where it is used",
  "text-align": "columns of numbers have align attributes",
  "width property": "pictures and cells have width attributes",
  "width attribute": "Outlook reads it on tables, cells and pictures, which is where it is used",
  "height property": "pictures have height attributes; a spacer is then a line high",
  "height attribute": "Outlook reads it on pictures, which is where it is used",
  "align attribute": "Outlook for Mac passes over it on the outermost table, whose width fills the window",
  // Elements and attributes.
  "<body> element":
    "webmail puts the message into an element of its own: the outermost table has the colours too",
  "<ul>, <ol> and <dl>": "indents differ a little",
  "<bdi> element": "text from right to left may move a mark next to it",
  "dir attribute": "left to right is the default",
  "text-decoration": "the button's words are underlined",
  "aria-label attribute":
    "a screen reader over Windows Mail reads an arrow by its own name, which says as much",
  "role attribute": "only a screen reader over Windows Mail reads layout tables out as tables",
  "system-ui, ui-serif, ui-sans-serif, ui-rounded, ui-monospace": "Menlo, Consolas and monospace follow it",
};

const shown = Object.entries(LINTED).map(([name, message]) => [name, renderMail(message).html] as const);

function losses(html: string): Map<string, string[]> {
  const { issues } = caniemail({ clients: ["gmail.*", "outlook.*", "apple-mail.*"], html });
  const clients = new Map<string, string[]>();
  for (const kind of [issues.errors, issues.warnings])
    for (const [client, lost] of kind)
      for (const { title } of lost) clients.set(title, [...(clients.get(title) ?? []), client]);
  return clients;
}

test.each(shown)(
  "the %s digest uses nothing that Gmail, Outlook or Apple Mail lose, but for what it is whole without",
  (_, html) => {
    const lost = [...losses(html)].filter(([title]) => !(title in ACCEPTED));
    expect(lost.map(([title, clients]) => `${title}: ${clients.join(", ")}`)).toEqual([]);
  },
);

test("every accepted loss is still one", () => {
  const titles = new Set(shown.flatMap(([, html]) => [...losses(html).keys()]));
  expect(Object.keys(ACCEPTED).filter((title) => !titles.has(title))).toEqual([]);
});
