import { RESULT_FORMATS, type ResultFormat } from "../../warehouse/contract.ts";
import { type Call, flag, wholeNumber } from "../http/call.ts";
import { type FieldProblem, missingField, validationFailed } from "../http/errors.ts";
import type { NewQuery } from "./body.ts";
import type { StoredQuery } from "./store.ts";
import type { RunRequest } from "./task/task.ts";

export interface RunOrigin {
  query: StoredQuery;
  format: ResultFormat;
  source?: string | null;
  lookId?: string | null;
  dashboardId?: string | null;
}

/** The query parameters that every way of running a query takes. */
export function runRequest(call: Call, origin: RunOrigin): RunRequest {
  return {
    query: origin.query,
    format: origin.format,
    drawnAs: null,
    limit: wholeNumber(call, "limit", -1),
    applyFormatting: flag(call, "apply_formatting") ?? false,
    generateDrillLinks: flag(call, "generate_drill_links") ?? false,
    cache: flag(call, "cache") ?? true,
    cacheOnly: flag(call, "cache_only") ?? false,
    forceProduction: flag(call, "force_production") ?? false,
    rebuildPdts: flag(call, "rebuild_pdts") ?? false,
    serverTableCalcs: flag(call, "server_table_calcs") ?? false,
    pathPrefix: call.query.get("path_prefix"),
    source: origin.source ?? "api4",
    lookId: origin.lookId ?? null,
    dashboardId: origin.dashboardId ?? null,
  };
}

/** Of a result that is drawn. */
const drawnRows = 5000;

/** The limit for a query whose result is drawn, where its own is higher or none. */
export function drawnRowsMax({ limit }: NewQuery): { limit?: number } {
  const own = Number(limit || "500");
  return own >= 0 && own <= drawnRows ? {} : { limit: drawnRows };
}

/** As a render task runs the query of what it draws. */
export function plainRun(query: StoredQuery, drawnAs: "png" | "jpg" | "pdf"): RunRequest {
  return {
    query,
    format: "json_detail",
    drawnAs,
    limit: drawnRowsMax(query.body).limit,
    applyFormatting: true,
    generateDrillLinks: false,
    cache: true,
    cacheOnly: false,
    forceProduction: false,
    rebuildPdts: false,
    serverTableCalcs: false,
    pathPrefix: null,
    source: "renderer",
    lookId: null,
    dashboardId: null,
  };
}

/** @throws ApiError 422 for a format that Looker does not know or the sandbox does not make. */
export function readFormat(text: string): ResultFormat {
  const format = RESULT_FORMATS.find((known) => known === text);
  if (format === undefined) throw validationFailed(formatProblem(text));
  return format;
}

export function formatProblem(text: string): FieldProblem {
  if (text === "") return missingField("result_format");
  const message = lookerAlone.includes(text)
    ? `'${text}' is a format of Looker that the sandbox does not make`
    : `'${text}' is not a valid result format`;
  return { field: "result_format", code: "invalid", message };
}

const lookerAlone = ["json_fe", "xlsx", "gsxml", "odc", "png", "jpg"];
