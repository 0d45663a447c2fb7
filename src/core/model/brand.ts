import type { Hex } from "../rules/brand/colour.ts";
import type { Locale } from "../words/locale.ts";

/** Whose messages they are. What is absent is lookpost's own. */
export interface Brand {
  /** Of the words that are not the report's own, and of the dates and numbers in them. Absent: English. */
  readonly language?: Locale;
  /** Above the title: "Acme Analytics". */
  readonly name?: string;
  /** Of the rule above the title, the button, links, and the first series of charts. Its contrast with white is at least 4.5. */
  readonly accent?: Hex;
  /** Paths of pictures as they are written in reports.yaml; `dark` for dark screens. */
  readonly logo?: { readonly light: string; readonly dark?: string };
  /** Plain text at the foot of each message. */
  readonly footer?: string;
}

/** What one message shows of a brand. */
export interface MessageBrand {
  readonly name?: string;
  readonly accent?: Hex;
  readonly footer?: string;
  /** Names of pictures of the message. */
  readonly logo?: { readonly light: string; readonly dark?: string };
}
