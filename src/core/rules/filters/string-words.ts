import { atCommas, either } from "./parts.ts";

/** What one item asks of a text. */
interface Item {
  readonly isNegative: boolean;
  readonly how: "is" | "contains" | "starts" | "ends" | "matches";
  readonly text: string;
}

const POSITIVE = {
  is: "is",
  contains: "contains",
  starts: "starts with",
  ends: "ends with",
  matches: "matches",
};
const NEGATIVE = {
  is: "is not",
  contains: "doesn’t contain",
  starts: "doesn’t start with",
  ends: "doesn’t end with",
  matches: "doesn’t match",
};

/** "is complete, not cancelled"; null for what is not a list of texts and patterns. */
export function stringWords(expression: string): string | null {
  const items = atCommas(expression).map(itemOf);
  // "%" within a list, "%%": any text, which no word here says.
  if (items.length === 0 || items.some(({ text }) => text === "")) return null;
  const wanted = items.filter(({ isNegative }) => !isNegative);
  const unwanted = items.filter(({ isNegative }) => isNegative);
  const yes = byKind(wanted, POSITIVE).join(" or ");
  if (wanted.length === 0) return byKind(unwanted, NEGATIVE).join(" and ");
  // After "is complete", "not cancelled" says it.
  const isPlain = wanted.every(({ how }) => how === "is") && unwanted.every(({ how }) => how === "is");
  const no = isPlain
    ? byKind(unwanted, { ...NEGATIVE, is: "not" })
    : byKind(unwanted, NEGATIVE).map((words) => `and ${words}`);
  return [yes, ...no].join(isPlain ? ", " : " ");
}

function byKind(items: readonly Item[], words: Readonly<Record<Item["how"], string>>): string[] {
  return [...Map.groupBy(items, ({ how }) => how)].map(
    ([how, own]) => `${words[how]} ${either(own.map(({ text }) => text))}`,
  );
}

function itemOf(written: string): Item {
  const isNegative = written.startsWith("-") && written.length > 1;
  const text = isNegative ? written.slice(1).trim() : written;
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  const how = (kind: Item["how"], value: string): Item => ({ isNegative, how: kind, text: value });
  if (text === "NULL") return how("is", "null");
  if (text === "EMPTY") return how("is", "blank");
  const inside = quoted ?? text;
  const open = inside.startsWith("%");
  const end = /(?:^|[^^])(?:\^\^)*%$/.test(inside) && inside.length > 1;
  const core = inside.slice(open ? 1 : 0, end ? -1 : undefined);
  if (/(?:^|[^^])(?:\^\^)*[%_]/.test(core)) return how("matches", inside);
  const plain = unescaped(core);
  if (open && end) return how("contains", plain);
  if (end) return how("starts", plain);
  return how(open ? "ends" : "is", plain);
}

/** `^` keeps the next character from meaning anything; a comma may follow a backslash. */
function unescaped(text: string): string {
  return text.replace(/\^(.)/gs, "$1").replaceAll("\\,", ",");
}
