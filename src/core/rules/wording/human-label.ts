import type { Column } from "../../model/table.ts";

/** What a figure is called, and what its field's name says its unit is. */
export interface HumanLabel {
  readonly label: string;
  readonly unit: string | null;
}

/** Short forms that modellers write in names. */
const WHOLE_WORDS: Readonly<Record<string, string>> = {
  avg: "average",
  num: "number of",
  pct: "percent of",
  amt: "amount",
  qty: "quantity",
  yoy: "year on year",
};

/** What is measured in such units. After any other word the unit may be part of what is counted: "users last 30 days", "price per kg". */
const MEASURED: ReadonlySet<string> = new Set([
  "age",
  "delay",
  "delays",
  "distance",
  "downtime",
  "duration",
  "latency",
  "length",
  "mileage",
  "time",
  "uptime",
  "wait",
  "weight",
]);

/** The unit that ends a name: the value is followed by it. */
const UNITS: Readonly<Record<string, string>> = {
  minutes: "min",
  mins: "min",
  seconds: "s",
  secs: "s",
  hours: "h",
  days: "days",
  km: "km",
  miles: "miles",
  kg: "kg",
};

/**
 * A field's label for people. One that the model's author wrote is kept; one that Looker has made of the field's name is made a phrase:
 * "Avg Delay Minutes" is "Average delay", in min, and the "Count" of flights is "Flights".
 */
export function humanLabel({ name, label }: Pick<Column, "name" | "label">): HumanLabel {
  const [view = "", field = ""] = name.includes(".") ? name.split(".") : ["", name];
  const words = wordsOf(field);
  const written = wordsOf(label).join(" ");
  // Looker puts the view's name before a label that repeats.
  if (![words, [...wordsOf(view), ...words]].some((made) => made.join(" ") === written))
    return { label, unit: null };
  if (words.join(" ") === "count" && view !== "") return { label: counted(wordsOf(view)), unit: null };
  const unit = MEASURED.has(words.at(-2) ?? "") ? (UNITS[words.at(-1) ?? ""] ?? null) : null;
  const told = unit === null ? words : words.slice(0, -1);
  return { label: phrase(told.map((word) => WHOLE_WORDS[word] ?? word)), unit };
}

/** "flights" counts flights; of a singular it is not known what the plural is. */
function counted(view: readonly string[]): string {
  return phrase(view.at(-1)?.endsWith("s") === true ? view : [...view, "count"]);
}

function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

function phrase(words: readonly string[]): string {
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
