/** Why a compiled Vega spec is not drawn: it would load something. Null where it would not. */
export function fileRefusal(compiled: unknown): string | null {
  if (Array.isArray(compiled)) {
    for (const item of compiled) {
      const refusal = fileRefusal(item);
      if (refusal !== null) return refusal;
    }
    return null;
  }
  if (typeof compiled !== "object" || compiled === null) return null;
  if ("url" in compiled && !("values" in compiled)) return "it names a URL, and nothing is fetched";
  if ("type" in compiled && compiled.type === "image") return "it has an image mark, and nothing is fetched";
  return fileRefusal(Object.entries(compiled).flatMap(([key, value]) => (key === "values" ? [] : [value])));
}
