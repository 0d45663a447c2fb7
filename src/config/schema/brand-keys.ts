import { z } from "zod";
import type { Brand } from "../../core/model/brand.ts";
import type { Problem } from "../../core/model/problem.ts";
import { accentFault, LETTERS_CONTRAST } from "../../core/rules/brand/accent.ts";
import { hexOf } from "../../core/rules/brand/colour.ts";
import { LOCALES } from "../../core/words/locale.ts";
import { defaulted, word } from "./schema.ts";

const BUILT_IN = { language: "en" } as const;

const language = z.enum(LOCALES).meta({
  description:
    "Language of the words that the report does not bring itself, and of the dates and numbers in them: en, de, fr, es or ja. What comes from Looker or the report's author stays as it is; notices of on_failure are in English.",
});

const NAME_CHARS_MAX = 60;
const FOOTER_CHARS_MAX = 500;

const name = z
  .string()
  .trim()
  .min(1)
  .max(NAME_CHARS_MAX)
  .meta({
    description: `Above the title of each message, as the author of workbooks, and in place of a logo that is not shown; up to ${NAME_CHARS_MAX} letters. Who sends an email is from.`,
    examples: ["Acme Analytics"],
  });

const accent = word(parseAccent).meta({
  description: `Colour of the rule above the title, the button, links and the first series of charts, as #0b6675. Its contrast with white has to be ${LETTERS_CONTRAST} or more, since letters have it; a lighter one for dark screens, and one for charts, are made of it.`,
  examples: ["#7a1fa2"],
});

function parseAccent(text: string): string | Problem {
  const colour = hexOf(text);
  if (colour === null)
    return {
      message: `"${text}" is not a colour`,
      advice: 'Write # and six hexadecimal digits in quotes, as in "#0b6675".',
    };
  const fault = accentFault(colour);
  if (fault === null) return colour;
  return {
    message: `${text} has a contrast of ${fault.has} with white, and letters need ${LETTERS_CONTRAST}`,
    advice: `Links and the letters of the button could not be read. The nearest colour that can is "${fault.nearest}".`,
  };
}

const logoFile = word(parseLogo);

function parseLogo(path: string): string | Problem {
  if (/\.(png|jpe?g|gif)$/i.test(path)) return path;
  return {
    message: `"${path}" is not a PNG, JPEG or GIF file`,
    advice:
      "Name a file that ends in .png, .jpg or .gif: Outlook and Gmail show no SVG, and Outlook no WebP.",
  };
}

const logo = z.union([logoFile, z.strictObject({ light: logoFile, dark: logoFile.optional() })]).meta({
  description:
    "Picture above the title: a PNG, JPEG or GIF file, relative to this file, of up to 150 kB. Two of its pixels make one of the message, where it is at most 240 x 64. With {light: ./logo.png, dark: ./logo-on-dark.png}, dark screens show the second; without it they show the first on white.",
  wants: "a path, or {light: ./logo.png, dark: ./logo-on-dark.png}",
  examples: ["./logo.png"],
});

const footer = z
  .string()
  .trim()
  .min(1)
  .max(FOOTER_CHARS_MAX)
  .meta({
    description: `Text at the foot of each message, such as a company's address: plain, up to ${FOOTER_CHARS_MAX} letters; web addresses in it become links.`,
    examples: ["Acme Ltd, 1 Example Street, London. https://acme.example/privacy"],
  });

function brandKeys(isReport: boolean) {
  const preset = (name: string, builtIn: string) => (isReport ? `brand.${name}, ${builtIn}` : builtIn);
  return {
    language: defaulted(language, preset("language", BUILT_IN.language)).optional(),
    name: name.optional(),
    accent: accent.optional(),
    logo: logo.optional(),
    footer: footer.optional(),
  };
}

export type BrandText = z.output<z.ZodObject<ReturnType<typeof brandKeys>>>;

/** `brand:` at the top of the file; a report has one too, which is laid over it key by key. */
export function brand(isReport: boolean) {
  return z
    .strictObject(brandKeys(isReport))
    .meta({
      description: isReport
        ? "What of brand: is different in this report."
        : "Whose messages recipients see: name, colour, logo and footer, and the language of their fixed words. Notices of on_failure are lookpost's own.",
      examples: [{ name: "Acme Analytics", accent: "#7a1fa2", logo: "./logo.png" }, { language: "de" }],
    })
    .optional();
}

/** A report's own brand over that of the file. */
export function brandOf(own: BrandText = {}, ofFile: BrandText = {}): Brand {
  const { language, name, accent, logo, footer } = { ...ofFile, ...own };
  const colour = accent === undefined ? null : hexOf(accent);
  return {
    ...(language !== undefined && { language }),
    ...(name !== undefined && { name }),
    ...(colour !== null && { accent: colour }),
    ...(logo !== undefined && { logo: logoText(logo) }),
    ...(footer !== undefined && { footer }),
  };
}

function logoText(logo: NonNullable<BrandText["logo"]>): NonNullable<Brand["logo"]> {
  if (typeof logo === "string") return { light: logo };
  return { light: logo.light, ...(logo.dark !== undefined && { dark: logo.dark }) };
}
