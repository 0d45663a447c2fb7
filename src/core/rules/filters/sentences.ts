import type { AppliedFilter, AppliedFilters } from "../../model/applied-filters.ts";
import type { Phrases } from "../../words/phrases.ts";
import { dateFilterWords } from "./date-words.ts";
import { numberFilterWords } from "./number-words.ts";
import { textFilterWords } from "./string-words.ts";

/**
 * The filters as sentences, in the words that Looker's own pages use: "Created Date is in the last 12 weeks", "Status is complete, not
 * cancelled" (https://cloud.google.com/looker/docs/filter-expressions). What cannot be read for certain is said as it is written. Filters that let
 * any value through are left out.
 */
export function filterSentences({ fields, expression }: AppliedFilters, phrases: Phrases): readonly string[] {
  const { filters } = phrases;
  const each = fields.flatMap((filter) => {
    const words = filterWords(filter, phrases);
    return words === null ? [] : [filters.sentence(filter.label, words)];
  });
  const custom = expression?.trim() ?? "";
  return custom === "" ? each : [...each, filters.custom(custom)];
}

/** "is in the last 12 weeks"; null where any value passes. */
function filterWords({ expression, type }: AppliedFilter, phrases: Phrases): string | null {
  const { filters } = phrases;
  const text = expression.trim();
  if (text === "" || text === "%" || /^any (?:value|time)$/i.test(text)) return null;
  const attribute = /^\{\{\s*_user_attributes\[\s*['"]([^'"]+)['"]\s*\]\s*\}\}$/.exec(text)?.[1];
  if (attribute !== undefined) return filters.userAttribute(attribute);
  return readerOf(type)(text, phrases) ?? filters.written(text);
}

type Reader = (expression: string, phrases: Phrases) => string | null;

function readerOf(type: string | null): Reader {
  if (type === null) return guessed;
  // A place is written with commas of its own: "10 miles from 36.97, -122.03".
  if (type.startsWith("location")) return () => null;
  if (type.startsWith("date") || type.startsWith("duration_date") || type === "time") return dateFilterWords;
  return isNumber(type) ? numberFilterWords : textFilterWords;
}

/**
 * Of a field that nothing is known of, only what reads the same either way: "-5" is a number below zero, or any text but "5"; "2026" is a
 * year, or a number.
 */
function guessed(text: string, phrases: Phrases): string | null {
  if (/(?:^|,)\s*-\s*[\d.]/.test(text)) return null;
  const date = /^\d+$/.test(text) ? null : dateFilterWords(text, phrases);
  return date ?? numberFilterWords(text, phrases) ?? textFilterWords(text, phrases);
}

/** https://cloud.google.com/looker/docs/reference/param-dimension-filter-parameter-types */
const NUMBERS =
  /^(?:number|int|tier|bin|zipcode_number|duration|count|sum|average|median|max|min|percent|running_total|percentile|list_number)/;

function isNumber(type: string): boolean {
  return NUMBERS.test(type);
}
