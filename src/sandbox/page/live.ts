/**
 * The script of the page, sent to the browser as it is. Every few seconds it asks for each list again and
 * exchanges only those entries that have changed, so that what is being read or scrolled stays where it is.
 */
export const liveScript = `"use strict";
const everyMs = 2500;
const seen = new WeakMap();

function entries(box) {
  return new Map([...box.children].filter((each) => each.dataset.key).map((each) => [each.dataset.key, each]));
}

function remember(box) {
  for (const each of box.children) seen.set(each, each.outerHTML);
}

function patch(box, fresh) {
  const known = entries(box);
  let place = box.firstElementChild;
  for (const next of [...fresh.children]) {
    const old = known.get(next.dataset.key);
    known.delete(next.dataset.key);
    if (old && seen.get(old) === next.outerHTML) {
      if (old === place) place = place.nextElementSibling;
      else box.insertBefore(old, place);
      continue;
    }
    const html = next.outerHTML;
    box.insertBefore(next, place);
    seen.set(next, html);
    if (old) {
      if (old === place) place = place.nextElementSibling;
      old.remove();
    }
  }
  for (const gone of known.values()) gone.remove();
}

async function refresh(box) {
  const response = await fetch(box.dataset.live, { cache: "no-store" });
  if (!response.ok) return;
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  const page = document.scrollingElement;
  const atEnd = page.scrollTop > 0 && page.scrollHeight - page.scrollTop - page.clientHeight < 80;
  patch(box, template.content);
  if ("follow" in box.dataset && atEnd) page.scrollTop = page.scrollHeight;
}

const boxes = [...document.querySelectorAll("[data-live]")];
boxes.forEach(remember);
async function tick() {
  if (!document.hidden) await Promise.allSettled(boxes.map(refresh));
  setTimeout(tick, everyMs);
}
setTimeout(tick, everyMs);
`;
