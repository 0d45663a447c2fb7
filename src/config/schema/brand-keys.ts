import { z } from "zod";
import type { Brand } from "../../core/model/brand.ts";
import { LOCALES } from "../../core/words/locale.ts";
import { defaulted } from "./schema.ts";

const BUILT_IN = { language: "en" } as const;

const language = z.enum(LOCALES).meta({
  description:
    "Language of the words that the report does not bring itself, and of the dates and numbers in them: en, de, fr, es or ja. What comes from Looker or the report's author stays as it is; notices of on_failure are in English.",
});

function brandKeys(isReport: boolean) {
  const preset = (name: string, builtIn: string) => (isReport ? `brand.${name}, ${builtIn}` : builtIn);
  return {
    language: defaulted(language, preset("language", BUILT_IN.language)).optional(),
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
        : "Whose messages recipients see: the language of their fixed words.",
      examples: [{ language: "de" }],
    })
    .optional();
}

/** A report's own brand over that of the file. */
export function brandOf(own: BrandText = {}, ofFile: BrandText = {}): Brand {
  const language = own.language ?? ofFile.language;
  return { ...(language !== undefined && { language }) };
}
