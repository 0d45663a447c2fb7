import type { Warehouse } from "../../warehouse/contract.ts";
import { type Call, flag, param, wholeNumber } from "../http/call.ts";
import { notFound } from "../http/errors.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/router.ts";

const suggestionsMax = 100;

export function modelRoutes(warehouse: Warehouse): Route[] {
  return [
    {
      operation: "all_lookml_models",
      method: "GET",
      path: "/lookml_models",
      answer: (call) => allModels(call, warehouse),
    },
    {
      operation: "lookml_model",
      method: "GET",
      path: "/lookml_models/{lookml_model_name}",
      answer: (call) => {
        const model = warehouse.models().find(({ name }) => name === param(call, "lookml_model_name"));
        if (model === undefined) throw notFound();
        return json(model);
      },
    },
    {
      operation: "lookml_model_explore",
      method: "GET",
      path: "/lookml_models/{lookml_model_name}/explores/{explore_name}",
      answer: (call) => {
        const explore = warehouse.explore(param(call, "lookml_model_name"), param(call, "explore_name"));
        if (explore === null) throw notFound();
        return json(explore);
      },
    },
    {
      operation: "model_fieldname_suggestions",
      method: "GET",
      path: "/models/{model_name}/views/{view_name}/fields/{field_name}/suggestions",
      answer: (call) => suggestions(call, warehouse),
    },
  ];
}

function allModels(call: Call, warehouse: Warehouse) {
  const offset = wholeNumber(call, "offset", 0) ?? 0;
  const limit = wholeNumber(call, "limit", 0) ?? Infinity;
  const noneEmpty = flag(call, "exclude_empty") ?? false;
  const models = warehouse.models().filter(({ explores }) => !noneEmpty || explores.length > 0);
  return json(models.slice(offset, offset + limit));
}

function suggestions(call: Call, warehouse: Warehouse) {
  const [model, view, field] = [
    param(call, "model_name"),
    param(call, "view_name"),
    param(call, "field_name"),
  ];
  const explore = warehouse.explore(model, view);
  if (explore === null || !explore.fields.dimensions.some(({ name }) => name === field)) throw notFound();
  const found = warehouse.suggestions(model, view, field, call.query.get("term") ?? undefined);
  return json({
    suggestions: found,
    error: null,
    from_cache: false,
    hit_limit: found.length >= suggestionsMax,
    used_calcite_materialization: false,
  });
}
