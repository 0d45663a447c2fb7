import { z } from "zod";
import { defaulted, type Meta } from "./schema.ts";

const CHARS_MAX = 60;

const fieldName = z.string().regex(/^[^\s,{}]+$/);
const text = z.string().trim().min(1).max(CHARS_MAX);
const side = z.enum(["up", "down"]);

const LABELS = {
  description:
    "What fields are called in the message, by their names, in place of the model's labels. Files keep Looker's own headings.",
  examples: [{ "flights.average_delay": "Average delay" }],
};

const UNIT = {
  description:
    "What follows the value of a kpi, and is in the heading of a table's column: min, flights. One for the section, or one for each field.",
  wants: "a word, or a mapping of fields to words",
  examples: ["min"],
};

const NOUN = {
  description:
    "What the rows are, in the plural, for “8 of 46 airports”: one word for the section, or one for each field that a table may begin with.",
  wants: "a word, or a mapping of fields to words",
  examples: ["airports"],
};

const BETTER = {
  description:
    "Which way is good, up or down: changes of a kpi are then said to be better or worse, and the sentence at the top names the worst or best row of a sorted table. One for the section, or one for each field. Without it nothing is judged.",
  wants: "up or down, or a mapping of fields to them",
  examples: ["down"],
};

/** What the message calls things. `defaults` has it for all reports, by field alone: what holds for all is not of one section. */
export function wordingKeys(isSection: boolean) {
  const labels = defaulted(z.record(fieldName, text).meta(LABELS), otherwise("labels", isSection));
  const byField = <T extends z.ZodType>(one: T, meta: Meta) => {
    const all = z.record(fieldName, one);
    return (isSection ? z.union([one, all]) : all).meta({ ...meta });
  };
  const named = <T extends z.ZodType>(name: keyof typeof BUILT_IN, one: T, meta: Meta) =>
    defaulted(byField(one, meta), otherwise(name, isSection)).optional();
  return {
    labels: labels.optional(),
    unit: named("unit", text, UNIT),
    noun: named("noun", text, NOUN),
    better: named("better", side, BETTER),
  };
}

const BUILT_IN = {
  labels: "the model's labels",
  unit: "none",
  noun: "rows",
  better: "neither",
} as const;

function otherwise(name: keyof typeof BUILT_IN, isSection: boolean): string {
  return isSection ? `defaults.${name}, ${BUILT_IN[name]}` : BUILT_IN[name];
}
