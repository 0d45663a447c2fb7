/** The languages that the fixed words of messages are written in, as BCP 47 has them. */
export const LOCALES = ["en", "de", "fr", "es", "ja"] as const;

export type Locale = (typeof LOCALES)[number];
