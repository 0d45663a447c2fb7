import { expect, test } from "vitest";
import {
  accentFault,
  CARD,
  chartAccent,
  DARK_CARD,
  darkAccent,
  linkAccent,
  ON_DARK_ACCENT,
} from "../../../../src/core/rules/brand/accent.ts";
import { contrast, distance, type Hex, hexOf } from "../../../../src/core/rules/brand/colour.ts";
import { paletteOf } from "../../../../src/draw/chart/style.ts";

/** Grey and each hue, from dark to light, as far as an accent may be light. */
const ACCENTS: readonly Hex[] = [0, 30, 60, 90, 120, 160, 200, 230, 255].flatMap((red) =>
  [0, 60, 120, 180, 255].flatMap((green) =>
    [0, 60, 120, 180, 255].flatMap((blue): Hex[] => {
      const colour: Hex = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
      return accentFault(colour) === null ? [colour] : [];
    }),
  ),
);

test("contrast is what WCAG's examples say", () => {
  expect(contrast("#000000", "#ffffff")).toBe(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  expect(contrast("#ff0000", "#ffffff")).toBeCloseTo(4.0, 2);
});

test("a colour is three or six hexadecimal digits", () => {
  expect([hexOf("#0B6675"), hexOf(" #07c "), hexOf("0b6675"), hexOf("teal"), hexOf("#12345")]).toEqual([
    "#0b6675",
    "#0077cc",
    null,
    null,
    null,
  ]);
});

test("a light accent is refused with the nearest colour that is dark enough", () => {
  expect(accentFault("#0b6675")).toBeNull();
  const fault = accentFault("#ffcc00");
  expect(fault?.has).toBe("1.5");
  expect(accentFault(fault!.nearest)).toBeNull();
  expect(contrast(fault!.nearest, CARD)).toBeLessThan(4.7);
  // Just below: never "4.5, and 4.5 is needed".
  expect(accentFault("#777777")?.has).toBe("4.4");
});

test("of every accent the dark twin can be read, and so can the letters on it", () => {
  expect(ACCENTS.length).toBeGreaterThan(60);
  for (const accent of ACCENTS) {
    for (const ground of [DARK_CARD, "#1a2027", "#1f262e"] as const)
      expect(contrast(darkAccent(accent), ground), accent).toBeGreaterThanOrEqual(4.5);
    expect(contrast(linkAccent(accent), "#f7f9fb"), accent).toBeGreaterThanOrEqual(4.5);
    expect(contrast(darkAccent(accent), ON_DARK_ACCENT), accent).toBeGreaterThanOrEqual(4.5);
  }
});

test("of every accent the one in charts can be seen on both cards, and the next colours are unlike it", () => {
  for (const accent of ACCENTS) {
    const [first = "#000000", ...others] = paletteOf(accent);
    expect(first).toBe(chartAccent(accent));
    expect(contrast(first, CARD), accent).toBeGreaterThanOrEqual(3);
    expect(contrast(first, DARK_CARD), accent).toBeGreaterThanOrEqual(3);
    expect(others.length, accent).toBeGreaterThanOrEqual(4);
    for (const other of others) expect(distance(first, other), `${accent} ${other}`).toBeGreaterThan(130);
  }
});

test("without a brand nothing changes", () => {
  expect(paletteOf(undefined)[0]).toBe("#1c8796");
});
