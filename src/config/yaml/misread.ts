import { type Alias, isMap, type Node, type Scalar } from "yaml";
import type { Path } from "../../core/model/problem.ts";

/** `slack: #flight-ops`. A blank behind the # makes it a comment that was meant as one. */
const COMMENT_FOR_VALUE = /^[ \t]*(#[^\s#]\S*)/;

/** What YAML takes for something else than its author meant: what is wrong, and what to write. Null: nothing is. */
export function misreadOf(
  node: Scalar,
  path: Path,
  text: string,
): readonly [message: string, advice: string] | null {
  const written = node.source ?? "";
  if (typeof node.value === "number" && /^[-+]?0\d/.test(written) && !path.includes("filters")) {
    const number = String(node.value);
    return [
      `some YAML readers take ${written} for ${number}, others do not`,
      `Write ${number}, or "${written}" if the zero matters.`,
    ];
  }
  if (node.value !== null || written !== "") return null;
  const start = node.range?.[0] ?? 0;
  const comment = COMMENT_FOR_VALUE.exec(text.slice(start, start + 200))?.[1];
  if (comment === undefined) return null;
  return ["a # without quotes starts a comment: the value is empty", `Write "${comment}", in quotes.`];
}

const TEMPLATE_CHARACTERS_MAX = 200;

/** `title: {{ run.date }}`, which YAML takes for a mapping within a mapping: as it has to be written. Null: it is none. */
export function unquotedTemplate(node: Node, text: string): string | null {
  const [start, end] = node.range ?? [0, 0];
  if (!isMap(node) || node.flow !== true || !text.startsWith("{{", start)) return null;
  const written = text.slice(start, Math.min(end, start + TEMPLATE_CHARACTERS_MAX));
  return written.includes('"') ? `'${written}'` : `"${written}"`;
}

/** Whether what an alias stands for is named further down. */
export function isAnchoredBelow({ source, range }: Alias, text: string): boolean {
  const found = text.indexOf(`&${source}`, range?.[1] ?? 0);
  return found >= 0 && !/[\w-]/.test(text[found + source.length + 1] ?? "");
}
