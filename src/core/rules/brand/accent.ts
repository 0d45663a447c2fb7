import { contrast, type Hex, withContrast } from "./colour.ts";

/* What becomes of a brand's accent colour on light and on dark cards. */

/** Cards of messages, pages and charts: light, and as dark screens have them. */
export const CARD: Hex = "#ffffff";
export const DARK_CARD: Hex = "#161c22";
/** Rows of a page's tables, every second of which has a ground of its own. */
const STRIPE: Hex = "#f7f9fb";
const DARK_STRIPE: Hex = "#1f262e";
/** Letters on a dark screen's button. */
export const ON_DARK_ACCENT: Hex = "#06191d";

/** Of letters: links on the card, and white ones on a button (WCAG 2.2, 1.4.3). */
export const LETTERS_CONTRAST = 4.5;
/** Of lines and bars (WCAG 2.2, 1.4.11). */
const SHAPES_CONTRAST = 3;

/** What is wrong with a colour as an accent: its contrast with white, and the nearest colour that has enough. Null if nothing is. */
export function accentFault(accent: Hex): { readonly has: string; readonly nearest: Hex } | null {
  const has = contrast(accent, CARD);
  if (has >= LETTERS_CONTRAST) return null;
  const nearest = withContrast(accent, "darker", [{ on: CARD, least: LETTERS_CONTRAST }]);
  // Rounded down: "4.5, and needs 4.5" would help no one.
  return { has: (Math.floor(has * 10) / 10).toFixed(1), nearest };
}

/** The accent on dark screens: lighter, so that its links and the letters on its buttons can be read. */
export function darkAccent(accent: Hex): Hex {
  const grounds = [DARK_STRIPE, DARK_CARD, ON_DARK_ACCENT].map((on) => ({ on, least: LETTERS_CONTRAST }));
  return withContrast(accent, "lighter", grounds);
}

/** The accent in links of tables: a little darker where it could only just be read on the card. */
export function linkAccent(accent: Hex): Hex {
  return withContrast(accent, "darker", [{ on: STRIPE, least: LETTERS_CONTRAST }]);
}

/** The accent in charts, which are one picture for light and dark cards. */
export function chartAccent(accent: Hex): Hex {
  const grounds = [CARD, DARK_CARD].map((on) => ({ on, least: SHAPES_CONTRAST }));
  return withContrast(accent, "lighter", grounds);
}
