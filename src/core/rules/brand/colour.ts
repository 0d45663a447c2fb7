/** A colour as six hexadecimal digits in lower case: "#0b6675". */
export type Hex = `#${string}`;

type Rgb = readonly [red: number, green: number, blue: number];

/** "#0B6675" and "#07c" as `Hex`; null for what is not one of the two. */
export function hexOf(text: string): Hex | null {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]?.toLowerCase();
  if (digits === undefined) return null;
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits}`;
}

function rgbOf(colour: Hex): Rgb {
  const channel = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [channel(1), channel(3), channel(5)];
}

/** How light a colour is, 0 to 1 (WCAG 2.2, "relative luminance"). */
export function luminance(colour: Hex): number {
  const [red, green, blue] = rgbOf(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 1 to 21 (WCAG 2.2, "contrast ratio"): letters need 4.5 against what they are on (1.4.3), shapes 3 (1.4.11). */
export function contrast(one: Hex, other: Hex): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/**
 * The colour itself, or else the nearest of its hue, lighter or darker, that has this contrast with every ground. White or black where none
 * has it.
 */
export function withContrast(
  colour: Hex,
  towards: "lighter" | "darker",
  grounds: readonly { readonly on: Hex; readonly least: number }[],
): Hex {
  const { hue, saturation, lightness } = hslOf(colour);
  const end = towards === "lighter" ? 1 : 0;
  for (let step = 0; step < STEPS; step += 1) {
    const shade =
      step === 0 ? colour : ofHsl(hue, saturation, lightness + ((end - lightness) * step) / STEPS);
    if (grounds.every(({ on, least }) => contrast(shade, on) >= least)) return shade;
  }
  return towards === "lighter" ? "#ffffff" : "#000000";
}

const STEPS = 200;

/** Hue in degrees, the others from 0 to 1 (CSS Color 4, 7). */
function hslOf(colour: Hex): { hue: number; saturation: number; lightness: number } {
  const [red, green, blue] = rgbOf(colour).map((part) => part / 255) as [number, number, number];
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const range = most - least;
  const lightness = (most + least) / 2;
  if (range === 0) return { hue: 0, saturation: 0, lightness };
  const turn =
    most === red
      ? (green - blue) / range
      : most === green
        ? (blue - red) / range + 2
        : (red - green) / range + 4;
  return { hue: (turn * 60 + 360) % 360, saturation: range / (1 - Math.abs(2 * lightness - 1)), lightness };
}

function ofHsl(hue: number, saturation: number, lightness: number): Hex {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const at = (offset + hue / 30) % 12;
    const part = lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1));
    return Math.round(part * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** How different two colours look, by channels weighted as eyes weigh them: 0 for the same, 765 for black and white. */
export function distance(one: Hex, other: Hex): number {
  const [a, b] = [rgbOf(one), rgbOf(other)];
  const red = (a[0] + b[0]) / 2;
  const squares = [
    (2 + red / 256) * (a[0] - b[0]) ** 2,
    4 * (a[1] - b[1]) ** 2,
    (2 + (255 - red) / 256) * (a[2] - b[2]) ** 2,
  ];
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}
