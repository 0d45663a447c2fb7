import { type Fault, fault, isMapping, type Path } from "./fault.ts";

/** `{{ … }}` and `{% … %}` would reach recipients as they stand: a filter with one finds nothing, a subject looks broken. */
export function templateFaults(value: unknown, path: Path): Fault[] {
  if (typeof value === "string") {
    return /\{\{|\{%/.test(value)
      ? [fault(path, "templates are not supported by this version", "Write the text itself, without {{ }}.")]
      : [];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => templateFaults(item, [...path, index]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    // Looker's own expressions, not ours.
    key === "dynamic_fields" ? [] : templateFaults(item, [...path, key]),
  );
}
