/** Cut at commas that are not within quotes or brackets, nor escaped. */
export function atCommas(text: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let isQuoted = false;
  let isInterval = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (letter === "^" || (letter === "\\" && text[at + 1] === ",")) {
      part += letter + (text[at + 1] ?? "");
      at += 1;
      continue;
    }
    if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[[(]/.test(letter) && /^\s*(?:not\s*)?$/i.test(part)) isInterval = true;
    else if (!isQuoted && /[\])]/.test(letter)) isInterval = false;
    if (letter === "," && !isQuoted && !isInterval) {
      parts.push(part.trim());
      part = "";
    } else part += letter;
  }
  return [...parts, part.trim()].filter((one) => one !== "");
}
