/**
 * `text` without what it ends in of the given characters. A regular expression for it, /[. ]+$/, starts at each of them and looks ahead
 * to the end of them: on a text that is full of them it takes a time that grows with the square of its length.
 */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
