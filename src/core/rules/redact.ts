const HIDDEN = "[hidden]";

/** `text` without any of the secrets, in plain, URL-encoded or base64 form, with or without blanks around them. Secrets shorter than four characters are left: hiding them would eat words. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const value of secrets.flatMap((secret) => [secret, secret.trim()])) {
    if (value.length < 4) continue;
    for (const form of new Set([value, encodeURIComponent(value), base64(value)])) {
      clean = clean.replaceAll(form, HIDDEN);
    }
  }
  return clean;
}

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
