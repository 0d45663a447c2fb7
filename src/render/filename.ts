import { withoutEnd } from "../core/rules/trimmed.ts";

const BYTES_MAX = 150;
/** What is read of a name: more than is kept, since some of it may be left out. */
const STEM_CHARS_MAX = 2_000;

// Names that Windows keeps for devices, whatever their extension (Microsoft, "Naming Files, Paths, and Namespaces").
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

// C0 and C1 controls, and the marks that turn text around: they let "report‮fdp.exe" pass for a PDF.
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A file name for recipients that is safe on every file system and in a mail header: no path, no control characters, no
 * leading dots, no name Windows reserves, at most 150 bytes of UTF-8. Letters of any script are kept. With `extension`
 * ("csv") the name ends in it, once.
 */
export function filename(stem: string, extension = ""): string {
  const ending = extension === "" ? "" : `.${extension}`;
  const bare = ending !== "" && stem.toLowerCase().endsWith(ending) ? stem.slice(0, -ending.length) : stem;
  const tame = tidy(bare.slice(0, STEM_CHARS_MAX));
  const name = withoutEnd(clipBytes(tame, BYTES_MAX - Buffer.byteLength(ending)), ". ");
  if (name === "") return `report${ending}`;
  return RESERVED.test(name) ? `_${name}${ending}` : `${name}${ending}`;
}

function tidy(stem: string): string {
  const plain = stem
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\t\r\n]+/g, " ")
    .replace(UNSEEN, "")
    .replace(/[/\\:*?"<>|]+/g, "-")
    .replace(/\s+/g, " ")
    .replace(/^[. -]+/, "");
  return withoutEnd(plain, ". ");
}

/** The longest start of `text` within `bytesMax` bytes of UTF-8 that splits no character. */
function clipBytes(text: string, bytesMax: number): string {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  let kept = "";
  let size = 0;
  for (const { segment } of new Intl.Segmenter("en").segment(text)) {
    size += Buffer.byteLength(segment);
    if (size > bytesMax) break;
    kept += segment;
  }
  return kept;
}

/** The name, numbered if `taken` has it already in any case ("delays-2.csv"), and added to `taken`. */
export function distinctFilename(name: string, taken: Set<string>): string {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot <= 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot)];
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${stem}-${number}${ending}`;
  taken.add(free.toLowerCase());
  return free;
}
