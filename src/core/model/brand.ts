import type { Locale } from "../words/locale.ts";

/** Whose messages they are. What is absent is lookpost's own. */
export interface Brand {
  /** Of the words that are not the report's own, and of the dates and numbers in them. Absent: English. */
  readonly language?: Locale;
}
