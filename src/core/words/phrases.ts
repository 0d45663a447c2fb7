import { GERMAN } from "./de/index.ts";
import type { ChartPhrases } from "./en/charts.ts";
import type { DatePhrases } from "./en/dates.ts";
import type { FigurePhrases } from "./en/figures.ts";
import type { FilePhrases } from "./en/files.ts";
import type { FilterPhrases } from "./en/filters.ts";
import type { FramePhrases } from "./en/frame.ts";
import { ENGLISH } from "./en/index.ts";
import type { PagePhrases } from "./en/pages.ts";
import type { TablePhrases } from "./en/tables.ts";
import type { TroublePhrases } from "./en/troubles.ts";
import { SPANISH } from "./es/index.ts";
import { FRENCH } from "./fr/index.ts";
import { JAPANESE } from "./ja/index.ts";
import type { Locale } from "./locale.ts";
import type { NumberPhrases } from "./numbers.ts";

/**
 * All fixed words that recipients read, in one language: whole sentences as functions of their parts, so that each language has its own
 * order. A language is a folder of files, one for each subject; the English ones say what there is, and the others are of their types.
 */
export interface Phrases {
  readonly locale: Locale;
  readonly numbers: NumberPhrases;
  readonly dates: DatePhrases;
  readonly figures: FigurePhrases;
  readonly tables: TablePhrases;
  readonly filters: FilterPhrases;
  readonly frame: FramePhrases;
  readonly files: FilePhrases;
  readonly charts: ChartPhrases;
  readonly pages: PagePhrases;
  readonly troubles: TroublePhrases;
}

const ALL: Readonly<Record<Locale, Phrases>> = {
  en: ENGLISH,
  de: GERMAN,
  fr: FRENCH,
  es: SPANISH,
  ja: JAPANESE,
};

/** English where no language is named. */
export function phrasesIn(locale: Locale | undefined): Phrases {
  return ALL[locale ?? "en"];
}
