import { type Path, type Problem, problemAt } from "../../core/model/problem.ts";
import { isMapping, valueAt } from "../problems/value.ts";

/** What the file lacks for links that open a signed session: where clicks arrive, and how such sessions are made. */
export function missingForEmbed(file: Readonly<Record<string, unknown>>): readonly string[] {
  const needed = [
    ["server", "url"],
    ["looker", "embed"],
  ];
  return needed.filter((path) => valueAt(file, path) === undefined).map((path) => path.join("."));
}

/** `link: embed` in a report or in `defaults`. */
export function linkProblems(holder: unknown, path: Path, missing: readonly string[]): Problem[] {
  if (!isMapping(holder) || holder.link !== "embed" || missing.length === 0) return [];
  const written = missing.map((name) => WRITTEN[name] ?? name);
  return [
    problemAt(
      [...path, "link"],
      `link: embed needs ${missing.join(" and ")}`,
      `Write ${written.join(", and ")}: each click is answered with a session of its own.`,
    ),
  ];
}

const WRITTEN: Readonly<Record<string, string>> = {
  "server.url": "server: {port: 8080, url: https://…}",
  "looker.embed": "embed: {models: […], permissions: […]} below looker",
};
