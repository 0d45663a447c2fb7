import type { TextGroup, TextMatch } from "../../words/filters.ts";
import type { Phrases } from "../../words/phrases.ts";
import { atCommas } from "./parts.ts";

/** What one item asks of a text. */
interface Item {
  readonly isNegative: boolean;
  readonly how: TextMatch;
  readonly text: string;
}

/** "is complete, not cancelled"; null for what is not a list of texts and patterns. */
export function textFilterWords(expression: string, { filters }: Phrases): string | null {
  const items = atCommas(expression).map((written) => itemOf(written, filters));
  // "%" within a list, "%%": any text, which no word here says.
  if (items.length === 0 || items.some(({ text }) => text === "")) return null;
  const wanted = items.filter(({ isNegative }) => !isNegative);
  const unwanted = items.filter(({ isNegative }) => isNegative);
  return filters.text(byKind(wanted), byKind(unwanted));
}

function byKind(items: readonly Item[]): TextGroup[] {
  return [...Map.groupBy(items, ({ how }) => how)].map(([how, own]) => [how, own.map(({ text }) => text)]);
}

function itemOf(written: string, { nullValue, blank }: Phrases["filters"]): Item {
  const isNegative = written.startsWith("-") && written.length > 1;
  const text = isNegative ? written.slice(1).trim() : written;
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  const how = (kind: Item["how"], value: string): Item => ({ isNegative, how: kind, text: value });
  if (text === "NULL") return how("is", nullValue);
  if (text === "EMPTY") return how("is", blank);
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
