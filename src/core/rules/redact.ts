const HIDDEN = "[hidden]";
/** Hiding shorter ones would eat words: of one letter, every one of its kind. */
export const SECRET_CHARS_MIN = 4;
/** Of shorter ones the inner part of their base64 is too short to be told from a word. */
const INNER_CHARS_MIN = 8;

/**
 * `text` without any of the secrets, whatever it was written in: plain, URL-encoded, JSON, HTML, base64, base64url, and within the base64
 * of something longer (user:password of an HTTP login, AUTH PLAIN of a mail server). Has to see a text before it is cut: of half a
 * secret nothing tells that it is one. Secrets shorter than four characters are left. One with blanks or line ends in it is found in whatever
 * way they were written since (wrapped, made one line), up to where `excerptOf` has cut it, and line by line.
 */
export function redact(text: string, secrets: readonly string[]): string {
  // One with a line break behind it, as a file or a variable may have it, is used without.
  const used = [...new Set(secrets.flatMap((secret) => [secret, secret.trim(), ...linesOf(secret)]))];
  const forms = new Set(used.filter((secret) => secret.length >= SECRET_CHARS_MIN).flatMap(formsOf));
  let clean = text;
  // The longest first: a secret that is part of another would leave the rest of it.
  for (const form of [...forms].sort((a, b) => b.length - a.length)) {
    clean = clean.replaceAll(form, HIDDEN);
    if (/\S\s+\S/.test(form)) clean = clean.replace(spacedOf(form.trim()), HIDDEN);
  }
  return clean;
}

/** Of a key of several lines each may be shown by itself. */
function linesOf(secret: string): readonly string[] {
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  return lines.length < 2 ? [] : lines.filter((line) => line.length >= INNER_CHARS_MIN);
}

const spaced = new Map<string, RegExp>();

/** The form with any white space between its words; and its beginning, where the text was cut between two of them. */
function spacedOf(form: string): RegExp {
  const before = spaced.get(form);
  if (before !== undefined) return before;
  if (spaced.size >= KNOWN_MAX) spaced.clear();
  const words = form.split(/\s+/);
  const joined = (some: readonly string[]) =>
    some.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  const cut = words
    .map((_, count) => words.slice(0, count))
    .filter((some) => some.join(" ").length >= INNER_CHARS_MIN)
    .map((some) => `${joined(some)}(?=…)`);
  const pattern = new RegExp([joined(words), ...cut.reverse()].join("|"), "g");
  spaced.set(form, pattern);
  return pattern;
}

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/** Nothing that stands for a secret is longer than this, but for what is in a file of its own. */
const FORM_CHARS_MAX = 4_096;

/**
 * The beginning of a text from outside, at most `charsMax` characters that may be cut further: redacted as a whole ahead of the cut, and
 * without the last piece of what was looked at, in which half a secret may be. A text of megabytes is not looked through.
 */
export function redactedBeginning(text: string, charsMax: number, clean: Redact): string {
  if (text.length <= charsMax + FORM_CHARS_MAX)
    return clean(text).slice(0, Math.max(charsMax, 0) + FORM_CHARS_MAX);
  return clean(text.slice(0, charsMax + FORM_CHARS_MAX)).slice(0, -FORM_CHARS_MAX);
}

/**
 * A text of ours or from outside in at most `charsMax` characters, "…" included, cut between words: half a word may be half a secret, and
 * nothing would tell that it is one. For where the secrets are not known; they are taken out of what is left later.
 */
export function excerptOf(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const head = text.slice(0, charsMax - 1);
  // The word behind the cut begins where it does only if there is a blank on either side of it.
  const end = /\s/.test(text.charAt(charsMax - 1)) ? head.length : head.search(/\s\S*$/);
  return `${head.slice(0, Math.max(end, 0)).trimEnd()}…`;
}

/** Every text is redacted with the same secrets again and again. */
const known = new Map<string, readonly string[]>();
const KNOWN_MAX = 1_000;

function formsOf(secret: string): readonly string[] {
  const before = known.get(secret);
  if (before !== undefined) return before;
  if (known.size >= KNOWN_MAX) known.clear();
  const bytes = new TextEncoder().encode(secret);
  const inner = secret.length >= INNER_CHARS_MIN ? [0, 1, 2].map((offset) => innerBase64(bytes, offset)) : [];
  const encoded = [base64(bytes), ...inner];
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret.toWellFormed());
  // RFC 3986 reserves these too, and some encoders write small letters.
  const strict = percent.replace(/[!'()*]/g, (character) => `%${hex(character, 2)}`);
  const ascii = json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${hex(unit, 4).toLowerCase()}`);
  const forms = [
    secret,
    ...[percent, strict].flatMap((each) => [each, each.replaceAll("%20", "+")]),
    ...[percent, strict].map((each) => each.replace(/%[\dA-F]{2}/g, (octet) => octet.toLowerCase())),
    json,
    json.replaceAll("/", "\\/"),
    ascii,
    ascii.replaceAll("/", "\\/"),
    ...["&#39;", "&#x27;", "&apos;", "'"].map((apostrophe) => html(secret, apostrophe)),
    html(secret, "&#x27;").replaceAll("/", "&#x2F;"),
    html(secret, "&#39;").replaceAll("&quot;", "&#34;").replaceAll("+", "&#43;"),
    ...encoded,
    ...encoded.map((each) => each.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")),
  ];
  known.set(secret, forms);
  return forms;
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(digits, "0");
}

function html(text: string, apostrophe: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", apostrophe);
}

/** The letters that are the same whatever comes before and after: `offset` bytes of a group of three come before. */
function innerBase64(bytes: Uint8Array, offset: number): string {
  const padded = new Uint8Array(offset + bytes.length);
  padded.set(bytes, offset);
  return base64(padded).slice(Math.ceil((offset * 8) / 6), Math.floor((padded.length * 8) / 6));
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
