import { closeSync, openSync, readSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { distinct, type LocatedProblem } from "../config/problems/problem.ts";
import { later } from "../core/later.ts";
import { below, type Path, type Problem, problemAt } from "../core/model/problem.ts";
import type { Chosen, DeliverTo, Report } from "../core/model/report.ts";
import { inClear, isInClear } from "../looker/connection/base-url.ts";
import { namedBaseUrl } from "../looker/connection/connection.ts";
import { logoProblems } from "./brand-files.ts";
import type { AppConfig, Env } from "./config.ts";
import { destinationOf } from "./destinations.ts";
import { chartProgram } from "./programs.ts";

export interface Use extends Chosen {
  /** Where the report names the destination. */
  readonly path: Path;
}

/** Every destination a report has, those of `on_failure` included. */
export function usesOf({ name, deliver, onFailure }: Report): Use[] {
  const uses = (part: string, all: readonly DeliverTo[]) =>
    all.map(({ destination }, index) => ({
      ...destination,
      path: ["reports", name, part, index, destination.kind],
    }));
  return [...uses("deliver", deliver), ...uses("on_failure", onFailure)];
}

/**
 * What is wrong with values that are right by themselves: options that do not go with their connection, as their adapters know, links
 * that would be refused, and fonts and logos that are not there.
 */
export function connectionProblems(config: AppConfig, env: Env): LocatedProblem[] {
  const problems = config.reports.flatMap((report) =>
    usesOf(report).flatMap(({ kind, options, path }) => {
      const destination = destinationOf(kind);
      const connection = config.connections[kind] ?? null;
      if (connection === null && destination.needsConnection) return [];
      const found = destination.problems?.(options, connection) ?? [];
      return found.map((problem) => config.locate(below(path, problem)));
    }),
  );
  return distinct([
    ...fontProblems(config),
    ...logoProblems(config),
    ...lookerProblems(config, env),
    ...problems,
    ...linkProblems(config),
  ]);
}

/** An address that the environment names has no place in the file. */
function lookerProblems(config: AppConfig, env: Env): LocatedProblem[] {
  const { looker } = config.connections;
  const baseUrl = looker?.base_url === undefined ? namedBaseUrl(looker, env) : null;
  if (baseUrl === null || looker?.insecure === true || !isInClear(baseUrl)) return [];
  const { message, advice } = inClear();
  return [config.locate(problemAt([], `in the environment: ${message.replace(/\.$/, "")}`, advice))];
}

function linkProblems(config: AppConfig): LocatedProblem[] {
  return config.reports.flatMap((report) =>
    embedProblems(report, config.connections.looker).map((problem) =>
      config.locate(below(["reports", report.name], problem)),
    ),
  );
}

function fontProblems(config: AppConfig): LocatedProblem[] {
  return config.fonts.flatMap((path, index) => {
    const message = fontFault(resolve(dirname(config.file), path));
    if (message === null) return [];
    const advice = "Name a TTF or OTF file; a relative path begins at the folder of this file.";
    return [config.locate(problemAt(["fonts", index], `${path} ${message}`, advice))];
  });
}

/** The first four bytes of TrueType and OpenType fonts (OpenType 1.9, "Table Directory"). */
const FONT_SIGNATURES = ["00010000", "4f54544f", "74727565"];

function fontFault(path: string): string | null {
  try {
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(4);
      readSync(file, head, 0, 4, 0);
      return FONT_SIGNATURES.includes(head.toString("hex")) ? null : "is not a TTF or OTF font";
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOENT") return "does not exist";
    return code === "EISDIR" ? "is a folder" : `cannot be read: ${code}`;
  }
}

const charts = later(() => import("../draw/chart-renderer.ts"));

/** Specifications of charts that do not compile: told by the compiler itself, which takes a second to load, and so for `check` alone. */
export async function chartProblems(config: AppConfig): Promise<LocatedProblem[]> {
  const specs = config.reports.flatMap((report) =>
    report.sections.flatMap(({ show }, index) =>
      show.kind === "chart" && show.chart.kind === "vega_lite"
        ? [{ spec: show.chart.spec, path: ["reports", report.name, "sections", index, "vega_lite"] }]
        : [],
    ),
  );
  if (specs.length === 0) return [];
  const { specProblem } = await charts();
  const problems: LocatedProblem[] = [];
  for (const { spec, path } of specs) {
    const message = await specProblem(spec, chartProgram.start);
    const advice =
      "The rows are its data, and nothing is fetched: https://vega.github.io/vega-lite/docs/spec.html";
    if (message !== null) problems.push(config.locate(problemAt(path, message, advice)));
  }
  return problems;
}

/**
 * Contents that recipients of signed links would be refused (403): what a session may do is in `looker.embed`, unless groups of
 * Looker's say more. Paths begin at the report.
 */
function embedProblems({ link, sections }: Report, looker: AppConfig["connections"]["looker"]): Problem[] {
  const embed = looker?.embed;
  if (link !== "embed" || embed === undefined || embed.group_ids.length > 0) return [];
  return sections.flatMap(({ source }, section) => {
    const { permission, model, what } = needsOf(source);
    const refused = (missing: string, key: string) =>
      problemAt(
        ["sections", section, source.kind],
        `recipients of signed links may not open ${what}: looker.embed does not grant ${missing}`,
        `Add it to looker.embed.${key}, or write link: none.`,
      );
    return [
      ...(embed.permissions.includes(permission)
        ? []
        : [refused(`the permission ${permission}`, "permissions")]),
      ...(model === null || embed.models.includes(model) ? [] : [refused(`the model ${model}`, "models")]),
    ];
  });
}

/** Looker's own names of permissions (https://cloud.google.com/looker/docs/admin-panel-users-roles#permissions_list). */
function needsOf({ kind, options }: Chosen): { permission: string; model: string | null; what: string } {
  if (kind === "look") return { permission: "see_looks", model: null, what: "a Look" };
  if (kind === "query") return { permission: "explore", model: modelOf(options), what: "a query" };
  const isLookml = String(options).includes("::") || String(options).includes("%3A%3A");
  return isLookml
    ? { permission: "see_lookml_dashboards", model: null, what: "a LookML dashboard" }
    : { permission: "see_user_dashboards", model: null, what: "a dashboard" };
}

function modelOf(options: unknown): string | null {
  const isMapping = typeof options === "object" && options !== null && "model" in options;
  return isMapping ? String(options.model) : null;
}
