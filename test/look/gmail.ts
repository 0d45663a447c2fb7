/* What the Gmail apps make of a mail on a phone that is set to dark. */

/**
 * `full`: Gmail on iOS turns the lightness of every colour round, dark grounds too. `partial`: Gmail on Android darkens light grounds and
 * lightens dark letters, and leaves grounds that are dark or strong as they are. Neither reads `prefers-color-scheme` (caniemail.com), and
 * neither touches pictures or gradients. Google documents none of it; this is what people see (github.com/hteumeuleu/email-bugs/issues/68,
 * hteumeuleu.com/2021/fixing-gmail-dark-mode-css-blend-modes, github.com/tomayac/dark-mode-email/issues/4). The exact shades are a guess.
 */
export type Inversion = "full" | "partial";

/** A digest as Gmail takes it in: without rules about a scheme, and without the word that it has some. */
export function asGmailHasIt(html: string): string {
  return html
    .replace(/<meta name="(?:color-scheme|supported-color-schemes)"[^>]*>/g, "")
    .replace(/:root\{color-scheme:[^}]*\}/g, "")
    .replaceAll(/\(prefers-color-scheme:(?:dark|light)\)/g, "not all");
}

/** JavaScript that gives the page in which it runs Gmail's colours. */
export function recolour(inversion: Inversion): string {
  return `(${RECOLOUR})(${JSON.stringify(inversion)})`;
}

// Lightness as HSL has it: the hue stays. The darkest ground is a dark grey, not black.
const RECOLOUR = `(inversion) => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const lightness = (colour) => { const [r, g, b] = channels(colour); return (Math.max(r, g, b) + Math.min(r, g, b)) / 510; };
  const turned = (colour, least) => {
    const [r, g, b, alpha = 1] = channels(colour);
    const shift = 255 - Math.max(r, g, b) - Math.min(r, g, b);
    const parts = [r, g, b].map((part) => Math.round(Math.max(least, Math.min(255, part + shift))));
    return "rgba(" + parts.join(",") + "," + alpha + ")";
  };
  const isSeen = (colour) => (channels(colour)[3] ?? 1) > 0;
  const sides = ["top", "right", "bottom", "left"];
  const before = [...document.querySelectorAll("body, body *")].map((element) => {
    const style = getComputedStyle(element);
    const borders = sides.filter((side) => style.getPropertyValue("border-" + side + "-style") !== "none")
      .map((side) => ["border-" + side + "-color", style.getPropertyValue("border-" + side + "-color")]);
    return { element, ground: style.backgroundColor, ink: style.color, borders };
  });
  for (const { element, ground, ink, borders } of before) {
    const set = (name, value) => element.style.setProperty(name, value, "important");
    if (isSeen(ground) && (inversion === "full" || lightness(ground) > 0.6)) set("background-color", turned(ground, 18));
    if (inversion === "full" || lightness(ink) < 0.5) set("color", turned(ink, 0));
    for (const [name, colour] of borders) if (isSeen(colour) && (inversion === "full" || lightness(colour) > 0.6)) set(name, turned(colour, 18));
  }
}`;
