import type { Better, Named, Wording } from "../core/model/wording.ts";
import type { DefaultsText, SectionText } from "./schema/shape.ts";

/** What a section calls its fields: its own words, then those of `defaults`. */
export function wordingOf(section: SectionText, defaults: DefaultsText): Wording {
  return {
    labels: { ...defaults.labels, ...section.labels },
    unit: named(section.unit, defaults.unit),
    noun: named(section.noun, defaults.noun),
    better: named<Better>(section.better, defaults.better),
  };
}

type Written<T extends string> = T | Readonly<Record<string, T>> | undefined;

function named<T extends string>(own: Written<T>, ofFile: Written<T>): Named<T> {
  return {
    own: typeof own === "string" ? own : null,
    byField: { ...mapping(ofFile), ...mapping(own) },
  };
}

function mapping<T extends string>(written: Written<T>): Readonly<Record<string, T>> {
  return typeof written === "object" ? written : {};
}
