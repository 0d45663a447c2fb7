import type { Scalar } from "yaml";
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
