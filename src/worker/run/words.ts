/** The Looker's name among the circuits. */
export const LOOKER = "looker";

/** Why something waits though it was not tried. */
export function heldWords(name: string, reason: string): string {
  const who = name.charAt(0).toUpperCase() + name.slice(1);
  return `${who} is out, and is left alone for a while: ${reason}`;
}

/** A server's own words often lack their full stop. */
export function asSentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}
