/** The id of a Look, or the address of its page. */
export type LookOptions = string | number;

export const LOOK_URL = /^(?:https?:\/\/)?[^\s/]+(?:\/[^\s?#]*)?\/looks\/(\d+)(?:[/?#].*)?$/is;

/** Its id alone, whichever way it is written. */
export function lookId(options: LookOptions): string {
  const text = String(options).trim();
  return LOOK_URL.exec(text)?.[1] ?? text;
}
