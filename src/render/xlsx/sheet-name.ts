const CHARS_MAX = 31;

/** Names of sheets as Excel takes them: 31 characters, none of []:*?/\, no ' at either end, not History, each once whatever its case. */
export function sheetNames(): (title: string) => string {
  const taken = new Set<string>(["history"]);
  return (title) => {
    const wanted = tidy(title) || "Sheet";
    let name = clipped(wanted, "");
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = clipped(wanted, ` (${number})`);
    taken.add(name.toLowerCase());
    return name;
  };
}

function tidy(title: string): string {
  return title
    .toWellFormed()
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, " ")
    .replace(/[[\]:*?/\\]+/g, "-")
    .replace(/\s+/g, " ")
    .replace(/^[' ]+|[' ]+$/g, "");
}

function clipped(name: string, suffix: string): string {
  const room = CHARS_MAX - suffix.length;
  let kept = "";
  for (const { segment } of new Intl.Segmenter("en").segment(name)) {
    if (kept.length + segment.length > room) break;
    kept += segment;
  }
  // One letter under a hundred marks fills the room by itself.
  return `${kept.replace(/[' ]+$/, "") || "Sheet"}${suffix}`;
}
